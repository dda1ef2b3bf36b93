// The preview grows to its page, so that there is one scroll bar and not two.
"use strict";

for (const frame of document.querySelectorAll("iframe.reader-page")) {
  const fit = () => {
    const page = frame.contentDocument?.documentElement;
    if (page) frame.style.height = `${page.scrollHeight}px`;
  };
  frame.addEventListener("load", () => {
    fit();
    if (frame.contentDocument?.body) new ResizeObserver(fit).observe(frame.contentDocument.body);
  });
  if (frame.contentDocument?.readyState === "complete") fit();
}
