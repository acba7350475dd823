// Messages on the page. Only this module writes into the log.

import { callButtons, icon, morePlaces, places, sourceOf, withoutCards } from "./cards.js";
import { element, rendered } from "./markup.js";
import { direction, say } from "./words.js";

const log = document.getElementById("log");

export function choices(buttons, onChoice) {
  return buttons
    .filter((one) => one?.title && one?.payload)
    .map((one) => {
      const button = element("button", { type: "button", class: "choice", dir: "auto" }, one.title);
      button.addEventListener("click", () => onChoice(one));
      return button;
    });
}

function speaker(key) {
  return element("span", { class: "unseen" }, `${say(key)}: `);
}

function personEntry(entry) {
  return element(
    "div",
    { class: "entry person", tabindex: "-1", "data-id": entry.id },
    element("div", { class: "bubble" }, speaker("chat.you"), element("bdi", { dir: "auto", lang: entry.language }, entry.text)),
  );
}

// The line about the source is for channels that show text alone; here it stands below, with its link.
function withoutSource(text, answer) {
  if (!answer?.source_line) return text;
  return text.split("\n").filter((line) => line !== answer.source_line).join("\n").trim();
}

function deskEntry(entry, onChoice) {
  const { answer, safety, services = [] } = entry.custom ?? {};
  const numbers = safety?.numbers ?? [];
  const body = rendered(withoutCards(withoutSource(entry.text, answer), [...services, ...numbers]));
  const bubble = element("div", { class: "bubble" }, speaker("chat.desk"));
  if (safety) {
    bubble.append(element("h3", { class: "safety-title" }, icon("heart"), say("chat.emergency_title")));
  }
  // The first number stands above the words: it must be on the screen of a small phone without scrolling.
  if (numbers.length) bubble.append(callButtons(numbers.slice(0, 1)));
  bubble.append(body);
  if (numbers.length > 1) bubble.append(callButtons(numbers.slice(1)));
  if (answer) bubble.append(...sourceOf(answer));
  const node = element(
    "div",
    { class: `entry desk${safety ? " safety" : ""}`, tabindex: "-1", lang: entry.language, dir: direction(entry.language) },
    bubble,
  );
  // Beside an answer only the place that it names; the others come after what people press next.
  const later = answer ? services.filter((one) => !one.card) : [];
  const now = services.filter((one) => !later.includes(one));
  if (now.length) node.append(places(now));
  const replies = choices(entry.buttons ?? [], onChoice);
  if (replies.length) node.append(element("div", { class: "choices", role: "group", "aria-label": say("chat.replies") }, ...replies));
  if (later.length) node.append(morePlaces(later));
  return node;
}

export function addEntry(entry, onChoice) {
  const node = entry.from === "person" ? personEntry(entry) : deskEntry(entry, onChoice);
  log.append(node);
  return node;
}

// The whole conversation at once, as after a reload. Not read aloud: it is not news.
export function showAll(entries, onChoice) {
  log.setAttribute("aria-live", "off");
  log.replaceChildren();
  const last = entries.reduce((found, one, at) => (one.from === "person" ? at : found), -1);
  entries.forEach((entry, at) => addEntry(at < last ? { ...entry, buttons: [] } : entry, onChoice));
  setTimeout(() => log.removeAttribute("aria-live"), 500);
}

// Once the person has gone on, the answers offered before are out of date.
export function retireChoices() {
  for (const group of log.querySelectorAll(".entry > .choices")) group.remove();
}

export function personNode(id) {
  return [...log.querySelectorAll(".person")].find((node) => node.dataset.id === id);
}

// Under a message: on its way, waiting, refused or failed. `onRetry` where the person can do something about it.
export function showState(id, state, onRetry, message) {
  const node = personNode(id);
  if (!node) return;
  node.querySelector(".state")?.remove();
  if (state === "sent") return;
  const bad = state === "failed" || state === "refused";
  const line = element("div", { class: bad ? "state bad" : "state" });
  if (state === "refused") line.append(element("span", { dir: "auto" }, message || say("chat.refused")));
  else line.append(icon("clock"), say(`chat.${state}`));
  if (state === "failed") {
    const again = element("button", { type: "button" }, icon("again"), say("chat.try_again"));
    again.addEventListener("click", onRetry);
    line.replaceChildren(say("chat.failed"), again);
  }
  node.append(line);
}

export function addNotice(text, action, onAction) {
  const button = element("button", { type: "button" }, action);
  const node = element("div", { class: "notice spoken" }, element("span", {}, text), button);
  button.addEventListener("click", () => {
    node.remove();
    onAction();
  });
  log.append(node);
}

// Bring what is new into view: its end if it fits between the bars, otherwise its beginning.
export function reveal(node, calm = false) {
  if (!node) return;
  const smooth = !calm && !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const behavior = smooth ? "smooth" : "auto";
  const tall = document.body.scrollHeight - (node.getBoundingClientRect().top + scrollY) > innerHeight - 150;
  if (tall) node.scrollIntoView({ block: "start", behavior });
  else scrollTo({ top: document.documentElement.scrollHeight, behavior });
}
