// What is told while somebody types: opening hours as they were understood, records that look alike, sentences counted, topics chosen.
import { pairs, send } from "./form_server.js";

function later(milliseconds, work) {
  let timer = 0;
  return (...given) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => work(...given), milliseconds);
  };
}

function element(tag, className, ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

export function startLive(form) {
  hours(form);
  likeness(form);
  sentences(form);
  topics(form);
}

function hours(form) {
  const url = `/desk/records/${form.dataset.kind}/hours`;
  const asked = new Map();

  async function ask(field) {
    const box = form.querySelector(`[data-told="${field.name}"]`);
    const words = field.value;
    const question = JSON.stringify([words, pairs(form).filter(([name]) => name.startsWith(field.name.replace(/hours$/, "")))]);
    if (asked.get(field.name) === question) return;
    asked.set(field.name, question);
    if (!words.trim()) {
      box.replaceChildren();
      return;
    }
    let told;
    try {
      told = await send(form, url, { words, place: field.name.replace(/\.hours$/, ""), fields: pairs(form) });
    } catch {
      asked.delete(field.name);
      return; // at saving it is read again
    }
    if (field.value === words) show(box, field, told);
  }

  function show(box, field, told) {
    const parts = [];
    if (told.sentence) parts.push(element("p", "understood", element("span", "soft", told.lead), " ", told.sentence));
    if (told.pieces.length) {
      parts.push(element("p", "pieces", ...told.pieces.map(([words, odd]) => (odd ? element("mark", "", words) : words))));
    }
    for (const words of told.problems) parts.push(element("p", "odd", words));
    for (const words of told.notices) parts.push(element("p", "hint", words));
    if (!told.complete) {
      const tick = Object.assign(document.createElement("input"), { type: "checkbox", value: "yes", id: `${field.id}-leave` });
      tick.name = `_leave_out.${field.name}`;
      const label = element("label", "", box.dataset.leaveOut);
      label.htmlFor = tick.id;
      parts.push(element("div", "check", tick, label));
    }
    const stamp = Object.assign(document.createElement("input"), { type: "hidden", value: told.stamp });
    stamp.name = `_shown.${field.name}`;
    box.replaceChildren(...parts, stamp);
  }

  const soon = later(900, ask);
  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-hours]")) soon(event.target);
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-hours]")) {
      ask(event.target);
      return;
    }
    // Public holidays and days that differ are part of the sentence.
    const place = event.target.name?.match(/^(at\.\d+)\.(closed_on_holidays|exceptions)/);
    const field = place && form.elements.namedItem(`${place[1]}.hours`);
    if (field) ask(field);
  });
}

function likeness(form) {
  const watched = /^(texts\.name|texts\.title|also|address\.street|at\.\d+\.location)$/;
  const seen = form.elements.namedItem("_seen");
  if (form.dataset.kind === "article") return;
  let asked = JSON.stringify(entered());

  function entered() {
    return pairs(form).filter(([name]) => watched.test(name));
  }

  async function ask() {
    const fields = entered();
    const question = JSON.stringify(fields);
    if (question === asked) return;
    asked = question;
    let answer;
    try {
      answer = await send(form, `/desk/records/${form.dataset.kind}/similar`, { fields, record: form.dataset.record || "" });
    } catch {
      asked = "";
      return; // at saving it is looked for again
    }
    if (asked !== question) return;
    for (const box of form.querySelectorAll("[data-similar-at]")) {
      const here = box.dataset.similarAt === "address.street" ? "address.street" : "name";
      const found = answer.found.filter((one) => one.at === here);
      box.replaceChildren(...(found.length ? list(answer.title, found) : []));
    }
    seen.value = [...new Set([...seen.value.split(" "), ...answer.found.map((one) => one.key)])].filter(Boolean).join(" ");
  }

  function list(title, found) {
    const items = found.map((one) => {
      const link = Object.assign(element("a", "", `${one.words} (${one.reason})`), { href: one.url, target: "_blank", rel: "noopener" });
      return element("li", "", link);
    });
    return [element("p", "notice warn", title), element("ul", "", ...items)];
  }

  const soon = later(700, ask);
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, (event) => {
      if (watched.test(event.target.name || "")) soon();
    });
  }
}

function sentences(form) {
  const field = form.querySelector("[data-sentences]");
  const count = form.querySelector("[data-count]");
  if (!field) return;
  const soon = later(400, async () => {
    const words = field.value;
    try {
      const answer = await send(form, "/desk/records/article/sentences", { words });
      if (field.value !== words) return;
      if (count.textContent !== answer.words) count.textContent = answer.words;
      count.classList.toggle("too-many", answer.many);
    } catch {
      // At saving they are counted again.
    }
  });
  field.addEventListener("input", soon);
}

function topics(form) {
  form.addEventListener("change", (event) => {
    const fold = event.target.closest(".folds > .fold");
    const told = fold?.querySelector("[data-chosen]");
    if (!told) return;
    const number = fold.querySelectorAll("input:checked").length;
    told.textContent = number ? told.dataset.chosen.replace("{number}", String(number)) : "";
  });
}
