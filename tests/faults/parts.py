"""Fragments of a page by their id, as `{id: html}`."""

import re
from html.parser import HTMLParser

#: Ids that bulletins carry: parts of the night, and of every seat.
CARRIED = re.compile(
    r"progress|headline|scoreboard|elsewhere|groups|feed|expected|corrections|(seat|row|hex)-.+"
)
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class _Parts(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: dict[str, str] = {}
        self._source = source
        self._starts = [0, *(match.end() for match in re.finditer("\n", source))]
        self._open: list[tuple[str, str | None, int]] = []
        self.feed(source)

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._starts[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append((tag, dict(attrs).get("id"), self._offset()))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        while self._open:
            opened, name, start = self._open.pop()
            if opened == tag:
                if name and CARRIED.fullmatch(name):
                    end = self._source.index(">", self._offset()) + 1
                    self.found[name] = self._source[start:end]
                return


def parts_of(page: str) -> dict[str, str]:
    return _Parts(page).found
