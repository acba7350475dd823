// What every page of the desk has: small comforts that nothing depends on.

// A button that asks before it does something that is hard to take back: <button data-confirm="words">.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-confirm]");
  if (button && !window.confirm(button.dataset.confirm)) event.preventDefault();
});

// A form that is sent once: a second click on a slow line does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    return;
  }
  if (form.method === "post" && !form.hasAttribute("data-many")) {
    form.dataset.sent = "yes";
    window.setTimeout(() => delete form.dataset.sent, 8000);
  }
});
// A page that comes back from the browser's memory can be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// Filters apply when they are chosen; the button stays for those without JavaScript.
for (const form of document.querySelectorAll("form[data-auto]")) {
  form.addEventListener("change", () => form.requestSubmit());
}

// After a form came back with mistakes, the reader is taken to their list, or to the one field that is wrong.
(document.querySelector(".problems") ?? document.querySelector("main [aria-invalid=true]"))?.focus();

// Screen readers say what changes, not what stands on a page already when it opens: a notice is put in its place once more.
const told = document.querySelector("main > .status");
if (told?.hasChildNodes()) window.setTimeout(() => told.append(...told.childNodes), 300);

// A link to copy: a click or the Tab key selects the whole of it.
for (const input of document.querySelectorAll("input[data-select]")) {
  input.addEventListener("focus", () => input.select());
}
