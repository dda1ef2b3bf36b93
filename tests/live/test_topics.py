"""Topics: a page is sent the fragments of its topics, and no others."""

import pytest

from results.live.topics import MAX_AREAS, parse_topics, select
from results.models import Body, Contest, Region

FRAGMENTS = {
    "progress": "p",
    "headline": "h",
    "scoreboard": "s",
    "feed": "f",
    "expected": "e",
    "corrections": "c",
    "result-vale": "an entry",
    "bulletin-7": "another",
    "headline-3": "one more",
    "milestone-7-line": "the last",
    "row-vale": "r",
    "hex-vale": "x",
    "shade-vale": "k",
    "seat-vale": "v",
    "seat-voices-vale": "q",
    "seat-vale-north": "n",
    "region-wales": "",
}
ENTRIES = {"result-vale", "bulletin-7", "headline-3", "milestone-7-line"}


@pytest.mark.parametrize(
    ("topic", "names"),
    [
        (
            "front",
            {"progress", "headline", "scoreboard", "feed", "expected", "row-vale", "hex-vale"}
            | ENTRIES,
        ),
        (
            "front-shades",
            {"progress", "headline", "scoreboard", "feed", "expected", "row-vale", "shade-vale"}
            | ENTRIES,
        ),
        ("map-shades", {"progress", "shade-vale"}),
        ("scoreboard", {"progress", "headline", "scoreboard"}),
        ("map", {"progress", "hex-vale"}),
        ("feed", {"feed"} | ENTRIES),
        ("corrections", {"corrections"}),
        ("listing", set()),
        ("seat:vale", {"seat-vale", "seat-voices-vale"}),
        ("seat:vale-north", {"seat-vale-north"}),
        ("seat:moor", set()),
        ("near:vale", {"row-vale", "hex-vale"}),
        ("region:wales", {"region-wales"}),
        ("region:vale", set()),
    ],
)
def test_topic_selects_what_its_page_shows(topic: str, names: set[str]) -> None:
    topics = parse_topics(topic)
    assert topics == (topic,)
    assert select(FRAGMENTS, topics) == {name: FRAGMENTS[name] for name in names}


def test_seats_are_sorted_and_named_once() -> None:
    topics = parse_topics("seat:vale,seat:moor,seat:vale")
    assert topics == ("seat:moor", "seat:vale")
    assert set(select(FRAGMENTS, topics)) == {"seat-vale", "seat-voices-vale"}


@pytest.mark.parametrize(
    ("kind", "model"),
    [("seat", Contest), ("near", Contest), ("body", Body), ("council", Body), ("region", Region)],
)
def test_longest_slug_is_a_topic(kind: str, model: type[Contest | Body | Region]) -> None:
    topic = f"{kind}:{'a' * (model._meta.get_field('slug').max_length or 0)}"
    assert parse_topics(topic) == (topic,)


def test_no_topics_are_everything() -> None:
    assert parse_topics("") is None


@pytest.mark.parametrize(
    "text",
    [
        "everything",
        "front,feed",
        "front,seat:vale",
        "group:vale",
        "seat:",
        "seat:a/b",
        "seat:ä",
        ",",
        "front,",
        ",".join(f"seat:s{number}" for number in range(MAX_AREAS + 1)),
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="neither a topic nor"):
        parse_topics(text)
