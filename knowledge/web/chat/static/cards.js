// What comes with a message besides its text: where it comes from, numbers in a crisis, places.

import { element, isolated, outside, rendered, safeAddress, telephone } from "./markup.js";
import { desk, direction, longDate, nativeName, say } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${desk.icons}#${name}`);
  svg.append(use);
  return svg;
}

// Source, date, and for a translation that is not certain the original words.
export function sourceOf(answer) {
  const found = [];
  const { source } = answer;
  const lines = [];
  if (source?.title) {
    const address = safeAddress(source.url);
    const title = element("bdi", {}, source.title);
    const level = source.level && say(`chat.level.${source.level}`);
    lines.push(element("p", {}, `${say("chat.source")} `, address ? outside(address, title) : title, level ? ` (${level})` : null));
  }
  if (answer.checked_on) lines.push(element("p", {}, say("chat.checked", { date: longDate(answer.checked_on) })));
  if (lines.length) found.push(element("div", { class: "source", lang: desk.language, dir: direction(desk.language) }, ...lines));
  const { original } = answer;
  if (original?.text && (answer.translation === "machine" || answer.translation === "outdated")) {
    const body = rendered(original.text);
    body.lang = original.language;
    body.dir = direction(original.language);
    const summary = element("summary", {}, say("chat.original", { name: nativeName(original.language) }));
    found.push(element("details", { class: "original", lang: desk.language, dir: direction(desk.language) }, summary, body));
  }
  return found;
}

// Big buttons to call. A number comes as text or as {name, number, languages, always}.
export function callButtons(numbers) {
  const buttons = numbers.map((one) => {
    const line = typeof one === "string" ? { number: one } : one;
    if (!line?.number) return null;
    const [name, ...about] = String(line.name || (line.number === "112" ? say("chat.emergency_112") : say("chat.call"))).split(": ");
    return element(
      "a",
      { class: line.number === "112" ? "call call-strong" : "call", href: telephone(line.number) },
      icon("phone"),
      element(
        "span",
        { class: "call-words" },
        element("span", { class: "call-name", dir: "auto" }, name),
        about.length ? element("span", { class: "call-about", dir: "auto" }, about.join(": ")) : null,
        line.always && line.number !== "112" ? element("span", { class: "call-about" }, say("chat.always")) : null,
        element("bdi", { class: "call-number", dir: "ltr" }, line.number),
      ),
    );
  });
  return element("div", { class: "calls" }, ...buttons);
}

// `text` without the lines about places that are shown as cards instead, and about numbers that are buttons to call.
export function withoutCards(text, shown) {
  let rest = text;
  for (const { card } of shown) if (card) rest = rest.replace(card, "");
  return rest.replace(/\n{3,}/g, "\n\n").trim();
}

export function places(services) {
  return element("div", { class: "places", role: "group", "aria-label": say("chat.services") }, ...services.map(place));
}

// Further places, out of the way until they are asked for.
export function morePlaces(services) {
  const summary = element("summary", {}, say("chat.more_places", { number: services.length }));
  return element("details", { class: "more-places", lang: desk.language, dir: direction(desk.language) }, summary, places(services));
}

function place(one) {
  const map = safeAddress(one.map, ["https:", "geo:"]);
  return element(
    "section",
    { class: "place" },
    element("h3", { dir: "auto" }, one.name),
    ...(one.card ? linesOf(one.card) : knownOf(one)),
    one.phone || map
      ? element(
          "div",
          { class: "point-ways" },
          one.phone ? element("a", { class: "pill", href: telephone(one.phone) }, icon("phone"), isolated(one.phone)) : null,
          map ? pill(map) : null,
        )
      : null,
  );
}

// Name, where, when, further lines; the name and the number have their own places in a card.
function linesOf(card) {
  const lines = card.split("\n").slice(1).filter((line) => !line.startsWith("☎"));
  return lines.map((line, at) => (at === 1 ? opening(line) : element("p", { dir: "auto" }, line)));
}

function knownOf(one) {
  const where = [one.street, one.district].filter(Boolean).join(", ");
  return [where ? element("p", { dir: "auto" }, where) : null, typeof one.open === "string" && one.open ? opening(one.open) : null];
}

function opening(words) {
  return element("p", { class: "open" }, icon("clock"), element("span", { dir: "auto" }, words));
}

function pill(address) {
  const link = outside(address, icon("pin"), element("span", {}, say("chat.map")));
  link.className = "pill";
  return link;
}
