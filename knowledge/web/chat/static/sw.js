// Keeps the page with its emergency numbers, and its files, for the time without network. Touches nothing else: no message, no answer.
// The server writes BUILD above this: version, prefix of the files, their addresses.

const CACHE = `desk-${BUILD.version}`;
const PATIENCE = 4000; // milliseconds for the network before the kept page is shown

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll([...BUILD.files, "/"])).then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("desk-") && name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// The page was put into another language: keep it in that one.
self.addEventListener("message", (event) => {
  if (event.data === "refresh") event.waitUntil(caches.open(CACHE).then((cache) => cache.add("/")).catch(() => {}));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith(BUILD.prefix)) event.respondWith(file(request));
  else if (request.mode === "navigate" && url.pathname === "/") event.respondWith(page(event));
});

async function file(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) (await caches.open(CACHE)).put(request, response.clone());
  return response;
}

async function page(event) {
  const cache = await caches.open(CACHE);
  const coming = fetch(event.request).then((response) => {
    if (!response.ok) throw new Error(String(response.status));
    // Under one address whatever the language: without network the language last used is the right one.
    event.waitUntil(cache.put("/", response.clone()));
    return response;
  });
  const kept = await cache.match("/", { ignoreVary: true });
  if (!kept) return coming;
  coming.catch(() => {});
  const late = new Promise((done) => setTimeout(() => done(kept), PATIENCE));
  return Promise.race([coming.catch(() => kept), late]);
}
