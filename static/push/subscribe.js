/* Subscribes this browser to Web Push, and unsubscribes it. Only the browser stores whether it is subscribed. */

const ADDRESS = "/push/";

const canPush = () => Boolean(globalThis.PushManager && navigator.serviceWorker && globalThis.Notification);

const registered = () => navigator.serviceWorker.getRegistration(ADDRESS);

/** The browser's subscription, or null; null as well where it was made with an earlier key of the desk: its push
    service refuses what is signed with the present one. */
export async function current() {
  const subscription = (await (await registered())?.pushManager.getSubscription()) ?? null;
  const offered = subscription && await settings();
  return offered && isMadeWith(subscription, offered.key) ? subscription : null;
}

function isMadeWith({ options }, key) {
  const made = options?.applicationServerKey;
  if (!made) return true; // this browser does not say
  const text = btoa(String.fromCharCode(...new Uint8Array(made)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") === key;
}

async function settings() {
  const response = await fetch(`${ADDRESS}settings/`, { cache: "no-store" });
  return response.status === 200 ? response.json() : null;
}

/** Whether the newsroom has turned it on. */
export const isOffered = async () => canPush() && (await settings().catch(() => null)) !== null;

/** Ask the reader, and subscribe; null if they, or the browser, said no. */
export async function ask() {
  const offered = await settings();
  if (!offered || (await Notification.requestPermission()) !== "granted") return null;
  const registration = await navigator.serviceWorker.register(`${ADDRESS}worker.js`, { scope: ADDRESS });
  await active(registration);
  const options = { userVisibleOnly: true, applicationServerKey: offered.key };
  const before = await registration.pushManager.getSubscription();
  try {
    if (before && isMadeWith(before, offered.key)) return before;
    await before?.unsubscribe();
    return await registration.pushManager.subscribe(options);
  } catch {
    return null;
  }
}

/** Resolves once the worker can be subscribed for. */
function active(registration) {
  const worker = registration.installing ?? registration.waiting;
  if (!worker) return Promise.resolve();
  return new Promise((resolve) => {
    worker.addEventListener("statechange", () => { if (worker.state === "activated") resolve(); });
  });
}

/** Post a subscription with more fields: `[[name, value], …]`. Whether the desk took it. */
export async function post(address, subscription, fields) {
  const offered = await settings();
  if (!offered) return false;
  const { endpoint, keys } = subscription.toJSON();
  const body = new FormData();
  for (const [name, value] of Object.entries({ endpoint, ...keys })) body.set(name, value);
  body.set("language", document.documentElement.lang);
  for (const [name, value] of fields) body.append(name, value); // the last one of a name counts
  const headers = { "X-CSRFToken": offered.token };
  const response = await fetch(address, { method: "POST", body, headers });
  return response.ok;
}
