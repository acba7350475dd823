// Asking the server. The form token belongs to a session: who signs in again meanwhile gets another one.

export class Unreachable extends Error {} // no answer at all
export class Busy extends Error {} // the server, or what stands before it, has answered that it cannot take it now
export class SignedOut extends Error {}
export class SomebodyElse extends Error {}
export class Refused extends Error {
  constructor(status) {
    super(String(status));
    this.status = status;
  }
}

export function token(form) {
  return form.elements.namedItem("csrf");
}

async function once(url, options) {
  let answer;
  try {
    answer = await fetch(url, { credentials: "same-origin", redirect: "error", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable();
  }
  return answer;
}

function refusal(answer) {
  return answer.status >= 500 || answer.status === 429 ? new Busy() : new Refused(answer.status);
}

// What stands in the form, as [[name, value], …]; what only the desk needs is left out.
export function pairs(form) {
  const found = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrf" && name !== "_form" && name !== "_base" && name !== "_stay") found.push([name, value]);
  }
  return found;
}

// A new token for the same person. Another person's session is not for these words.
async function renew(form) {
  const answer = await once("/desk/records/token", { headers: { Accept: "application/json", "X-CSRF": token(form).value } });
  if (answer.status === 401) throw new SignedOut();
  if (!answer.ok) throw refusal(answer);
  const content = await answer.json();
  if (String(content.user) !== form.dataset.user) throw new SomebodyElse();
  for (const field of document.querySelectorAll("input[name=csrf]")) field.value = content.csrf;
}

export async function send(form, url, content, options = {}) {
  const request = () =>
    once(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF": token(form).value },
      body: JSON.stringify(content),
      ...options,
    });
  let answer = await request();
  if (answer.status === 401) throw new SignedOut();
  if (answer.status === 403) {
    await renew(form);
    answer = await request();
  }
  if (!answer.ok) throw refusal(answer);
  return answer.json();
}
