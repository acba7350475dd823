// What this tab remembers: a draft, messages that are not yet sent, a copy of the conversation for the time without network.
// Everything is gone when the tab is closed, when the person deletes the conversation, or leaves quickly.

const PREFIX = "desk.";

export function read(name, otherwise) {
  try {
    const kept = sessionStorage.getItem(PREFIX + name);
    return kept === null ? otherwise : JSON.parse(kept);
  } catch {
    return otherwise; // storage switched off, or something unreadable in it: work without
  }
}

export function write(name, value) {
  try {
    sessionStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full or switched off: the page works, only a reload remembers less.
  }
}

export function forget() {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // Nothing was kept then.
  }
}
