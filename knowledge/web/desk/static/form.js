// The form of a record. Everything here is comfort: without it the form is filled in, checked and saved all the same.
import { startAutosave } from "./form_autosave.js";
import { startLive } from "./form_live.js";
import { startLock } from "./form_lock.js";
import { startPicks } from "./form_pick.js";
import { startRows } from "./form_rows.js";
import "./form_typed.js";

const form = document.getElementById("record-form");
if (form) {
  // A new form gets an address of its own, so that loading the page again brings back what was typed.
  if (!form.dataset.record) history.replaceState(null, "", form.dataset.url);
  startPicks(form);
  const autosave = startAutosave(form);
  startRows(form, () => autosave.changed());
  startLive(form);
  startLock(form, autosave);
}
