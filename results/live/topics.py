"""What a page shows, as the names of topics: its socket is sent the fragments of these only."""

import re
from collections.abc import Iterable

from results.live.feed_list import is_entry
from results.live.fragments import NIGHT, Fragments

#: Sorted names without repetition. None is everything, with the feed composed: what programs and
#: the pages of earlier releases read.
Topics = tuple[str, ...]

#: Seats that one page may name.
MAX_SEATS = 8

#: The fragments of topics that do not depend on a seat, by element id.
_ELEMENTS: dict[str, frozenset[str]] = {
    "front": frozenset(NIGHT),
    "scoreboard": frozenset({"progress", "headline", "scoreboard"}),
    "map": frozenset({"progress"}),
    "feed": frozenset({"feed"}),
    "corrections": frozenset({"corrections"}),
    # Lists that are fetched again when the log has grown: they need no fragments.
    "listing": frozenset(),
}
#: The same, by what the id begins with.
_PREFIXES: dict[str, tuple[str, ...]] = {"front": ("row-", "hex-"), "map": ("hex-",)}
_WITH_ENTRIES = frozenset({"front", "feed"})
_SEAT = re.compile(r"seat:([-\w]{1,100})", re.ASCII)


def parse_topics(text: str) -> Topics | None:
    """One topic such as `front`, or up to eight seats: `seat:vale,seat:moor`.

    None for an empty text. Raises ValueError for anything else. Large frames are bounded in number
    that way: those of a few seats are small.
    """
    if not text:
        return None
    topics = tuple(sorted({*text.split(",")}))
    if text in _ELEMENTS:
        return topics
    if len(topics) > MAX_SEATS or not all(map(_SEAT.fullmatch, topics)):
        raise ValueError(f"neither a topic nor up to {MAX_SEATS} seats: {text[:120]!r}")
    return topics


def select(fragments: Fragments, topics: Iterable[str]) -> Fragments:
    """Those of the fragments that pages with these topics show."""
    selected: Fragments = {}
    for topic in topics:
        if seat := _SEAT.fullmatch(topic):
            for name in (f"seat-{seat[1]}", f"seat-voices-{seat[1]}"):
                if name in fragments:
                    selected[name] = fragments[name]
        else:
            selected |= {name: html for name, html in fragments.items() if _shows(topic, name)}
    return selected


def _shows(topic: str, name: str) -> bool:
    return (
        name in _ELEMENTS[topic]
        or name.startswith(_PREFIXES.get(topic, ()))
        or (topic in _WITH_ENTRIES and is_entry(name))
    )
