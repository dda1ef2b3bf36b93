/* Service worker: opens the pages of the counts without a signal.
 *
 * The network comes first. Only without an answer is the cached page served, and told that it is
 * (`from-cache`). */

const CACHE = "count-1";
const SHELL = [/* shell */];
/** Pages of the worker's own, where neither the network nor the cache has one. */
const NO_ANSWER = /* no answer */ "";
const NO_SIGN_OUT = /* no sign-out */ "";
/** *My counts*, on which the installed app opens. */
const HOME = "/count/";
const PAGE_TIMEOUT_MS = 6_000;
/** How often pages were forgotten: what was on its way then is not kept after it. */
let forgotten = 0;
/** Whether the last page was served from here: then its files are as well, since the line may hang. */
let fromHere = false;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => keepFiles(cache, SHELL)).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      // Of earlier releases; the outbox that is to be sent is another cache.
      .then((names) => names.filter((name) => name.startsWith("count-") && name !== CACHE))
      .then((names) => Promise.all(names.map((name) => caches.delete(name))))
      .then(() => clients.claim()),
  );
});

addEventListener("message", (event) => {
  if (event.data?.keep && isPage(new URL(event.data.keep, location.href))) {
    event.waitUntil(keep(event.data.keep));
    return;
  }
  if (event.data !== "forget") return;
  forgotten += 1;
  event.waitUntil(
    caches.open(CACHE).then(async (cache) => {
      for (const request of await cache.keys()) {
        if (isPage(new URL(request.url))) await cache.delete(request);
      }
    }),
  );
});

const isPage = (url) => url.pathname.startsWith("/count/")
  && !/^\/count\/(sign-in|sign-out|token|worker|phone|outbox)/.test(url.pathname);

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(navigate(event, url));
  else if (request.method !== "GET") return;
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function navigate(event, url) {
  const { request } = event;
  try {
    return await (request.method === "GET" && isPage(url) ? page(event) : fetch(request));
  } catch {
    const html = url.pathname.startsWith("/count/sign-out/") ? NO_SIGN_OUT : NO_ANSWER;
    return new Response(html, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
  }
}

async function keep(path) {
  const before = forgotten;
  const response = await fetch(path);
  if (response.ok && !response.redirected) await keepPage(path, response, before);
}

/** Whether a response is a script, a style or a picture: a captive portal answers 200 with a page of its own. */
const isFile = (response) => response?.ok && !/html/.test(response.headers.get("Content-Type"));

/** Keep files. Rejects without all of them. */
const keepFiles = (cache, names) => Promise.all(names.map(async (name) => {
  const response = await fetch(name);
  if (!isFile(response)) throw new Error(name);
  await cache.put(name, response);
}));

/** Keep a page once the scripts and styles that it names are here. One of a new release without them would keep
 * nothing of what is typed: until they have come, the page of the release before stays. */
async function keepPage(path, response, before = forgotten) {
  const cache = await caches.open(CACHE);
  const html = await response.clone().text();
  if (!html.includes("<main data-desk>")) return;
  const named = [...html.matchAll(/"(\/static\/[^"]+\.(?:css|js))"/g)].map(([, file]) => file);
  const missing = await Promise.all(named.map(async (file) => ((await cache.match(file)) ? [] : [file])));
  await keepFiles(cache, [...new Set(missing.flat())]);
  if (before !== forgotten) return;
  await cache.put(path, response);
  // On a fresh phone it was left before there was a worker to keep it.
  if (!(await cache.match(HOME))) await keep(HOME);
}

async function page(event) {
  const cache = await caches.open(CACHE);
  const cached = await cache.match(event.request, { ignoreSearch: true });
  try {
    const response = await (cached ? Promise.race([fetch(event.request), timedOut()]) : fetch(event.request));
    if (response.status >= 500 && cached) throw new Error("the server failed");
    fromHere = false;
    if (response.ok && !response.redirected && response.type === "basic") {
      event.waitUntil(keepPage(event.request.url.split("?")[0], response.clone()).catch(() => {}));
    }
    return response;
  } catch (error) {
    if (!cached) throw error;
    fromHere = true;
    const client = event.resultingClientId;
    setTimeout(async () => (await clients.get(client))?.postMessage("from-cache"), 300);
    return cached;
  }
}

const timedOut = () => new Promise((_resolve, reject) => {
  setTimeout(() => reject(new Error("timed out")), PAGE_TIMEOUT_MS);
});

/** A file of the release before may be gone from the server, while a page that names it is still served here. */
async function file(request) {
  const cache = await caches.open(CACHE);
  const cached = await cache.match(request);
  if (cached && fromHere) return cached;
  const response = await (cached ? Promise.race([fetch(request), timedOut()]) : fetch(request)).catch(() => null);
  if (isFile(response)) {
    await cache.put(request, response.clone());
    return response;
  }
  return cached ?? response ?? Response.error();
}
