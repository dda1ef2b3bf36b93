/* Requests of the phone's scripts, how long they last, and the token that they need. */

/** Post a form; null without a response. With `keepalive` it is sent even if the page is closed meanwhile. */
export async function post(address, body, token, signal, keepalive = false) {
  try {
    return await fetch(address, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": token },
      redirect: "manual",
      cache: "no-store",
      signal,
      keepalive,
    });
  } catch { return null; }
}

export async function jsonOf(response) {
  if (!response?.headers.get("Content-Type")?.startsWith("application/json")) return null;
  try { return await response.json(); } catch { return null; }
}

export function cookie(which) {
  const pair = document.cookie.split("; ").find((entry) => entry.startsWith(`${which}=`));
  return pair ? decodeURIComponent(pair.slice(which.length + 1)) : "";
}

/** `{token, reporter}` of who is signed in; null without the server's answer. */
export async function freshToken() {
  try {
    return await jsonOf(await fetch(document.body.dataset.token, { cache: "no-store", redirect: "manual" }));
  } catch { return null; }
}

/** An AbortSignal that aborts after so many milliseconds. Safari has AbortSignal.timeout since iOS 16. */
export function timeout(milliseconds) {
  return timeout.controller(milliseconds).signal;
}

/** As its controller, which says in `timedOut` whether the time was up. */
timeout.controller = (milliseconds) => {
  const controller = new AbortController();
  controller.timedOut = false;
  setTimeout(() => { controller.timedOut = true; controller.abort(); }, milliseconds);
  return controller;
};
