/* Makes the preview's frame as tall as the page in it: one scroll bar instead of two. */

/** Fit the frames within `root`. */
export function fitFrames(root) {
  for (const frame of root.querySelectorAll("iframe.reader-page")) {
    const fit = () => {
      const page = frame.contentDocument?.documentElement;
      // Not its scrollHeight, which is never less than the height of the frame.
      if (page) frame.style.height = `${Math.ceil(page.getBoundingClientRect().height)}px`;
    };
    frame.addEventListener("load", () => {
      fit();
      if (frame.contentDocument?.body) new ResizeObserver(fit).observe(frame.contentDocument.body);
    });
    if (frame.contentDocument?.readyState === "complete") fit();
  }
}

fitFrames(document);
