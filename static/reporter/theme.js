/* Dark for a bright stage, light for a dark hall, or the other way round: the reporter's to choose.
   The page's own dark rules are switched, so that there is one set of colours. Not a module: it
   runs before anything is painted. */

(() => {
  const QUERY = "(prefers-color-scheme: dark)";
  const rules = [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof CSSMediaRule && rule.media.mediaText === QUERY);
  const read = () => { try { return localStorage.getItem("theme"); } catch { return null; } };

  function wear(theme) {
    const media = { dark: "all", light: "not all" }[theme] ?? QUERY;
    for (const rule of rules) rule.media.mediaText = media;
    document.documentElement.style.colorScheme = theme ?? "";
  }

  const isDark = () => (read() ?? (matchMedia(QUERY).matches ? "dark" : "light")) === "dark";
  wear(read());

  addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector("[data-theme-button]");
    if (!button) return;
    const name = () => { button.textContent = isDark() ? button.dataset.light : button.dataset.dark; };
    button.addEventListener("click", () => {
      const theme = isDark() ? "light" : "dark";
      try { localStorage.setItem("theme", theme); } catch { /* for this page, then */ }
      wear(theme);
      name();
    });
    button.hidden = false;
    name();
  });
})();
