"""The page of what a reader follows says what they are told of."""

import pytest
from django.test import Client

from tests import nights

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("final", [False, True])
def test_page_of_a_closed_night_promises_nothing(client: Client, final: bool) -> None:
    """A page of a closed night asks for nothing new, so that nobody is told of anything."""
    nights.islington_north(nights.election(final=final))
    page = client.get("/ge/following/").content.decode()
    assert ("nobody is told of anything any more" in page) is final
    assert ("ou are told" in page) is not final
