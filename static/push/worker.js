/* Service worker of Web Push: shows what is sent. It controls no page, and caches nothing. */

addEventListener("install", () => skipWaiting());

addEventListener("push", (event) => {
  let message;
  try { message = event.data.json(); } catch { return; }
  const { title, body, tag, url, lang } = message;
  // A correction takes the place of what was said before, and is heard again.
  event.waitUntil(registration.showNotification(title, { body, tag, lang, renotify: true, data: { url } }));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { href, origin } = new URL(event.notification.data.url, location.href);
  if (origin === location.origin) event.waitUntil(show(href));
});

/** Bring the page to the front where it is open, else open it. */
async function show(href) {
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = pages.find((page) => page.url.split(/[?#]/)[0] === href);
  await (open ? open.focus() : clients.openWindow(href));
}
