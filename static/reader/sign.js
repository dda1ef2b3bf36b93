/* The sign of life: what the page says about its connection, and never more than it knows.
 *
 * What is known are five facts, in `facts` below; they change when something is heard, lost, asked
 * or learnt from the browser. What is said follows from the facts and the time, every second:
 *
 *   data-state    words                  true when
 *   page          As of 22:31            nothing has been heard since the page came: it is as it was
 *                                        drawn, and 22:31 is when its newest bulletin was published
 *   live          Live 22:43             the socket was heard at 22:43, at most SILENCE ago
 *   polling       Updating 22:43         the last question over HTTP was answered at 22:43, at most
 *                                        SILENCE ago, and the next one is due
 *   catching-up   Catching up            the desk was heard, and has more than this page shows
 *   reconnecting  Reconnecting           the connection was lost, and no answer has come or failed
 *   unreachable   No answer since 22:43  the last question failed, though the browser has a network;
 *                                        22:43 is when the desk was last heard
 *   offline       Offline since 22:43    the browser says that there is no network; the same 22:43
 *                 …, as of 22:31         either of these two on a page from the browser's own copy: it
 *                                        knows no more than when its newest bulletin was published
 *
 * A heartbeat comes every 20 seconds. Whatever happens to a phone in between (sleep, another page in
 * front of this one and back, a tunnel), `live` and `polling` end with SILENCE by themselves.
 */

export const SILENCE = 45_000;

const page = document.documentElement.dataset;
const sign = document.getElementById("sign-of-life");
const asServed = sign?.querySelector(".when").textContent;

/** `by`: how the desk was heard last: "page", "socket" or "question"; null once that was lost. */
export const facts = { by: "page", heardAt: loadedAt(), failed: false, behind: false };

/** When this page came over the network; null for one from the browser's own copy. */
function loadedAt() {
  const [load] = performance.getEntriesByType("navigation");
  return load?.transferSize === 0 ? null : Date.now();
}

export function heard(by) {
  facts.by = by;
  facts.heardAt = Date.now();
  facts.failed = false;
  draw();
}

/** Nothing is known of the connection any more, until something is heard or a question fails. */
export function lost() {
  if (facts.by !== "page") facts.by = null;
  facts.failed = false;
  draw();
}

export function failed() {
  facts.failed = true;
  draw();
}

export function isBehind(behind) {
  facts.behind = behind;
  draw();
}

/** The state that follows from the facts, now. */
export function stateOf({ by, heardAt, failed: last, behind }, now, online) {
  const recent = heardAt !== null && now - heardAt <= SILENCE;
  if (recent && (by === "socket" || (by === "question" && !last))) {
    if (behind) return "catching-up";
    return by === "socket" ? "live" : "polling";
  }
  if (!online) return "offline";
  if (last) return "unreachable";
  return by === "page" ? "page" : "reconnecting";
}

function timeOf(state) {
  if (state === "page") return asServed;
  if (state === "catching-up" || state === "reconnecting") return "";
  return facts.heardAt === null ? asServed : clock(facts.heardAt);
}

function clock(time) {
  return new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit", minute: "2-digit", timeZone: page.zone,
  }).format(time);
}

function wordsOf(state) {
  if (facts.heardAt === null && (state === "offline" || state === "unreachable")) {
    return sign.dataset[`${state}AsOf`];
  }
  return sign.dataset[state.replace(/-./, (part) => part[1].toUpperCase())];
}

function put(part, text) {
  const element = sign.querySelector(part);
  if (element.textContent !== text) element.textContent = text;
}

export function draw() {
  if (!sign) return;
  const state = stateOf(facts, Date.now(), navigator.onLine);
  if (sign.dataset.state !== state) sign.dataset.state = state;
  put(".state", wordsOf(state));
  put(".when", timeOf(state));
  put(".sequence", page.sequence);
}
