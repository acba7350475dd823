// What is typed is kept on the server every few seconds; while the line is gone, in this browser.
import { Busy, pairs, Refused, send, SignedOut, SomebodyElse, Unreachable } from "./form_server.js";

const PAUSE = 2500; // milliseconds after the last key
const LONGEST = 8000; // while somebody types without a pause
const AGAIN = [3000, 5000, 10000, 15000];
// Browsers let a page send this much while it is being closed.
const AT_THE_END = 60000;

export function startAutosave(form) {
  const state = document.getElementById("save-state");
  const where = `/desk/records/${form.dataset.kind}/autosave`;
  const drawer = `desk:${form.dataset.user}:${form.dataset.form}`;
  const time = new Intl.DateTimeFormat(document.documentElement.lang, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    numberingSystem: "latn",
  });
  let kept = JSON.stringify(pairs(form));
  let timer = 0;
  let since = 0;
  let tries = 0;
  let running = null;
  let stopped = false;

  function tell(word, mood) {
    const words = (form.dataset[word] || "").replace("{time}", time.format(new Date()));
    if (state.textContent !== words) state.textContent = words;
    state.dataset.mood = mood;
  }

  function keepHere(content) {
    try {
      localStorage.setItem(drawer, JSON.stringify({ at: Date.now(), base: form.dataset.base, fields: JSON.parse(content) }));
    } catch {
      // No room or not allowed: the words are still in the form.
    }
  }

  function forgetHere() {
    try {
      localStorage.removeItem(drawer);
    } catch {
      // Nothing was kept either.
    }
  }

  function plan(milliseconds) {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => flush(), milliseconds);
  }

  function failed(error, content) {
    keepHere(content);
    if (error instanceof SomebodyElse) {
      stopped = true;
      tell("otherPerson", "bad");
    } else if (error instanceof SignedOut) {
      tell("signedOut", "bad");
      plan(5000);
    } else if (error instanceof Refused) {
      tell(error.status === 413 ? "tooLarge" : "refused", "bad");
    } else {
      tell(error instanceof Busy ? "busy" : "offline", "bad");
      plan(AGAIN[Math.min(tries++, AGAIN.length - 1)]);
    }
  }

  // Returns null where all is on the server, else the error. `always` asks the server even where it has all already.
  async function flush(options = {}, always = false) {
    window.clearTimeout(timer);
    if (stopped) return null;
    if (running) await running;
    const content = JSON.stringify(pairs(form));
    if (content === kept && tries === 0 && !always) return null;
    since = 0;
    let problem = null;
    running = (async () => {
      try {
        await send(
          form,
          where,
          { form: form.dataset.form, base: Number(form.dataset.base), user: Number(form.dataset.user), fields: JSON.parse(content) },
          options,
        );
        kept = content;
        tries = 0;
        forgetHere();
        tell("kept", "good");
        if (JSON.stringify(pairs(form)) !== kept) plan(PAUSE);
      } catch (error) {
        problem = error;
        failed(error, content);
      }
    })();
    await running;
    running = null;
    return problem;
  }

  function changed(pause = PAUSE) {
    if (stopped) return;
    if (JSON.stringify(pairs(form)) === kept && tries === 0) return;
    if (!since) since = Date.now();
    if (tries === 0 && state.dataset.mood !== "bad") tell("waiting", "");
    if (state.dataset.mood === "bad") keepHere(JSON.stringify(pairs(form)));
    plan(Math.max(0, Math.min(pause, since + LONGEST - Date.now())));
  }

  form.addEventListener("input", () => changed());
  form.addEventListener("change", () => changed());
  form.addEventListener("focusout", () => changed(300));
  window.addEventListener("online", () => plan(0));

  // Leaving: the last words go along with the closing page; in this browser too, since nobody waits for the answer.
  function leaving() {
    const content = JSON.stringify(pairs(form));
    if (stopped || (content === kept && tries === 0)) return;
    keepHere(content);
    flush({ keepalive: content.length < AT_THE_END });
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") leaving();
  });
  window.addEventListener("pagehide", leaving);

  // Sending the form: only once its words are safe on the server. Where they cannot be, the page stays.
  let sending = false;
  let asking = false;
  form.addEventListener("submit", async (event) => {
    if (sending) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    const button = event.submitter;
    const problem = await flush({}, true);
    // Where there was nothing to keep, this event is still being handed round, and a browser ignores a submit within a submit.
    await new Promise((done) => window.setTimeout(done));
    asking = false;
    delete form.dataset.sent;
    if (problem) {
      if (problem instanceof Refused && problem.status !== 413) tell("refused", "bad");
      if (!(problem instanceof Refused)) {
        state.setAttribute("tabindex", "-1");
        state.focus();
        return;
      }
    }
    sending = true;
    stopped = true;
    window.clearTimeout(timer);
    form.requestSubmit(button);
    window.setTimeout(() => {
      sending = stopped = false;
    }, 8000);
  });

  offerWhatIsHere(form, drawer, where);
  return {
    changed,
    flush,
    stop() {
      stopped = true;
    },
    go() {
      stopped = false;
    },
    error: { SignedOut, Unreachable },
  };
}

// Words in this browser that never reached the server, from an earlier time with this form or with another new one.
function offerWhatIsHere(form, drawer, where) {
  const offer = document.getElementById("offer");
  const found = inBrowser(form, drawer);
  if (!found) return;
  const at = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "medium",
    timeStyle: "short",
    hourCycle: "h23",
    numberingSystem: "latn",
  });
  document.getElementById("offer-words").textContent = form.dataset.offer.replace("{at}", at.format(new Date(found.kept.at)));
  offer.hidden = false;
  document.getElementById("offer-take").addEventListener("click", async () => {
    const name = found.name.split(":").slice(2).join(":");
    try {
      await send(form, where, { form: name, base: Number(found.kept.base), user: Number(form.dataset.user), fields: found.kept.fields });
    } catch {
      return; // still no line: the offer stays
    }
    localStorage.removeItem(found.name);
    const to = form.dataset.record ? `${form.dataset.url}?typed=yes` : `${location.pathname}?form=${name.split(":").pop()}`;
    location.assign(to);
  });
  document.getElementById("offer-drop").addEventListener("click", () => {
    localStorage.removeItem(found.name);
    offer.hidden = true;
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
}

function inBrowser(form, drawer) {
  const now = JSON.stringify(pairs(form));
  const beginning = form.dataset.record ? drawer : `desk:${form.dataset.user}:new:${form.dataset.kind}:`;
  try {
    for (const name of Object.keys(localStorage)) {
      if (form.dataset.record ? name !== drawer : !name.startsWith(beginning)) continue;
      const kept = JSON.parse(localStorage.getItem(name));
      if (JSON.stringify(kept.fields) === now) localStorage.removeItem(name);
      else return { name, kept };
    }
  } catch {
    // A browser without such a drawer, or with something else in it.
  }
  return null;
}
