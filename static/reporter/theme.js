/* The reporter's choice of a dark or a light page, for dark halls and bright stages.
 *
 * It switches the page's own dark rules on and off, so that there is one set of colours. Not a module:
 * it runs before the page is painted. */

(() => {
  const QUERY = "(prefers-color-scheme: dark)";
  const rules = [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof CSSMediaRule && rule.media.mediaText === QUERY);
  const chosen = () => { try { return localStorage.getItem("theme"); } catch { return null; } };

  function apply(theme) {
    const media = { dark: "all", light: "not all" }[theme] ?? QUERY;
    for (const rule of rules) rule.media.mediaText = media;
    document.documentElement.style.colorScheme = theme ?? "";
  }

  const isDark = () => (chosen() ?? (matchMedia(QUERY).matches ? "dark" : "light")) === "dark";
  apply(chosen());

  addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("[data-theme-button]");
    if (!button) return;
    const label = () => { button.textContent = isDark() ? button.dataset.light : button.dataset.dark; };
    button.addEventListener("click", () => {
      const theme = isDark() ? "light" : "dark";
      try { localStorage.setItem("theme", theme); } catch { /* it holds for this page */ }
      apply(theme);
      label();
    });
    button.hidden = false;
    label();
  });
})();
