"""Every address there is, with whatever can stand in its place, asked for in every way."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import given
from hypothesis import strategies as st

from results.models import Night
from tests.fuzz.hostile import METHODS, escaped, send, taken_back, texts, thrown
from tests.fuzz.hostile import answered as sane
from tests.fuzz.hostile import rows as rows_now

pytestmark = [pytest.mark.django_db, pytest.mark.db]

#: Names of things that the night has, so that an address is not always a miss.
THERE = {
    "election_slug": ["ge"],
    "contest_slug": ["islington-north", "vale"],
    "region_slug": ["london"],
    "group_slug": ["city"],
    "label": ["lab", "independent", "speaker"],
    "sequence": ["0", "1", "2"],
    "mark": ["0"],
    "width": ["640", "1600"],
    "token": ["x"],
}
NUMBERS = ["0", "1", "2", "2147483647", "2147483648", "9223372036854775808", "9" * 5000, "²"]
QUERY = (
    *("q", "only", "before", "seats", "next", "offer", "restore", "kept", "since", "epoch"),
    *("p", "o", "e", "all", "_popup", "_to_field", "_changelist_filters", "term", "app_label"),
    *("model_name", "field_name", "election", "election__id__exact", "kind__exact", "what"),
    *(
        "at__year",
        "at__month",
        "at__day",
        "state__exact",
        "contest",
        "candidate",
        "is_staff__exact",
    ),
)
ONLY = ["quotes", "gains", "corrections"]


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one, route)
        elif isinstance(one, URLPattern):
            yield route


ALL = sorted(set(routes(get_resolver())))
WINGS = {
    "editor": [route for route in ALL if route.startswith("admin/")],
    "reporter": [route for route in ALL if route.startswith("count/")],
    "reader": [route for route in ALL if not route.startswith(("admin/", "count/"))],
}


@st.composite
def addresses(draw: st.DrawFn, wing: str) -> str:
    route = draw(st.sampled_from(WINGS[wing]))
    route = re.sub(r"\^?\(\?P<app_label>[^)]*\)", "results", route)
    route = re.sub(r"\(\?P<url>[^)]*\)", "<url>", route).replace("$", "")

    def filled(match: re.Match[str]) -> str:
        known = THERE.get(match["name"]) or NUMBERS
        # Mostly what is there: one wrong part at a time reaches further than all of them.
        return escaped(draw(st.sampled_from([*known, *known]) | texts | st.sampled_from(NUMBERS)))

    path = re.sub(r"<(?:\w+:)?(?P<name>\w+)>", filled, route)
    asked = draw(st.lists(st.tuples(st.sampled_from(QUERY), texts | st.sampled_from(ONLY))))
    query = "&".join(f"{name}={escaped(value)}" for name, value in asked[:3])
    return f"/{path}?{query}"


@pytest.mark.parametrize(("wing", "examples"), [("reader", 90), ("reporter", 40), ("editor", 110)])
def test_no_address_is_a_fault(people: dict[str, Client], wing: str, examples: int) -> None:
    @thrown(examples)
    @given(
        path=addresses(wing),
        method=st.sampled_from([*METHODS, "GET", "GET", "GET", "GET", "POST"]),
        who=st.sampled_from([wing, wing, "reader"]),
        pairs=st.lists(st.tuples(st.sampled_from([*QUERY, "post", "action", "step"]), texts)),
    )
    def ask(path: str, method: str, who: str, pairs: list[tuple[str, str]]) -> None:
        with taken_back():
            before = rows_now()
            sent: Any = pairs if method not in ("GET", "HEAD", "OPTIONS") else []
            sane(send(people[who], path, sent, method), before)

    ask()


def test_every_page_of_the_night_is_reached_as_it_is(people: dict[str, Client]) -> None:
    """The addresses above are not all misses: each of the readers', rightly filled, answers."""
    for route in WINGS["reader"]:
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: THERE.get(match[1], ["1"])[0], "/" + route)
        if "photos/" in path or "parties-" in path:
            continue
        path = path.replace("bulletins/0", "bulletins/1")
        path = path.replace("updates/1/1-0", f"updates/{Night.objects.get().epoch}/0-1")
        assert people["reader"].get(path).status_code == 200, path
