"""Take pictures of pages and measure what does not fit, in one Chromium.

    python -m tests.walk http://127.0.0.1:8000 FOLDER /ge2019/ /ge2019/records/ …

Each page at five widths, light and dark; FOLDER gets page-width-scheme.png.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.fit import problems
from tests.chromium import FLAGS, headless_chromium

WIDTHS = {320: 640, 390: 844, 768: 1024, 1440: 900, 1920: 1080}
SETTLE_MS = 700


def walk(base: str, folder: Path, paths: list[str]) -> int:
    """Print each problem of the pages; return the number of problems."""
    folder.mkdir(parents=True, exist_ok=True)
    number = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=headless_chromium(), args=FLAGS)
        for scheme in ("light", "dark"):
            page = browser.new_page(color_scheme=scheme)
            for path in paths:
                page.goto(base + path)
                for width, height in WIDTHS.items():
                    page.set_viewport_size({"width": width, "height": height})
                    page.wait_for_timeout(SETTLE_MS)
                    name = path.strip("/").replace("/", "-").replace("?", "-") or "home"
                    page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
                    for problem in problems(page) if scheme == "light" else ():
                        number += 1
                        print(width, path, problem)
        browser.close()
    return number


if __name__ == "__main__":
    sys.exit(walk(sys.argv[1], Path(sys.argv[2]), sys.argv[3:]) > 0)
