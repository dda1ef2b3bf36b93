"""Find English that is left on a page in Welsh."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser

from tests.translation.catalogue import load, translations_of

#: Attributes whose values people see or hear.
READ = frozenset({"title", "alt", "aria-label", "placeholder", "content", "summary", "label"})
#: Of no text in Welsh, of words that are the same in both, or of programs.
UNREAD = frozenset({"script", "style", "code", "pre", "textarea"})
WORDS = re.compile(
    r"\b(the|of|and|are|was|were|has|have|not|this|that|with|from|which|their|your|you|what|when|"
    r"seats?|votes?|counts?|results?|elected|declared|published|bulletin)\b",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")


class _Texts(HTMLParser):
    """The texts of a page: of its elements, and of attributes that are read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        #: The open elements; those in another language than the page's are left out.
        self._left_out: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if self._left_out:
            self._left_out += [tag] if tag == self._left_out[0] else []
            return
        if tag in UNREAD or (attributes.get("lang") or "cy") != "cy":
            self._left_out.append(tag)
            return
        for name, value in attrs:
            if value and (name in READ or (name.startswith("data-") and " " in value)):
                self.found.append(" ".join(value.split()))

    def handle_endtag(self, tag: str) -> None:
        if self._left_out and tag == self._left_out[0]:
            self._left_out.pop()

    def handle_data(self, data: str) -> None:
        if not self._left_out and data.strip():
            self.found.append(" ".join(data.split()))


@cache
def _originals() -> tuple[frozenset[str], tuple[re.Pattern[str], ...]]:
    """Original messages that read otherwise in Welsh: whole texts, and patterns of sentences."""
    texts: set[str] = set()
    patterns: list[re.Pattern[str]] = []
    for entry in load():
        for original in filter(None, (entry.msgid, entry.msgid_plural)):
            if original in translations_of(entry):
                continue
            parts = [" ".join(part.split()) for part in _PLACEHOLDER.split(original)]
            if len(parts) == 1:
                texts.add(parts[0])
            elif sum(len(re.findall(r"[A-Za-z]{2,}", part)) for part in parts) > 1:
                patterns.append(re.compile(r".*?".join(map(re.escape, parts))))
    return frozenset(texts), tuple(patterns)


def english_in(page: str, data: Iterable[str] = ()) -> list[str]:
    """Texts that are original messages, or have English words; `data` are names and typed words."""
    return list(dict.fromkeys(_english(_Texts(page).found, sorted(data, key=len, reverse=True))))


def _english(texts: Iterable[str], data: list[str]) -> Iterator[str]:
    originals, patterns = _originals()
    for text in texts:
        left = text
        for name in data:
            left = left.replace(name, "")
        left = " ".join(_PLACEHOLDER.sub(" ", left).split())
        whole = left.strip(" .,:;·")
        is_original = left in originals or whole in originals
        if is_original or WORDS.search(left) or any(each.fullmatch(left) for each in patterns):
            yield text
