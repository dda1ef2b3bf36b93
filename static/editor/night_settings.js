/* Settings of this browser: whether keys of one character work, and whether there is a sound. */

const DEFAULTS = { keys: true, sound: false };

export function setting(name) {
  try {
    const stored = localStorage.getItem(`night-${name}`);
    return stored === null ? DEFAULTS[name] : stored === "on";
  } catch {
    return DEFAULTS[name];
  }
}

/** Show the settings in their boxes, store what is changed, and call `changed(name, on, byHand)` for each. */
export function watchSettings(changed) {
  for (const box of document.querySelectorAll("[data-setting]")) {
    const name = box.dataset.setting;
    box.checked = setting(name);
    changed(name, box.checked, false);
    box.addEventListener("change", () => {
      try {
        localStorage.setItem(`night-${name}`, box.checked ? "on" : "off");
      } catch {
        // Private browsing may store nothing: the setting lasts as long as the page.
        DEFAULTS[name] = box.checked;
      }
      changed(name, box.checked, true);
    });
  }
}
