// Import: the size of files is seen before they are sent, and a page that waits tells how far it is. Without this, the page reloads itself.

const form = document.querySelector("form[data-megabytes]");
if (form) {
  const input = form.querySelector("input[type=file]");
  const message = document.getElementById("too-large");
  const check = () => {
    const bytes = [...input.files].reduce((sum, file) => sum + file.size, 0);
    const large = bytes > Number(form.dataset.megabytes) * 1024 * 1024;
    message.hidden = !large;
    input.setCustomValidity(large ? message.textContent : "");
    return large;
  };
  input.addEventListener("change", check);
}

// A box that was ticked and not kept would be forgotten by going to another page of the list.
const decisions = document.querySelector("form[data-decide]");
if (decisions) {
  let changed = false;
  decisions.addEventListener("change", () => (changed = true));
  decisions.addEventListener("submit", () => (changed = false));
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}

const waiting = document.querySelector("[data-progress]");
if (waiting) {
  const bar = waiting.querySelector("progress");
  const phase = waiting.querySelector("[data-phase]");
  const count = waiting.querySelector("[data-count]");
  const said = waiting.querySelector("[data-said]");
  let pause = 700;
  const look = async () => {
    try {
      const response = await fetch(waiting.dataset.progress, { headers: { Accept: "application/json" } });
      if (response.status === 401 || response.status === 404) return window.location.reload();
      const found = await response.json();
      if (response.ok) {
        if (!found.busy) return window.location.reload();
        if (phase.textContent !== found.phase) said.textContent = found.phase; // read aloud when a new part begins, not at every number
        phase.textContent = found.phase;
        count.textContent = found.count;
        if (found.total) bar.value = found.percent;
        else bar.removeAttribute("value");
      }
    } catch {
      pause = 3000; // the network is gone for a moment: the work goes on without it
    }
    window.setTimeout(look, pause);
  };
  window.setTimeout(look, pause);
}
