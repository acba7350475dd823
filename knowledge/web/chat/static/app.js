// The chat: opens the session, sends what the person writes, shows what comes back.

import { Outbox, call, newId, pause, post } from "./outbox.js";
import { close, startLeaving, startPanels } from "./panels.js";
import { addEntry, addNotice, choices, personNode, retireChoices, reveal, showAll, showState } from "./render.js";
import * as store from "./store.js";
import { changeWords, desk, direction, nativeName, say } from "./words.js";

const $ = (id) => document.getElementById(id);
const text = $("text");
const KEPT = 80; // entries of the conversation that are kept for the time without network

let entries = store.read("log", []);
let suggestions = store.read("topics", []);
let session = null; // the promise of an open session
let renewing = false;
let leaving = false;

const outbox = new Outbox({ openSession, renewSession, onState, onReply });

function keep() {
  if (!leaving) store.write("log", entries.slice(-KEPT));
}

function announce(words) {
  // Emptied first, or the same words twice would be read once.
  $("status").textContent = "";
  setTimeout(() => ($("status").textContent = words), 50);
}

// ---- session

function openSession() {
  session ??= fetchSession().catch((error) => {
    session = null;
    throw error;
  });
  return session;
}

function renewSession() {
  session = null;
  renewing = true;
  return openSession().finally(() => (renewing = false));
}

async function fetchSession() {
  const { status, body } = await post("/chat/session", { language: desk.language });
  if (status !== 200) throw new Error(`session ${status}`);
  suggestions = body.suggestions ?? [];
  store.write("topics", suggestions);
  settle(body.messages ?? []);
}

// The server's history is what counts; what it has not seen yet stays behind it.
function settle(history) {
  // It has forgotten us in the middle: what the person sees stays, they may be reading an address.
  if (renewing && !history.some((one) => one.from === "person")) return;
  for (const item of [...outbox.items]) {
    const words = item.text ?? item.title;
    const at = history.map((one) => one.from === "person" && (one.id ? one.id === item.id : one.text === words)).lastIndexOf(true);
    if (at >= 0 && history.slice(at).some((one) => one.from === "desk")) outbox.drop(item.id);
    else if (at >= 0) history[at] = { ...history[at], id: item.id };
  }
  const known = new Set(history.map((one) => one.id).filter(Boolean));
  const ahead = outbox.items.filter((item) => !known.has(item.id)).map((item) => personOf(item));
  entries = [...history, ...ahead];
  keep();
  showConversation();
}

function showConversation() {
  $("opening").hidden = true;
  showAll(entries, choose);
  for (const item of outbox.items) onState(item.id, item.state);
  showTopics(!entries.some((one) => one.from === "person"));
  if (entries.length > 2) reveal($("log").lastElementChild, true);
}

async function connect() {
  for (let seconds = 1; !leaving; seconds = Math.min(seconds * 2, 30)) {
    try {
      await openSession();
      return outbox.run();
    } catch {
      showOffline(true);
      await pause(seconds);
    }
  }
}

// ---- sending

const personOf = (item) => ({ from: "person", id: item.id, text: item.text ?? item.title, language: item.language });

function send(item) {
  const full = { id: newId(), language: desk.language, ...item };
  const entry = personOf(full);
  entries.push(entry);
  keep();
  retireChoices();
  showTopics(false);
  const node = addEntry(entry, choose);
  outbox.add(full);
  reveal(node);
  return node;
}

function choose({ title, payload }) {
  // The button that was pressed is gone now; whoever goes by keyboard continues from what it said.
  send({ payload, title }).focus({ preventScroll: true });
}

function sendText() {
  const words = text.value.trim();
  if (!words) return text.focus();
  setText("");
  send({ text: words });
  text.focus();
}

function onState(id, state, message, item) {
  $("writing").hidden = state === "waiting" || !outbox.items.some((one) => one.state === "sending");
  if (!id) return;
  showState(id, state, () => outbox.retry(id), message);
  if (state === "waiting") showOffline(navigator.onLine === false);
  if (state === "sent") showOffline(false);
  if (state === "failed") announce(say("chat.failed"));
  if (state === "refused") {
    announce(message || say("chat.refused"));
    entries = entries.filter((one) => one.id !== id);
    keep();
    if (item?.text && !text.value) setText(item.text); // nobody types a long message twice
  }
}

