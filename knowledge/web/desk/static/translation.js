// Source and target side by side: comforts for somebody who translates for an hour. Everything is sent without this as well.

const form = document.getElementById("sheet");
if (form) start(form);

function start(form) {
  const sections = [...form.querySelectorAll("[data-field]")].map((element) => section(form, element));
  let sending = false;

  form.addEventListener("submit", () => (sending = true));
  window.addEventListener("pageshow", () => (sending = false));
  window.addEventListener("beforeunload", (event) => {
    if (!sending && sections.some((one) => one.changed())) event.preventDefault();
  });

  // Ctrl and Enter: keep this section. Alt and the arrows: to the next one, to the one before.
  form.addEventListener("keydown", (event) => {
    const place = sections.findIndex((one) => one.text === event.target);
    if (place < 0) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      sections[place].button.click();
    }
    if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const next = sections[place + (event.key === "ArrowDown" ? 1 : -1)];
      next?.text.focus();
      next?.element.scrollIntoView({ block: "nearest" });
    }
  });

  // After one section was kept, its reader goes on with the next one that wants something. Not before the browser has gone to the place
  // in the address, which takes the focus away.
  const next = location.hash.startsWith("#s-") && document.getElementById(location.hash.slice(1))?.querySelector("textarea");
  if (next) {
    const go = () => requestAnimationFrame(() => next.focus());
    if (document.readyState === "complete") go();
    else window.addEventListener("load", go, { once: true });
  }
}

function section(form, element) {
  const text = element.querySelector("textarea");
  const saved = text.defaultValue;
  const locked = [...new Set([...element.querySelectorAll("mark.locked")].map((mark) => plain(mark.textContent)))];
  const lost = element.querySelector(".lost");
  const shown = element.querySelector("input[name^='shown.']");
  // What was typed and never arrived (a lost connection, a closed window) is kept in this browser for this person and these very words,
  // with the name of the translation it was typed over: where that is another one by now, the server asks before it is replaced.
  const name = `translation:${form.dataset.person}:${location.pathname}:${element.dataset.field}:${element.dataset.digest}`;

  function look() {
    const words = plain(text.value);
    const missing = words ? locked.filter((term) => !words.includes(term)) : [];
    const said = missing.length ? form.dataset.lost.replace("{terms}", missing.join(", ")) : "";
    if (lost.textContent !== said) lost.textContent = said;
    fit();
  }

  function fit() {
    text.style.setProperty("block-size", "auto");
    text.style.setProperty("block-size", `${text.scrollHeight + 4}px`);
  }

  const kept = read(name);
  if (kept !== null && kept.words !== text.value && element.querySelector(".badge.warn") === null) {
    text.value = kept.words;
    shown.value = kept.shown;
    const note = document.createElement("span");
    note.className = "badge warn";
    note.textContent = form.dataset.kept;
    element.querySelector("button").after(note);
  } else if (kept?.words === saved) {
    forget(name);
  }
  text.addEventListener("input", () => {
    look();
    if (text.value === saved) forget(name);
    else write(name, { words: text.value, shown: shown.value });
  });
  look();
  return { element, text, button: element.querySelector("button[name=save]"), changed: () => text.value !== saved };
}

function plain(words) {
  return words.normalize("NFC").replace(/\s+/g, " ").trim();
}

function read(name) {
  try {
    const kept = JSON.parse(localStorage.getItem(name));
    return typeof kept?.words === "string" ? kept : null;
  } catch {
    return null;
  }
}

function write(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Without storage there is still the warning before leaving.
  }
}

function forget(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // Nothing was kept then.
  }
}
