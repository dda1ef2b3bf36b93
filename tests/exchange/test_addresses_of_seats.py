"""A seat is never given a name that the night's own pages have, by a loader or by hand."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import URLPattern

from results.models import Contest
from results.models.contest import PAGES_OF_THE_NIGHT
from results.reader.urls import election, embedded
from tests import nights


def test_no_seat_takes_a_page_of_the_night() -> None:
    routes = [str(one.pattern) for one in election + embedded if isinstance(one, URLPattern)]
    pages = {route.partition("/")[0] for route in routes if route and "/" in route}
    assert {page for page in pages if "<" not in page} == PAGES_OF_THE_NIGHT


@pytest.mark.django_db
@pytest.mark.parametrize("page", sorted(PAGES_OF_THE_NIGHT))
def test_a_seat_called_like_a_page_is_refused_beside_its_address(page: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Contest(election=nights.election(), slug=page, name="Feed").full_clean()
    assert list(refused.value.message_dict) == ["slug"]


@pytest.mark.django_db
def test_a_seat_called_like_a_place_is_not() -> None:
    Contest(election=nights.election(), slug="feed-street", name="Feed Street").full_clean()
