"""Measure a first visit in Chromium: `python -m tests.first_visit URL [HEADER=VALUE…]`.

Prints the bytes transferred for each address that the page loads, headers included. Runs in a
process of its own, since playwright's event loop and the ORM exclude each other.
"""

import json
import subprocess
import sys
from typing import Any

from playwright.sync_api import sync_playwright

from tests import needs
from tests.chromium import FLAGS, full_chromium_program

#: Most seconds on a loaded machine.
VISIT_SECONDS = 120.0


def measure(url: str, headers: dict[str, str]) -> dict[str, int]:
    """Bytes received for each address, with nothing in the browser's cache."""
    addresses: dict[str, str] = {}
    received: dict[str, int] = {}
    with sync_playwright() as playwright:
        # The headless shell asks for no icon of a page.
        program = full_chromium_program()
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = browser.new_page(extra_http_headers=headers)
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")

        def note_request(event: dict[str, Any]) -> None:
            addresses[event["requestId"]] = event["request"]["url"]

        def note_end(event: dict[str, Any]) -> None:
            received[addresses[event["requestId"]]] = int(event["encodedDataLength"])

        session.on("Network.requestWillBeSent", note_request)
        session.on("Network.loadingFinished", note_end)
        page.goto(url, wait_until="networkidle")
        browser.close()
    return received


def first_visit(url: str, **headers: str) -> dict[str, int]:
    """Run `measure` in a process of its own."""
    arguments = [f"{name}={value}" for name, value in headers.items()]
    completed = subprocess.run(
        [sys.executable, "-m", "tests.first_visit", url, *arguments],
        cwd=needs.ROOT, check=True, capture_output=True, text=True, timeout=VISIT_SECONDS,
    )  # fmt: skip
    sizes: dict[str, int] = json.loads(completed.stdout)
    return sizes


if __name__ == "__main__":
    pairs = (pair.partition("=") for pair in sys.argv[2:])
    print(json.dumps(measure(sys.argv[1], {name: value for name, _, value in pairs})))
