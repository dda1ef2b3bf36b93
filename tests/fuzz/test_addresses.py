"""Hostile values in every address, with every method."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.datastructures import MultiValueDict
from hypothesis import given, strategies as st

from results.models import Election, Night
from tests.fuzz.hostile import (
    FINDERS,
    METHODS,
    assert_consistent,
    escaped,
    hostile_examples,
    rolled_back,
    rows as rows_now,
    send,
    texts,
)

pytestmark = [pytest.mark.django_db, pytest.mark.db]

#: Names of things that the night has, so that an address is not always a miss.
THERE = {
    "election_slug": ["ge"],
    "contest_slug": ["islington-north", "vale"],
    "region_slug": ["london"],
    "group_slug": ["city"],
    "body_slug": ["northshire"],
    "day": ["2019-12-12"],
    "label": ["lab", "independent", "speaker"],
    "sequence": ["0", "1", "2"],
    "mark": ["0"],
    "width": ["640", "1600"],
    "token": ["x"],
}
NUMBERS = ["0", "1", "2", "2147483647", "2147483648", "9223372036854775808", "9" * 5000, "²"]
QUERY = (
    *("q", "only", "before", "seats", "next", "item", "restore", "kept", "since", "epoch"),
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


@pytest.fixture
def night(kept_night: Election) -> Election:
    return kept_night


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern, route)
        elif isinstance(pattern, URLPattern):
            yield route


ALL = sorted(set(routes(get_resolver())))
AREAS = {
    "editor": [route for route in ALL if route.startswith("admin/")],
    "reporter": [route for route in ALL if route.startswith("count/")],
    "reader": [route for route in ALL if not route.startswith(("admin/", "count/"))],
}


def plain(route: str) -> str:
    """Return a route without regular expressions, which some of Django's admin have."""
    route = re.sub(r"\^?\(\?P<app_label>[^)]*\)", "results", route)
    return re.sub(r"\(\?P<url>[^)]*\)", "<url>", route).replace("$", "")


@st.composite
def addresses(draw: st.DrawFn, area: str) -> str:
    route = plain(draw(st.sampled_from(AREAS[area])))

    def filled(match: re.Match[str]) -> str:
        known = THERE.get(match["name"]) or NUMBERS
        # Mostly valid values: one wrong part at a time reaches more code than all of them.
        return escaped(draw(st.sampled_from([*known, *known]) | texts | st.sampled_from(NUMBERS)))

    path = re.sub(r"<(?:\w+:)?(?P<name>\w+)>", filled, route)
    asked = draw(st.lists(st.tuples(st.sampled_from(QUERY), texts | st.sampled_from(ONLY))))
    query = "&".join(f"{name}={escaped(value)}" for name, value in asked[:3])
    return f"/{path}?{query}"


@pytest.mark.parametrize(("area", "examples"), [("reader", 90), ("reporter", 40), ("editor", 110)])
def test_no_address_is_a_500(people: dict[str, Client], area: str, examples: int) -> None:
    @hostile_examples(examples)
    @given(
        path=addresses(area),
        method=st.sampled_from([*METHODS, "GET", "GET", "GET", "GET", "POST"]),
        who=st.sampled_from([area, area, "reader"]),
        pairs=st.lists(st.tuples(st.sampled_from([*QUERY, "post", "action", "step"]), texts)),
    )
    def ask(path: str, method: str, who: str, pairs: list[tuple[str, str]]) -> None:
        with rolled_back():
            before = rows_now()
            sent: Any = pairs if method not in ("GET", "HEAD", "OPTIONS") else []
            assert_consistent(send(people[who], path, sent, method), before)

    ask()


def test_every_page_answers_with_valid_values(people: dict[str, Client]) -> None:
    """With valid values every route of the readers' answers, so the routes above are real."""
    epoch = Night.objects.get(election__slug="ge").epoch
    for route in AREAS["reader"]:
        path = filled_with_valid_values(route)
        # Hashes of what is stored; newsrooms' addresses want a token (tests/api/ asks them), Web
        # Push is off (tests/push/), a postcode is sent by POST (tests/reader/test_search_page.py),
        # and the icon is a static file (tests/reader/test_icons.py).
        others = (
            "photos/",
            "parties-",
            "masthead/",
            "api/v1/desk/",
            "push/",
            "find/postcode/",
            "wall/1",
            "icon",
        )
        if any(part in path for part in others):
            continue
        if path == "/api/v1/1":
            # Of any address that the API does not have.
            assert people["reader"].get(path).status_code == 404
            continue
        path = path.replace("bulletins/0", "bulletins/1")
        # Only councils have pages of their own.
        path = path.replace("ge/bodies/", "may/bodies/")
        for folder in ("updates", "following"):
            path = path.replace(f"{folder}/1/1-0", f"{folder}/{epoch}/0-1")
        query = {"url": "http://testserver/ge/"} if path.endswith("oembed") else {}
        assert people["reader"].get(path, query).status_code == 200, path


# --- NUL bytes --------------------------------------------------------------------------------


def filled_with_valid_values(route: str) -> str:
    """Fill the route with values that exist in the night."""
    return "/" + re.sub(
        r"<(?:\w+:)?(\w+)>", lambda match: THERE.get(match[1], ["1"])[0], plain(route)
    )


@pytest.mark.parametrize("area", AREAS)
def test_refuses_nul_bytes_in_addresses_and_cookies(people: dict[str, Client], area: str) -> None:
    """In each part of every address: with a message, before any query."""
    for route in AREAS[area]:
        path = filled_with_valid_values(route)
        for asked in (f"{path}?seats=%00", f"{path}?a%00=b", f"{path}?x=1;a%00", f"{path}%00/"):
            answer = people[area].get(asked)
            assert (answer.status_code, b"NUL character" in answer.content) == (400, True), asked
    for cookies in ('sessionid="abcdefgh\\000"', 'phone="\\000"', 'other="a\\000b"'):
        answer = Client().get("/count/", HTTP_COOKIE=cookies)
        assert (answer.status_code, b"NUL character" in answer.content) == (400, True), cookies


def test_each_parameter_that_a_page_reads(people: dict[str, Client]) -> None:
    """Each parameter alone, with each value that has caused a failure before."""
    for area in ("reader", "reporter"):
        for route in AREAS[area]:
            path = filled_with_valid_values(route)
            everything = "&".join(f"{name}=1" for name in QUERY)
            with recorded_parameters() as names:
                people[area].get(f"{path}?{everything}")
            for name, value in product(sorted(names & set(QUERY)), FINDERS):
                answer = people[area].get(f"{path}?{name}={escaped(value)}")
                assert answer.status_code < 500, (path, name, value[:9])


@contextmanager
def recorded_parameters() -> Iterator[set[str]]:
    """Record the names that are read from any query string or form."""
    names: set[str] = set()
    original = MultiValueDict.__getitem__

    def recording(self: Any, name: str) -> Any:
        names.add(name)
        return original(self, name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MultiValueDict, "__getitem__", recording)
        yield names


def test_audit_log_with_an_unreadable_filter(people: dict[str, Client]) -> None:
    for name in ("term", "what__exact__x", "at__year"):
        answer = people["editor"].get(f"/admin/results/auditentry/export.csv?{name}=²")
        assert answer.status_code in (302, 400), name
