"""A seat is never loaded under a name that the night's own pages have."""

from django.urls import URLPattern

from results.exchange.setting_up import OF_THE_NIGHT
from results.reader.urls import election


def test_no_seat_takes_a_page_of_the_night() -> None:
    routes = [str(one.pattern) for one in election if isinstance(one, URLPattern)]
    pages = {route.partition("/")[0] for route in routes if route and "/" in route}
    assert {page for page in pages if "<" not in page} == OF_THE_NIGHT
