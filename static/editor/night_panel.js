/* Opens an action of the desk in a dialog over the night: the same pages that open without JavaScript.
 *
 * A page's forms are sent from here, and its answer takes the place of the page. An answer that is the
 * night itself closes the panel.
 */

import { watchFigures } from "./correct.js";
import { fitFrames } from "./preview.js";

const root = document.querySelector(".night");
const panel = document.getElementById("night-panel");
const body = document.getElementById("panel-body");
let address = "";
let opened = 0;
/** Whether something was typed that has not been sent. */
let typed = false;

/** Whether an answer is the page to sign in: the session has ended. */
const isSignIn = (url) => /\/(login|second-factor)\//.test(new URL(url, location.href).pathname);

/** Whether a form was not accepted because the session has ended, or because another began. */
export const isInterrupted = (url, status) => status === 401 || isSignIn(url);

/** Send a form as a page: what was typed is kept through signing in. */
export function sendAsPage(url, data) {
  typed = false;
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  form.hidden = true;
  for (const [name, value] of data) {
    if (typeof value !== "string") continue;
    const field = document.createElement("textarea"); // an input loses line breaks
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

/** A paragraph with a message. */
export function paragraph(className, text) {
  const element = document.createElement("p");
  element.className = className;
  element.textContent = text;
  return element;
}

/** Called with the document of the night when an action is done, and when the panel is closed. */
export const hooks = { done: () => {}, closed: () => {} };

export const isOpen = () => panel.open;

/** Whether nothing is lost, or the editor lets it go. */
const mayLeave = () => !typed || confirm(root.dataset.leave);

/** Open a page; `options` are those of `fetch`. */
export async function open(url, options = {}) {
  if (!mayLeave()) return;
  typed = false;
  body.textContent = root.dataset.loading;
  if (!panel.open) panel.showModal();
  await load(url, options);
}

async function load(url, options) {
  const number = ++opened;
  let answer, text;
  try {
    answer = await fetch(url, { credentials: "same-origin", ...options });
    text = await answer.text();
  } catch {
    if (number === opened) showError(root.dataset.noAnswer);
    return;
  }
  // The panel was closed, or has another page by now.
  if (number !== opened) return;
  if (isInterrupted(answer.url, answer.status)) {
    return options.body ? sendAsPage(url, options.body) : location.reload();
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  if (page.getElementById("night")) {
    panel.close();
    empty();
    hooks.done(page);
    return;
  }
  address = answer.url;
  show(page);
}

function show(page) {
  const content = page.getElementById("content");
  if (!content) return showError(wordsOf(page) || root.dataset.noAnswer);
  const messages = page.querySelector(".messagelist");
  body.replaceChildren(...[messages, content].filter(Boolean).map((part) => document.importNode(part, true)));
  // Ids of the admin's own page must not be twice in this one.
  body.querySelectorAll("#content, #content-main").forEach((part) => part.removeAttribute("id"));
  panel.setAttribute("aria-label", body.querySelector("h1")?.textContent.trim() ?? panel.ariaLabel);
  watchFigures(body);
  fitFrames(body);
  const first = body.querySelector(".errors :is(input:not([type=hidden]), textarea, select)")
    ?? body.querySelector("[autofocus]")
    ?? body.querySelector("[data-votes] input:not([type=checkbox])")
    ?? body.querySelector("form input:not([type=hidden]), form textarea, form select, form button")
    ?? body.querySelector("a.button");
  (first ?? panel.querySelector("button")).focus();
  // What is typed takes the place of what stands there.
  if (first?.matches("input[type=text], input[type=search], input[type=number]")) first.select();
  panel.scrollTop = 0;
  first?.scrollIntoView({ block: "nearest" });
}

/** The sentences of the server's page of an error, in the editor's language; or all that another server wrote. */
function wordsOf(page) {
  const sentences = [...page.body.querySelectorAll("p")].filter((each) => !each.closest("[lang]:not(html)"));
  const words = sentences.map((each) => each.textContent).join(" ") || page.body.textContent;
  return words.replace(/\s+/g, " ").trim();
}

/** Say why there is no answer: above the form that was sent, or in place of “Loading…” and of an earlier error. */
function showError(text) {
  const error = paragraph("errornote", text);
  error.setAttribute("role", "alert");
  if (!body.querySelector("form")) body.replaceChildren();
  body.querySelector(":scope > [role=alert]")?.remove();
  body.prepend(error);
}

panel.addEventListener("submit", (event) => {
  const form = event.target;
  event.preventDefault();
  if (form.method === "dialog") return leave();
  const url = new URL(form.getAttribute("action") || address, address);
  const data = new FormData(form, event.submitter);
  if (form.method === "get") {
    typed = false; // what was searched for
    url.search = new URLSearchParams(data).toString();
    load(url, {});
  } else {
    send(form, event.submitter, url, data);
  }
});

/** Send a form, and say so: what the page says of what is published may have become false meanwhile. */
async function send(form, pressed, url, data) {
  const buttons = form.querySelectorAll("button[type=submit]");
  const label = pressed?.textContent;
  for (const button of buttons) button.disabled = true;
  if (pressed) pressed.textContent = root.dataset.sending;
  await load(url, { method: "post", body: data });
  // Without an answer the form is still there: its key lets it be published once.
  for (const button of buttons) button.disabled = false;
  if (!pressed?.isConnected) return;
  pressed.textContent = label;
  pressed.focus();
}

panel.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
  if (link.classList.contains("closelink")) {
    event.preventDefault();
    leave();
  } else if (link.dataset.panel !== undefined) {
    event.preventDefault();
    open(new URL(link.getAttribute("href"), address));
  }
});

panel.addEventListener("input", () => { typed = true; });
// The Escape key.
panel.addEventListener("cancel", (event) => {
  event.preventDefault();
  leave();
});
addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });

/** Close the panel if the editor lets what was typed go, and give the focus back.
 *
 * At once: the browser tells of a closing a frame later, and has the focus in the closed panel until then. The
 * next key would be a letter of its field.
 */
function leave() {
  if (!mayLeave()) return;
  panel.close();
  empty();
  hooks.closed();
}

function empty() {
  opened += 1;
  typed = false;
  body.replaceChildren();
}

// Closed by the browser itself: it may take an Escape key without asking the page.
panel.addEventListener("close", () => {
  if (panel.open || !body.hasChildNodes()) return;
  empty();
  hooks.closed();
});
