// The text of a message -> DOM nodes. Light markup only: **bold**, lists, https links, telephone numbers. Never HTML.

import { say } from "./words.js";

const TOKEN = new RegExp(
  [
    /\*\*[^*\n]+\*\*/, // bold
    /https:\/\/[^\s<>"]+/, // link
    /\+\d[\d ()/-]{5,}\d/, // telephone number in international format
    /\d{1,2}:\d{2} ?[–-] ?\d{1,2}:\d{2}/, // from - to, which right-to-left text would turn around
    /[A-Z0-9]{2,}(?:-[A-Z0-9]{2,})+/, // codes
    /\d+/, // numbers, to find 112 standing alone
  ].map((one) => one.source).join("|"),
  "g",
);
// Punctuation after a link belongs to the sentence, in any script.
const AFTER_LINK = /[.,;:!?)\]»”"'،؛؟።]+$/;

export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export const isolated = (text) => element("bdi", { dir: "ltr" }, text);

export const telephone = (number) => `tel:${number.replace(/[^\d+]/g, "")}`;

// An address that may stand behind a link; null for any other kind than the allowed ones.
export function safeAddress(address, kinds = ["https:", "http:"]) {
  try {
    const url = new URL(address);
    return kinds.includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export function outside(address, ...children) {
  const link = element("a", { class: "web", href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
  link.append(element("span", { class: "unseen" }, ` ${say("chat.new_page")}`));
  return link;
}

function inline(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(TOKEN)) {
    let token = match[0];
    const at = match.index;
    let node = null;
    if (token.startsWith("**")) node = element("strong", {}, ...inline(token.slice(2, -2)));
    else if (token.startsWith("https://")) {
      token = token.replace(AFTER_LINK, "");
      const address = safeAddress(token);
      if (address) node = outside(address, isolated(token.slice(8).replace(/\/$/, "")));
    } else if (token.startsWith("+")) node = element("a", { href: telephone(token) }, isolated(token));
    else if (token === "112") {
      // Not inside 3.112, 112-5 or A112.
      const around = (text[at - 1] ?? " ") + (text[at + 3] ?? " ") + (text[at + 4] ?? " ");
      if (!/[\p{L}\d./-]/u.test(around[0]) && !(/[\p{L}\d/-]/u.test(around[1]) || (/[.,]/.test(around[1]) && /\d/.test(around[2])))) {
        node = element("a", { href: "tel:112" }, isolated(token));
      }
    } else if (/[-:–]/.test(token) && /\d/.test(token)) node = isolated(token);
    if (!node) continue;
    nodes.push(text.slice(from, at), node);
    from = at + token.length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((one) => one !== "");
}

// One block of text: what stands in it line by line, list items gathered into lists.
function block(lines) {
  const nodes = [];
  let list = null;
  let paragraph = null;
  for (const line of lines) {
    const item = /^\s*(?:([-•])|(\d{1,2})[.)])\s+(.*)$/.exec(line);
    if (item) {
      const kind = item[1] ? "UL" : "OL";
      if (list?.tagName !== kind) {
        list = element(kind.toLowerCase(), kind === "OL" && item[2] !== "1" ? { start: item[2] } : {});
        nodes.push(list);
      }
      list.append(element("li", {}, ...inline(item[3])));
      paragraph = null;
    } else {
      if (paragraph) paragraph.append(document.createElement("br"));
      else {
        paragraph = element("p");
        nodes.push(paragraph);
      }
      paragraph.append(...inline(line));
      list = null;
    }
  }
  return nodes;
}

export function rendered(text) {
  const blocks = String(text ?? "").replace(/\r/g, "").split(/\n\s*\n/).map((one) => one.split("\n").filter((line) => line.trim()));
  return element("div", { class: "text" }, ...blocks.flatMap(block));
}
