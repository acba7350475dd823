// Choosing another record: the list of the page becomes a field with a search (the combobox of the ARIA practices). The list itself stays
// in the form and holds the value.

import { token } from "./form_server.js";

const PAUSE = 200;
let counter = 0;

export function startPicks(form) {
  const all = (root) => root.querySelectorAll("select[data-pick]");
  for (const select of all(form)) build(select);
  form.addEventListener("desk:row", (event) => {
    for (const select of all(event.target)) build(select);
  });
}

function build(select) {
  if (select.hidden) return;
  const number = ++counter;
  const label = select.ownerDocument.querySelector(`label[for="${select.id}"]`);
  const box = document.createElement("div");
  box.className = "combo";
  const input = document.createElement("input");
  const list = document.createElement("ul");
  const button = document.createElement("button");
  const status = document.createElement("span");
  for (const name of ["aria-describedby", "aria-invalid", "autofocus"]) {
    if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  }
  input.id = select.id;
  select.id = `${select.id}-value`;
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", `pick-${number}`);
  input.autocomplete = "off";
  input.dir = "auto";
  list.id = `pick-${number}`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label?.textContent.trim() || "");
  list.hidden = true;
  button.type = "button";
  button.tabIndex = -1;
  button.textContent = "▾";
  button.setAttribute("aria-label", select.dataset.list);
  status.className = "hidden";
  status.setAttribute("role", "status");
  box.append(input, button, list, status);
  select.hidden = true;
  select.after(box);
  box.parentElement.querySelector("[data-without-script]")?.remove();

  let options = [];
  let at = -1;
  let timer = 0;
  let asked = 0;

  const chosen = () => select.selectedOptions[0];
  const open = box.parentElement.querySelector("[data-open]");
  const show = () => {
    input.value = select.value ? chosen().textContent.trim() : "";
    if (open) {
      open.hidden = !select.value;
      open.href = open.dataset.open.replace("{id}", encodeURIComponent(select.value));
    }
  };
  show();
  select.addEventListener("desk:set", show);

  function close() {
    list.hidden = true;
    list.replaceChildren();
    status.textContent = "";
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(next) {
    at = next;
    [...list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    const item = list.children[at];
    if (item) {
      input.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    }
  }

  function fill(found) {
    options = found;
    list.replaceChildren(
      ...found.map((one, place) => {
        const item = document.createElement("li");
        item.id = `pick-${number}-${place}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.append(one.label);
        if (one.detail) {
          const detail = document.createElement("span");
          detail.className = "soft";
          detail.textContent = one.detail;
          item.append(detail);
        }
        item.addEventListener("pointerdown", (event) => event.preventDefault());
        item.addEventListener("click", () => choose(place));
        return item;
      }),
    );
    status.textContent = found.length ? select.dataset.found.replace("{number}", String(found.length)) : select.dataset.none;
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(found.length > 0));
    at = -1;
    input.removeAttribute("aria-activedescendant");
  }

  // Without a line: what the page brought along.
  function known(words) {
    const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    return [...select.options]
      .filter((option) => option.value && wanted.every((word) => option.textContent.toLocaleLowerCase().includes(word)))
      .map((option) => ({ value: option.value, label: option.textContent.trim(), detail: "" }));
  }

  async function look(words) {
    const mine = ++asked;
    let found;
    try {
      const answer = await fetch(`${select.dataset.pick}?q=${encodeURIComponent(words)}`, {
        headers: { Accept: "application/json", "X-CSRF": token(select.form).value }, // records of the city this form belongs to
      });
      found = answer.ok ? (await answer.json()).found : known(words);
    } catch {
      found = known(words);
    }
    if (mine === asked && document.activeElement === input) fill(found);
  }

  function choose(place) {
    const one = options[place];
    asked++;
    if (one) {
      let option = [...select.options].find((other) => other.value === one.value);
      if (!option) {
        option = new Option(one.detail ? `${one.label}, ${one.detail}` : one.label, one.value);
        select.append(option);
      }
      select.value = one.value;
    }
    show();
    close();
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  input.addEventListener("input", (event) => {
    event.stopPropagation(); // the value changes when something is chosen
    window.clearTimeout(timer);
    const words = input.value;
    timer = window.setTimeout(() => look(words), PAUSE);
  });
  input.addEventListener("change", (event) => event.stopPropagation());
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) look("");
      else if (event.key === "ArrowDown") mark(at + 1 < options.length ? at + 1 : 0);
      else mark(at > 0 ? at - 1 : options.length - 1);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      choose(at < 0 && options.length === 1 ? 0 : at);
    } else if (event.key === "Escape") {
      if (!list.hidden) event.stopPropagation();
      asked++;
      close();
      show();
    }
  });
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    input.focus();
    if (list.hidden) look("");
    else close();
  });
  // Left: emptied means nothing, a name that was typed whole is chosen, anything else goes back to what was chosen.
  input.addEventListener("blur", () => {
    asked++;
    window.clearTimeout(timer);
    const words = input.value.trim();
    if (!words && select.value) {
      select.value = "";
      select.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (words && (!select.value || words !== chosen().textContent.trim())) {
      const exact = [...options, ...known(words)].filter((one) => one.label.toLocaleLowerCase() === words.toLocaleLowerCase());
      if (exact.length) {
        options = [exact[0]];
        choose(0);
      }
    }
    show();
    close();
  });
}
