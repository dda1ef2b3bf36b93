/* Requests of the phone's scripts, and the token that they need. */

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

export async function freshToken() {
  try {
    const response = await fetch(document.body.dataset.token, { cache: "no-store", redirect: "manual" });
    return (await jsonOf(response))?.token ?? "";
  } catch { return ""; }
}
