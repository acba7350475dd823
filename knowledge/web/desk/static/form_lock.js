// Who has the record open: a heartbeat, and what happens when somebody else takes it over.
import { send } from "./form_server.js";

const BEAT = 20000;

export function startLock(form, autosave) {
  const url = form.dataset.lock;
  if (!url) return;
  const taken = document.getElementById("taken");
  const words = document.getElementById("taken-words");
  let mine = true;
  let leaving = false;

  let stamp = form.dataset.stamp;

  async function act(action, options) {
    try {
      const answer = await send(form, url, { action, stamp }, options);
      stamp = answer.stamp;
      return answer;
    } catch {
      return null; // no line: autosave says so
    }
  }

  // Read-only, but still there to be read and copied.
  function freeze(by) {
    mine = false;
    form.classList.add("gone");
    for (const field of form.elements) {
      if (field.tagName === "FIELDSET") continue; // it would take the words in it along
      if (field.matches("textarea, input:not([type=checkbox], [type=radio], [type=hidden])")) field.readOnly = true;
      else if (field.type !== "hidden" && !field.closest("[hidden]")) field.disabled = true;
    }
    words.textContent = form.dataset.taken.replace("{name}", by);
    document.getElementById("taken-back").hidden = false;
    taken.hidden = false;
    taken.focus();
  }

  // Somebody has saved since this page was opened: better to know before than after the next hour of writing.
  function tellNewer(answer) {
    if (answer.newest <= Number(form.dataset.base)) return false;
    words.textContent = form.dataset.newer.replace("{name}", answer.saved_by);
    document.getElementById("taken-back").hidden = true;
    taken.hidden = false;
    return true;
  }

  function thaw(answer) {
    mine = true;
    form.classList.remove("gone");
    for (const field of form.elements) {
      field.readOnly = false;
      field.disabled = false;
    }
    autosave.go();
    if (!tellNewer(answer)) taken.hidden = true;
  }

  async function beat() {
    if (!mine || leaving) return;
    const answer = await act("hold");
    if (answer && answer.held) tellNewer(answer);
    if (answer && !answer.held && mine) {
      // The words first: disabled fields say nothing.
      await autosave.flush();
      autosave.stop();
      freeze(answer.by);
    }
  }

  document.getElementById("taken-back").addEventListener("click", async () => {
    const answer = await act("take");
    if (answer && answer.held) thaw(answer);
  });
  window.setInterval(beat, BEAT);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") beat();
  });
  form.addEventListener("submit", () => {
    leaving = true;
    window.setTimeout(() => {
      leaving = false;
    }, 8000);
  });
  window.addEventListener("pagehide", () => {
    if (mine && !leaving) act("release", { keepalive: true });
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) beat();
  });
}
