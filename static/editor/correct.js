// The sum of what is typed, and a mark on every figure that differs from what is published.
// The server works out both again: without this script the form is the same form.
"use strict";

const digits = (text) => {
  const plain = text.trim().replace(/[\s,\u2009\u202f\u00a0]/g, "");
  return /^\d+$/.test(plain) ? Number(plain) : null;
};

const form = document.querySelector(".change-of-result form");
const votes = [...form.querySelectorAll("[data-votes] input")];
const sum = form.querySelector("[data-sum]");
const language = document.documentElement.lang;

const look = () => {
  const counts = votes.map((input) => digits(input.value));
  const total = counts.reduce((all, one) => all + (one ?? 0), 0);
  sum.textContent = counts.includes(null) ? `${total.toLocaleString(language)} …` : total.toLocaleString(language);
  for (const row of form.querySelectorAll(".proposed tr")) {
    const input = row.querySelector("input");
    if (!input) continue;
    const published = input.defaultValue;
    const same = input.value.trim() === published || (digits(input.value) !== null && digits(input.value) === digits(published));
    if (!row.dataset.marked) row.dataset.marked = row.classList.contains("changed") ? "by server" : "no";
    if (row.dataset.marked === "no") row.classList.toggle("changed", !same);
  }
};

form.addEventListener("input", look);
look();