function onReply(item, { messages = [], language }) {
  const first = messages.map((one) => {
    const entry = { from: "desk", ...one };
    entries.push(entry);
    return addEntry(entry, choose);
  })[0];
  keep();
  reveal(first);
  if (language) followLanguage(language);
}

// ---- language

async function followLanguage(language) {
  const before = desk.language;
  if (language === before || !desk.served.includes(language) || store.read("pinned", false)) return;
  if (!(await changeWords(language))) return;
  showLanguage();
  addNotice(say("chat.language_now", { name: nativeName(language) }), nativeName(before), async () => {
    store.write("pinned", true); // asked for once, not overruled again
    await changeWords(before);
    showLanguage();
    text.focus();
  });
}

async function showLanguage() {
  setText(text.value);
  for (const item of outbox.items) onState(item.id, item.state);
  const { status, body } = await post("/chat/session", { language: desk.language }).catch(() => ({ status: 0 }));
  if (status !== 200) return;
  suggestions = body.suggestions ?? [];
  store.write("topics", suggestions);
  showTopics(!$("topics").hidden);
}

async function chooseLanguage(language) {
  close($("languages"));
  store.write("pinned", false);
  const atStart = !$("topics").hidden;
  await changeWords(language);
  send({ payload: `/change_language${JSON.stringify({ language })}`, title: nativeName(language) });
  showTopics(atStart); // a choice of language is not a question yet
  showLanguage();
}

// ---- the rest of the page

function showTopics(visible) {
  $("topics").hidden = !visible || !suggestions.length;
  $("show-topics").disabled = !suggestions.length;
  if (visible) $("topics").querySelector("[data-choices]").replaceChildren(...choices(suggestions, choose));
}

function showOffline(offline) {
  $("offline").hidden = !offline;
}

function setText(words) {
  text.value = words;
  store.write("draft", words);
  text.dir = words ? "auto" : direction(desk.language);
  text.style.blockSize = "auto";
  if (words) text.style.blockSize = `${text.scrollHeight}px`;
}

async function deleteConversation() {
  const panel = $("delete");
  const failed = panel.querySelector("[data-delete-failed]");
  failed.hidden = true;
  const { status } = await call("/chat/session", { method: "DELETE" }).catch(() => ({ status: 0 }));
  if (status !== 204 && status !== 200 && status !== 401) {
    failed.hidden = false;
    announce(say("chat.delete_failed"));
    return;
  }
  outbox.clear();
  store.forget();
  entries = [];
  setText("");
  close(panel);
  showAll([], choose);
  session = null;
  announce(say("chat.deleted"));
  scrollTo({ top: 0 });
  connect();
}

function start() {
  startPanels();
  startLeaving(() => {
    leaving = true;
    outbox.clear();
    text.value = "";
  });
  setText(text.value || store.read("draft", "")); // what was typed before this script came counts
  text.addEventListener("input", () => setText(text.value));
  text.addEventListener("keydown", (event) => {
    // Enter while a word is being composed (Chinese, Tigrinya keyboards) belongs to the keyboard.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    sendText();
  });
  $("send").addEventListener("click", sendText);
  $("send").disabled = false;
  $("composer").addEventListener("submit", (event) => event.preventDefault());
  $("show-topics").addEventListener("click", () => {
    showTopics(true);
    $("topics-title").focus({ preventScroll: true });
    reveal($("topics"));
  });
  for (const link of document.querySelectorAll("[data-language]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      chooseLanguage(link.dataset.language);
    });
  }
  document.querySelector("[data-delete]").addEventListener("click", deleteConversation);
  addEventListener("offline", () => {
    showOffline(true);
    announce(say("chat.offline"));
  });
  addEventListener("online", () => {
    showOffline(false);
    announce(say("chat.online"));
  });
  showOffline(navigator.onLine === false);
  if (entries.length) showConversation(); // at once, from this tab's memory; the server's history follows
  connect();
  navigator.serviceWorker?.register("/sw.js").catch(() => {}); // refused in private windows of some browsers
}

start();
