// Panels (emergency, languages, deletion) and leaving quickly. Without this script the panels open by their address, as plain links.

import { call } from "./outbox.js";
import * as store from "./store.js";
import { desk } from "./words.js";

function open(panel) {
  if (panel.open) return;
  panel.showModal();
  // The title first: whoever listens hears where they are, whoever presses Tab comes to the first number.
  panel.querySelector("h2")?.focus();
}

export function close(panel) {
  if (panel.open) panel.close();
}

export function startPanels() {
  for (const panel of document.querySelectorAll("dialog")) {
    if (!panel.showModal) continue; // an old browser keeps the plain links
    const opener = document.getElementById(`open-${panel.id}`);
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      open(panel);
    });
    panel.addEventListener("click", (event) => {
      const outside = event.target === panel && !inside(panel, event);
      if (!outside && !event.target.closest("[data-close]")) return;
      event.preventDefault();
      close(panel);
    });
    panel.addEventListener("close", () => opener.focus());
    if (location.hash === `#${panel.id}`) {
      // Opened by its address before this script came.
      history.replaceState(null, "", location.pathname + location.search);
      open(panel);
    }
  }
  // A link that looks like a button also answers to the space bar, as a button does.
  document.addEventListener("keydown", (event) => {
    const link = event.key === " " && event.target.closest?.('a[role="button"]');
    if (!link) return;
    event.preventDefault();
    link.click();
  });
}

function inside(panel, event) {
  const box = panel.getBoundingClientRect();
  return event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
}

// Leaving has to be instant: the page goes blank first, the conversation is deleted on the way out, and "back" does not return here.
export function startLeaving(beforeLeaving) {
  const leave = (event) => {
    event?.preventDefault();
    document.documentElement.classList.add("gone");
    document.title = "…";
    beforeLeaving();
    call("/chat/session", { method: "DELETE", keepalive: true }).catch(() => {});
    store.forget();
    location.replace(desk.elsewhere);
  };
  document.getElementById("leave").addEventListener("click", leave);
  // Three times Shift and nothing in between: quick without the mouse, and rare in writing.
  let times = [];
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift") times = [];
    else {
      times = [...times.filter((at) => event.timeStamp - at < 2000), event.timeStamp];
      if (times.length >= 3) leave();
    }
  });
}
