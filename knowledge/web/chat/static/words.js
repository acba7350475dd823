// The page's own words, and changing them to another language while the conversation stays.

const config = JSON.parse(document.getElementById("desk").textContent);

export const desk = { language: config.language, icons: config.icons, elsewhere: config.elsewhere, served: config.served };
let words = config.words;

export function say(key, fields = {}) {
  return (words[key] || key).replace(/\{(\w+)\}/g, (_, name) => fields[name] ?? "");
}

export const nativeName = (code) => config.languages[code]?.[0] ?? code;
export const direction = (code) => config.languages[code]?.[1] ?? "ltr";

// City pages and letters carry the Gregorian date in Latin digits; another calendar would not match them.
export function longDate(iso) {
  const day = new Date(`${iso}T12:00:00`);
  if (Number.isNaN(day.getTime())) return iso;
  try {
    return new Intl.DateTimeFormat(`${desk.language}-u-ca-gregory-nu-latn`, { dateStyle: "long" }).format(day);
  } catch {
    return iso;
  }
}

// Puts the page into `language`. Returns false, and changes nothing, where the words cannot be had now.
export async function changeWords(language) {
  if (language === desk.language) return true;
  let found;
  try {
    const response = await fetch(`/chat/words?lang=${encodeURIComponent(language)}`, { credentials: "same-origin" });
    if (!response.ok) return false;
    found = await response.json();
  } catch {
    return false;
  }
  words = found.words;
  desk.language = found.language;
  const root = document.documentElement;
  root.lang = found.language;
  root.dir = found.direction;
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = say(node.dataset.word);
  for (const node of document.querySelectorAll("[data-word-label]")) node.setAttribute("aria-label", say(node.dataset.wordLabel));
  for (const node of document.querySelectorAll("[data-word-placeholder]")) node.placeholder = say(node.dataset.wordPlaceholder);
  for (const node of document.querySelectorAll("[data-current-language]")) {
    node.textContent = nativeName(found.language);
    node.lang = found.language;
  }
  for (const node of document.querySelectorAll("[data-language]")) {
    if (node.dataset.language === found.language) node.setAttribute("aria-current", "true");
    else node.removeAttribute("aria-current");
  }
  for (const [name, html] of Object.entries(found.parts)) {
    // Our own template, rendered and escaped by the server. A parsed document runs no script.
    for (const place of document.querySelectorAll(`[data-part="${name}"]`)) {
      place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    }
  }
  const city = document.querySelector(".city")?.textContent;
  document.title = city ? `${say("chat.title")} · ${city}` : say("chat.title");
  // The copy for the time without network shall be in this language too.
  navigator.serviceWorker?.controller?.postMessage("refresh");
  return true;
}
