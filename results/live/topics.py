"""Topics, the parts that a page shows: its socket is sent only the fragments of these."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from results.live.feed_list import is_entry
from results.live.fragments import NIGHT, body_id, region_id, ward_id
from results.live.frames import Fragments

#: Sorted names without repetition. None means everything, with the feed composed, as programs and
#: the pages of earlier releases expect it.
Topics = tuple[str, ...]

#: The most seats, regions and bodies that one page may name.
MAX_AREAS = 8
#: The most contests that one page may name for their rows and hexagons only: a seat, two rings
#: round it, and those that declared before and after it.
MAX_NEAR = 21

#: The fragments of topics that do not depend on a seat, by element id.
_ELEMENTS: dict[str, frozenset[str]] = {
    "front": frozenset(NIGHT),
    "scoreboard": frozenset({"progress", "headline", "scoreboard"}),
    "map": frozenset({"progress"}),
    # The same pages once a reader has chosen another mode of the map than winners.
    "front-shades": frozenset(NIGHT),
    "map-shades": frozenset({"progress"}),
    "feed": frozenset({"feed"}),
    "corrections": frozenset({"corrections"}),
    # Lists need no fragments, because pages fetch them again when the log has grown.
    "listing": frozenset(),
    # A newsroom's screen fetches its page like a list but without a delay, as there are few.
    "wall": frozenset(),
}
#: The same by prefixes of element ids.
_PREFIXES: dict[str, tuple[str, ...]] = {
    "front": ("row-", "hex-", "council-"),
    "map": ("hex-",),
    "front-shades": ("row-", "shade-", "council-"),
    "map-shades": ("shade-",),
}
_WITH_ENTRIES = frozenset({"front", "front-shades", "feed"})
#: With the longest slug that a contest or a body may have.
_AREA = re.compile(r"(seat|region|body|council|near):([-\w]{1,120})", re.ASCII)


# One tuple for all readers with the same topics.
@lru_cache(maxsize=1000)
def parse_topics(text: str) -> Topics | None:
    """Parse one topic such as `front`, or up to eight areas: `seat:vale,region:wales`.

    `body:northshire` is the body with its contests, `council:northshire` the body only,
    `near:vale` the row and the hexagon of a contest on the page of another.

    Returns None for empty text. Raises ValueError for anything else. That bounds the number of
    large frames: those of a few seats are small.
    """
    if not text:
        return None
    topics = tuple(sorted({*text.split(",")}))
    if text in _ELEMENTS:
        return topics
    near = sum(topic.startswith("near:") for topic in topics)
    too_many = near > MAX_NEAR or len(topics) - near > MAX_AREAS
    if too_many or not all(map(_AREA.fullmatch, topics)):
        raise ValueError(f"neither a topic nor up to {MAX_AREAS} seats: {text[:120]!r}")
    return topics


def select(fragments: Fragments, topics: Iterable[str]) -> Fragments:
    """Return those of the fragments that pages with these topics show."""
    selected: Fragments = {}
    for topic in topics:
        if area := _AREA.fullmatch(topic):
            names = _elements_of(area[1], area[2], fragments)
        else:
            names = [name for name in fragments if _shows(topic, name)]
        selected |= {name: fragments[name] for name in names if name in fragments}
    return selected


def _elements_of(kind: str, slug: str, fragments: Fragments) -> list[str]:
    if kind == "region":
        return [region_id(slug)]
    if kind == "near":
        return [f"row-{slug}", f"hex-{slug}"]
    if kind == "council":
        return [body_id(slug)]
    if kind == "body":
        return [body_id(slug), *_elements_of_wards(ward_id(slug, ""), fragments)]
    return [f"seat-{slug}", f"seat-voices-{slug}"]


def _elements_of_wards(prefix: str, fragments: Fragments) -> Iterator[str]:
    """Yield ids with this prefix, and the ids of their contests' rows and tiles."""
    for name in fragments:
        if name.startswith(prefix):
            contest = name.removeprefix(prefix)
            yield from (name, f"row-{contest}", f"hex-{contest}")


def _shows(topic: str, name: str) -> bool:
    return (
        name in _ELEMENTS[topic]
        or name.startswith(_PREFIXES.get(topic, ()))
        or (topic in _WITH_ENTRIES and is_entry(name))
    )
