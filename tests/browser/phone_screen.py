"""A phone's screen held against the database: its sentences are those of `phone_claims`.

A sentence that is in no table there is reported like one that is false.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Page

from tests.browser.phone_claims import (
    LINES,
    SILENT,
    SINCE,
    STRIP,
    TITLES,
    Claim,
    Moment,
    general_sentences,
)
from tests.seeds.truth import Record

#: What the phone shows, and what it holds: `{count, strip, receipt, entries, items, answers}`.
READ = """async () => {
  const { items, isStored, isSending, isHeld } = await import("/static/reporter/outbox.js");
  const { answers } = await import("/static/reporter/answers.js");
  const text = (root, part) => root.querySelector(`[data-part="${part}"]`).textContent.trim();
  const shown = (element) => ["label", "title", "line"].map((part) => text(element, part));
  const before = await handed();
  const receipt = document.querySelector("main [data-receipt]");
  const screen = {
    count: location.pathname.split("/").at(-2),
    strip: document.querySelector("#strip [data-words]").textContent.trim(),
    receipt: receipt && shown(receipt),
    entries: [...document.querySelectorAll("main [data-outbox-list] .entry")]
      .map((entry) => [entry.dataset.open, ...shown(entry)]),
    items: items().map((item) => ({
      ...item, picture: null, sending: isSending(item.key), held: isHeld(item.key),
      stored: isStored(item.key) && localStorage.getItem(`outbox:${item.key}`) !== null,
    })),
    answers: answers(),
    refuses: refuses(),
  };
  // It may have been handed over, or taken back, meanwhile.
  const keys = new Set([...before, ...(await handed())]);
  for (const item of screen.items) item.handed = keys.has(item.key);
  return screen;
  async function handed() {
    if (!(await globalThis.caches?.has("outbox"))) return [];
    const entries = await (await caches.open("outbox")).keys();
    return entries.map(({ url }) => url.split("/").at(-1));
  }
  function refuses() {
    try {
      localStorage.setItem("probe", "x".repeat(1_000));
      localStorage.removeItem("probe");
      return false;
    } catch { return true; }
  }
}"""


class Screen:
    """A phone's page whose sentences are held against the database."""

    def __init__(self, page: Page, record: Callable[[], Record]) -> None:
        self.page = page
        self.record = record

    def read(self) -> dict[str, Any]:
        screen: dict[str, Any] = self.page.evaluate(READ)
        return screen

    def assert_true(self, when: str) -> None:
        """Hold what is shown, and then the list of everything, against the database."""
        self._compare(when)
        self.page.locator("[data-show-outbox]").click()
        self._compare(when)

    def _compare(self, when: str) -> None:
        """What changes while it is read may be true before or after."""
        before, screen = self.record(), self.read()
        found = false_sentences(screen, before)
        if not found:
            return
        after = self.record()
        found = [each for each in found if each in false_sentences(screen, after)]
        assert found == [], f"{when}: {found}\n{screen}\n{after}"


def false_sentences(screen: dict[str, Any], record: Record) -> list[str]:
    """The sentences on the screen that are false, or in no table."""
    return list(_check(screen, record))


def _check(screen: dict[str, Any], record: Record) -> Iterator[str]:
    up_to_date = not any(note in screen["strip"] for note in (SILENT, SINCE))
    moments = _moments(screen, record, up_to_date)
    for key, label, title, line in screen["entries"]:
        yield from _check_entry(label, title, line, [moments[key]] if key in moments else [])
    if screen["receipt"]:
        label, title, line = screen["receipt"]
        of_label = [moments[key] for key in moments if _label(screen, key) == label]
        yield from _check_entry(label, title, line, of_label)
    yield from _check_strip(screen, record, moments)


def _moments(screen: dict[str, Any], record: Record, up_to_date: bool) -> dict[str, Moment]:
    items = {item["key"]: item for item in screen["items"]}
    keys = [*items, *(answer["key"] for answer in screen["answers"])]
    return {
        key: Moment(items.get(key), record["facts"].get(key), record, up_to_date) for key in keys
    }


def _label(screen: dict[str, Any], key: str) -> str:
    held = [*screen["items"], *screen["answers"]]
    return next((each["label"] for each in held if each["key"] == key), "")


def _check_entry(label: str, title: str, line: str, moments: list[Moment]) -> Iterator[str]:
    if not _is_true(TITLES, title, moments):
        yield f"{label}: {title}"
    if " · " in line or _is_summary(title):
        line = line.rsplit(" · ", 1)[1] if " · " in line else ""
    rest = line
    while rest:
        rest, is_true, sentence = _take(LINES, rest, moments)
        if not is_true:
            yield f"{label}: {sentence}"


def _is_summary(title: str) -> bool:
    """Whether the line below is what was published, in the desk's words."""
    return title.startswith("Published") and "since" not in title


def _is_true(table: dict[str, Claim], text: str, moments: list[Moment]) -> bool:
    found = ((re.fullmatch(pattern, text), claim) for pattern, claim in table.items())
    return any(match and any(claim(each, match) for each in moments) for match, claim in found)


def _take(table: dict[str, Claim], text: str, moments: list[Moment]) -> tuple[str, bool, str]:
    """Take the longest sentence that the text begins with: what is left, and whether it is true."""
    found = ((re.match(pattern, text), claim) for pattern, claim in table.items())
    longest = max(
        ((match, claim) for match, claim in found if match),
        key=lambda one: one[0].end(),
        default=None,
    )
    if longest is None:
        return "", False, f"in no table: {text}"
    match, claim = longest
    is_true = any(claim(moment, match) for moment in moments)
    return text[match.end() :].lstrip(), is_true, match[0]


def _check_strip(
    screen: dict[str, Any], record: Record, moments: dict[str, Moment]
) -> Iterator[str]:
    """Sentence by sentence: those about a submission hold for one of its label."""
    rest, current = screen["strip"], list(moments.values())
    nothing = Moment(None, None, record, up_to_date=True)
    labels = {_label(screen, key) for key in moments}
    about = dict(general_sentences(screen, record))
    for label in sorted(labels, key=len):
        for pattern, claim in STRIP.items():
            about[pattern.replace("{label}", re.escape(label))] = claim
    while rest:
        named = next((label for label in labels if rest.startswith(f"{label}:")), "")
        if named:
            current = [moments[key] for key in moments if _label(screen, key) == named]
        own = _of_label(moments, screen, rest, labels) or current or [nothing]
        rest, is_true, sentence = _take({**LINES, **about}, rest, own)
        if not is_true:
            yield f"strip: {sentence}"


def _of_label(
    moments: dict[str, Moment], screen: dict[str, Any], text: str, labels: set[str]
) -> list[Moment]:
    """The submissions of the label that comes first in a text."""
    places = sorted((text.find(label), -len(label), label) for label in labels if label in text)
    return [moments[key] for key in moments if places and _label(screen, key) == places[0][2]]
