/* Lets a page of the count open again without signal. The network comes first whenever it answers;
   what is kept is the last page as it was, and the page is told that it is. */

const KEPT = "count-1";
const SHELL = [/* shell */];
const PATIENCE = 6_000;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(SHELL)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))))
      .then(() => clients.claim()),
  );
});

addEventListener("message", (event) => {
  if (event.data !== "forget") return;
  event.waitUntil(
    caches.open(KEPT).then(async (kept) => {
      for (const request of await kept.keys()) {
        if (isPage(new URL(request.url))) await kept.delete(request);
      }
    }),
  );
});

const isPage = (address) => address.pathname.startsWith("/count/")
  && !/^\/count\/(sign-in|sign-out|token|worker|phone)/.test(address.pathname);

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const address = new URL(request.url);
  if (address.origin !== location.origin) return;
  if (request.mode === "navigate" && isPage(address)) event.respondWith(page(event));
  else if (address.pathname.startsWith("/static/")) event.respondWith(part(request));
});

async function page(event) {
  const kept = await caches.open(KEPT);
  const old = await kept.match(event.request, { ignoreSearch: true });
  try {
    const response = await (old ? Promise.race([fetch(event.request), tooLong()]) : fetch(event.request));
    if (response.status >= 500 && old) throw new Error("no answer of the desk");
    if (response.ok && !response.redirected && response.type === "basic") {
      await kept.put(event.request.url.split("?")[0], response.clone());
    }
    return response;
  } catch (fault) {
    if (!old) throw fault;
    const whom = event.resultingClientId;
    setTimeout(async () => (await clients.get(whom))?.postMessage("from-cache"), 300);
    return old;
  }
}

const tooLong = () => new Promise((_yes, no) => { setTimeout(() => no(new Error("too long")), PATIENCE); });

async function part(request) {
  const kept = await caches.open(KEPT);
  try {
    const response = await fetch(request);
    if (response.ok) await kept.put(request, response.clone());
    return response;
  } catch (fault) {
    const old = await kept.match(request);
    if (!old) throw fault;
    return old;
  }
}
