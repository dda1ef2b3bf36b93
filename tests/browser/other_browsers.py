"""Browsers of other makers than Chromium's, each with an empty profile.

WebKitGTK has the engine of Debian's newest Safari, WPE that of Safari 16: those of phones that
reporters and readers have. Firefox is Debian's long-term release. They are driven by Selenium and,
without geckodriver, which Debian lacks, by Mozilla's own Marionette.
"""

import os
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from marionette_driver.marionette import Marionette
from selenium import webdriver
from selenium.webdriver.webkitgtk.options import Options as GtkOptions
from selenium.webdriver.webkitgtk.service import Service as GtkService
from selenium.webdriver.wpewebkit.options import Options as WpeOptions
from selenium.webdriver.wpewebkit.service import Service as WpeService

from tests import needs
from tests.chromium import WAIT_SECONDS
from tests.ports import free_port

#: Otherwise the buttons of its window keep MiniBrowser wider than a phone.
NARROW = "* { font-size: 1px; padding: 0; margin: 0; border: 0; min-width: 0; min-height: 0 }"


class OtherBrowser(ABC):
    """One window. `find` and `run` are those of WebDriver: a CSS selector, a function's body."""

    #: Of the element: it has `click`, `send_keys` and `text`.
    driver: Any

    @abstractmethod
    def goto(self, url: str) -> None: ...

    @abstractmethod
    def run(self, script: str, *arguments: object) -> Any: ...

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def set_width(self, width: int) -> None:
        """Make the page this wide, in CSS pixels."""

    def find(self, selector: str) -> Any:
        return self.driver.find_element("css selector", selector)

    @abstractmethod
    def enter(self, frame: Any) -> None:
        """Let `run`, `find` and `text` be of an element's frame; of the page again with None."""

    def press(self, words: str) -> None:
        """Press the visible button that begins with these words."""
        [element] = [
            each
            for each in self.driver.find_elements("css selector", "button")
            if each.is_displayed() and each.text.strip().startswith(words)
        ]
        element.click()

    def text(self, selector: str) -> str:
        return str(
            self.run("return document.querySelector(arguments[0])?.innerText ?? ''", selector)
        )

    def wait(self, condition: Callable[[], object]) -> None:
        """Look until `condition` holds, for at most WAIT_SECONDS."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"never; seen: {self.text('body')[:2_000]}"
            time.sleep(0.05)

    def wait_for_text(self, selector: str, words: str) -> None:
        self.wait(lambda: words in self.text(selector))


class WebKit(OtherBrowser):
    def goto(self, url: str) -> None:
        self.driver.get(url)

    def run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    def enter(self, frame: Any) -> None:
        if frame is None:
            self.driver.switch_to.default_content()
        else:
            self.driver.switch_to.frame(frame)

    def close(self) -> None:
        self.driver.quit()


class NewestWebKit(WebKit):
    """Debian's WebKitGTK, in a window on `display`."""

    def __init__(self, folder: Path, display: str) -> None:
        binary = needs.program(
            "MiniBrowser", package="webkit2gtk-driver", folders="/usr/lib/*/webkit2gtk-4.1"
        )
        driver = needs.program("WebKitWebDriver", package="webkit2gtk-driver")
        (folder / "gtk-3.0").mkdir(parents=True)
        (folder / "gtk-3.0" / "gtk.css").write_text(NARROW)
        environment = {**os.environ, "DISPLAY": display, "XDG_CONFIG_HOME": str(folder)}
        options = GtkOptions()
        options.binary_location = str(binary)
        options.add_argument("--automation")
        service = GtkService(str(driver), log_output=str(folder / "driver.log"), env=environment)
        self.driver = webdriver.WebKitGTK(options, service)
        self.set_width(390)

    def set_width(self, width: int) -> None:
        self.driver.set_window_size(width, 860)
        self.wait(lambda: self.run("return innerWidth") == width)


class OlderWebKit(WebKit):
    """Debian's WPE WebKit: 800 by 600 pixels, always."""

    def __init__(self, folder: Path, _display: str) -> None:
        binary = needs.program("cog", package="cog")
        driver = needs.program("WPEWebDriver", package="wpewebkit-driver")
        folder.mkdir(parents=True)
        options = WpeOptions()
        options.binary_location = str(binary)
        options.set_capability("browserName", "cog")
        options.add_argument("--automation")
        options.add_argument("--platform=headless")
        service = WpeService(str(driver), log_output=str(folder / "driver.log"))
        self.driver = webdriver.WPEWebKit(options, service)

    def set_width(self, width: int) -> None:
        raise NotImplementedError("its size is fixed")


class Firefox(OtherBrowser):
    """Debian's Firefox without a window, 500 pixels wide or more."""

    def __init__(self, folder: Path, _display: str) -> None:
        binary = needs.program("firefox-esr", package="firefox-esr")
        folder.mkdir(parents=True)
        self.driver = Marionette(
            bin=str(binary),
            headless=True,
            port=free_port(),
            gecko_log=str(folder / "firefox.log"),
            startup_timeout=WAIT_SECONDS,
        )
        self.driver.start_session()

    def goto(self, url: str) -> None:
        self.driver.navigate(url)

    def run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, script_args=arguments)

    def enter(self, frame: Any) -> None:
        self.driver.switch_to_frame(frame)

    def set_width(self, width: int) -> None:
        self.driver.set_window_rect(width=width, height=900)

    def close(self) -> None:
        self.driver.quit()
        self.driver.cleanup()
        del self.driver  # whose profile removes itself


OTHER_BROWSERS: dict[str, type[NewestWebKit | OlderWebKit | Firefox]] = {
    "WebKitGTK": NewestWebKit,
    "WPE WebKit": OlderWebKit,
    "Firefox": Firefox,
}


@contextmanager
def screen() -> Iterator[str]:
    """Run an X server that shows nothing; yield its display. Raises Missing."""
    program = needs.program("Xvfb", package="xvfb")
    size = ("-screen", "0", "1600x1200x24", "-nolisten", "tcp")
    with subprocess.Popen(
        [program, "-displayfd", "1", *size],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            yield f":{server.stdout.readline().strip()}"
        finally:
            server.terminate()
