// Messages on their way to the server: one after the other, each with an id of its own that stays the same over all tries, so that the
// server can tell a repetition from a new message. What is not delivered yet survives a reload.

import * as store from "./store.js";

const PAUSES = [1, 2, 4, 8, 15, 30]; // seconds between tries
const TIMEOUT = 25; // seconds for one try; the server itself gives up on a reply earlier

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// fetch with an end, so that a dead line is noticed.
export async function call(address, options = {}, seconds = TIMEOUT) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  try {
    const response = await fetch(address, { credentials: "same-origin", cache: "no-store", signal: stop.signal, ...options });
    const type = response.headers.get("Content-Type") ?? "";
    const body = type.includes("json") ? await response.json().catch(() => ({})) : {};
    return { status: response.status, body };
  } finally {
    clearTimeout(timer);
  }
}

export const post = (address, content) =>
  call(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(content) });

// Waits that long, or until the network is back.
export function pause(seconds) {
  return new Promise((done) => {
    const wake = () => {
      clearTimeout(timer);
      removeEventListener("online", wake);
      done();
    };
    const timer = setTimeout(wake, seconds * 1000);
    addEventListener("online", wake);
  });
}

export class Outbox {
  // openSession(): makes sure that the server knows us, throws if it cannot. renewSession(): as it, after the server has forgotten us.
  constructor({ openSession, renewSession, onState, onReply }) {
    Object.assign(this, { openSession, renewSession, onState, onReply });
    this.items = store.read("outbox", []).map((item) => ({ ...item, state: "sending" }));
    this.running = false;
    // What failed while there was no network is tried again as soon as there is one.
    addEventListener("online", () => this.items.filter((item) => item.state === "failed").forEach((item) => this.retry(item.id)));
  }

  add(item) {
    this.items.push({ ...item, state: "sending" });
    this.keep();
    this.onState(item.id, "sending");
    this.run();
  }

  retry(id) {
    const item = this.items.find((one) => one.id === id);
    if (!item) return;
    item.state = "sending";
    this.onState(id, "sending");
    this.run();
  }

  drop(id) {
    this.items = this.items.filter((item) => item.id !== id);
    this.keep();
  }

  clear() {
    this.items = [];
    this.keep();
  }

  keep() {
    store.write("outbox", this.items.map(({ state, ...item }) => item));
  }

  async run() {
    if (this.running) return;
    this.running = true;
    try {
      for (;;) {
        const item = this.items.find((one) => one.state === "sending");
        if (!item) break;
        await this.deliver(item);
      }
    } finally {
      this.running = false;
      this.onState(null, "idle");
    }
  }

  async deliver(item) {
    let tries = 0;
    let renewed = 0;
    const waiting = async (seconds) => {
      this.onState(item.id, "waiting");
      await pause(seconds);
    };
    while (this.items.includes(item) && item.state === "sending") {
      const outcome = await this.attempt(item);
      if (!this.items.includes(item)) return; // deleted meanwhile
      if (outcome.status === 200) {
        this.drop(item.id);
        this.onState(item.id, "sent");
        this.onReply(item, outcome.body);
        return;
      }
      if (outcome.status === 401 && renewed < 2) {
        renewed += 1;
        await this.renewSession().catch(() => {});
      } else if (outcome.status === 429) {
        await waiting(Math.min(Math.max(Number(outcome.body.retry_after) || 5, 1), 120));
      } else if ([400, 403, 404, 413, 415, 422].includes(outcome.status)) {
        this.drop(item.id);
        this.onState(item.id, "refused", outcome.body.message, item);
        return;
      } else if (navigator.onLine === false) {
        await waiting(20); // no network at all: nothing was tried
      } else if (tries < PAUSES.length) {
        await waiting(PAUSES[tries]);
        tries += 1;
      } else {
        item.state = "failed";
        this.onState(item.id, "failed");
      }
    }
  }

  async attempt(item) {
    try {
      await this.openSession();
      const { id, text, payload, title, language } = item;
      return await post("/chat/messages", payload ? { id, payload, title, language } : { id, text, language });
    } catch {
      return { status: 0, body: {} };
    }
  }
}
