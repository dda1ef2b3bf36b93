"""A count, who is sent there, and what they type."""

import re

import pytest
from django.test import Client

from results.models import Assignment
from tests import nights

URL = "/count/ge/islington-north/"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def seat(db):
    return nights.islington_north(nights.election())


@pytest.fixture
def reporter(seat):
    return sent_to(seat, "reporter")


@pytest.fixture
def phone(reporter):
    return phone_of(reporter)


@pytest.fixture
def colleague(seat):
    return sent_to(seat, "colleague")


def sent_to(seat, name):
    user = nights.user(name)
    Assignment.objects.get_or_create(reporter=user, contest=seat)
    return user


def phone_of(user):
    client = Client()
    client.force_login(user)
    return client


def typed(seat, **changes):
    """A result as the outbox sends it: Islington North as read out, with these changes."""
    totals = {name: str(votes) for name, _label, votes in nights.ISLINGTON_NORTH}
    votes = {f"votes-{one.pk}": totals[one.name] for one in seat.candidates.all()}
    rest = {"rejected": "227", "electorate": "75162", "base_revision": "0", "step": "publish"}
    return {**votes, **rest, "key": "mine", **changes}


def box(seat, name):
    return f"votes-{seat.candidates.get(name=name).pk}"


def words(response):
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())
