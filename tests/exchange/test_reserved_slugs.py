"""A seat's slug is never that of one of the night's own pages."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import URLPattern

from results.models import Contest
from results.models.contest import PAGES_OF_THE_NIGHT, free_contest_slug
from results.reader.urls import election, embedded
from tests import nights


def test_reserved_slugs_are_the_pages_of_a_night() -> None:
    routes = [str(route.pattern) for route in election + embedded if isinstance(route, URLPattern)]
    pages = {route.partition("/")[0] for route in routes if route and "/" in route}
    assert {page for page in pages if "<" not in page} == PAGES_OF_THE_NIGHT


@pytest.mark.django_db
@pytest.mark.parametrize("page", sorted(PAGES_OF_THE_NIGHT))
def test_refuses_a_reserved_slug(page: str) -> None:
    with pytest.raises(ValidationError) as raised:
        Contest(election=nights.election(), slug=page, name="Feed").full_clean()
    assert list(raised.value.message_dict) == ["slug"]


@pytest.mark.django_db
def test_accepts_a_slug_that_starts_like_a_reserved_one() -> None:
    Contest(election=nights.election(), slug="feed-street", name="Feed Street").full_clean()


@pytest.mark.django_db
@pytest.mark.parametrize("page", sorted(PAGES_OF_THE_NIGHT))
def test_a_stored_slug_stays_when_it_becomes_a_page(page: str) -> None:
    seat = Contest.objects.create(election=nights.election(), slug=page, name="Feed")
    seat.name = "Feed and Wall"
    seat.full_clean()
    seat.slug = "now" if page == "feed" else "feed"
    with pytest.raises(ValidationError):
        seat.full_clean()


@pytest.mark.parametrize("page", sorted(PAGES_OF_THE_NIGHT))
def test_a_new_contest_is_given_another_slug(page: str) -> None:
    assert free_contest_slug(page.title()) == f"{page}-2"
    assert free_contest_slug(page, {f"{page}-2"}) == f"{page}-3"


def test_contests_with_one_long_name_have_addresses_that_fit() -> None:
    taken: set[str] = set()
    for _number in range(12):
        taken.add(free_contest_slug("Vale " * 40, taken))
    longest = Contest._meta.get_field("slug").max_length
    assert max(map(len, taken)) <= (longest or 0)
    assert not [slug for slug in taken if "--" in slug or slug.endswith("-")]
