"""Fragments of a page by their id, as `{id: html}`."""

import re
from html.parser import HTMLParser

from results.live.feed_list import entry_ids, is_entry, placeholder

#: Ids that bulletins carry: parts of the night, and of every seat.
CARRIED = re.compile(
    r"progress|headline|scoreboard|party-table|elsewhere|groups|feed|expected|watch|corrections"
    r"|(seat|row|hex|shade)-.+"
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
    """The page's fragments as bulletins carry them: its feed is a list of ids."""
    found = _Parts(page).found
    table = found.pop("party-table", "")
    if table and table not in found["scoreboard"]:
        # The live page shows it further down.
        found["scoreboard"] = join_scoreboard(found["scoreboard"], f"{table}\n")
    return split_feed(found)


def join_scoreboard(bar: str, table: str) -> str:
    """The scoreboard as bulletins carry it, of the two parts that `split_scoreboard` returns."""
    end = "</section>"
    return bar.removesuffix(end) + table + end if table else bar


def split_feed(parts: dict[str, str]) -> dict[str, str]:
    """The parts with the feed as a list of ids, and each entry as a part of its own."""
    if "feed" not in parts:
        return parts
    entries = {}

    def take(article: re.Match[str]) -> str:
        entry_id = article[0].split('id="')[1].split('"')[0]
        entries[entry_id] = article[0]
        return placeholder(entry_id)

    feed = re.sub(r"<article.*?</article>", take, parts["feed"], flags=re.DOTALL)
    return parts | entries | {"feed": feed}


def with_later(parts: dict[str, str], later: dict[str, str]) -> dict[str, str]:
    """What an open page shows with later fragments: of the entries those that its feed lists."""
    shown = {name: later.get(name, html) for name, html in parts.items() if not is_entry(name)}
    if "feed" not in shown:
        return shown
    return shown | {name: later.get(name) or parts[name] for name in entry_ids(shown["feed"])}
