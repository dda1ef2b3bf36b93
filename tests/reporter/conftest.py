"""A contest with its reporters, and results as their phones and forms send them."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results.models import Assignment, Contest, Election
from tests import nights
from tests.responses import Response

URL = "/count/ge/islington-north/"
JSON: dict[str, Any] = {"HTTP_ACCEPT": "application/json"}

Fields = dict[str, Any]


@pytest.fixture
def reporter(seat: Contest) -> User:
    return assigned(seat, "reporter")


@pytest.fixture
def trusted(reporter: User) -> User:
    """The reporter, whose quotes and photos need no review."""
    return nights.trust(reporter)


@pytest.fixture
def phone(reporter: User) -> Client:
    return phone_of(reporter)


@pytest.fixture
def colleague(seat: Contest) -> User:
    return assigned(seat, "colleague")


@pytest.fixture
def one_person(seat: Contest) -> None:
    """One person's word is enough for every result."""
    Election.objects.update(second_person=Election.SecondPerson.NEVER)


def assigned(seat: Contest, name: str) -> User:
    user = nights.user(name)
    Assignment.objects.get_or_create(reporter=user, contest=seat)
    return user


def phone_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(phone: Client, fields: Fields) -> tuple[int, dict[str, Any]]:
    """Send as the outbox does; return the status and the JSON of the answer."""
    response = phone.post(URL, fields, **JSON)
    return response.status_code, response.json()


def outbox_fields(seat: Contest, **changes: Any) -> Fields:
    """The real result of Islington North as the outbox sends it."""
    totals = {name: str(votes) for name, _label, votes in nights.ISLINGTON_NORTH}
    votes = {field(seat, name): total for name, total in totals.items()}
    rest = {"rejected": "227", "electorate": "75162", "base_revision": "0", "step": "publish"}
    return {**votes, **rest, "key": "mine", **changes}


def typed_fields(seat: Contest, **changes: Any) -> Fields:
    """The same result as a person types it, sent to be checked."""
    totals = {name: f"{votes:,}" for name, _label, votes in nights.ISLINGTON_NORTH}
    votes = {field(seat, name): total for name, total in totals.items()}
    rest = {"electorate": "75 162", "turnout_announced": "71.8%", "declared_at": "03:18"}
    return outbox_fields(seat, **(votes | rest | {"step": "check", "key": ""} | changes))


def field(seat: Contest, name: str) -> str:
    """The name of a candidate's field."""
    return f"votes-{seat.candidates.get(name=name).pk}"


def text_of(response: Response) -> str:
    """The text of a page, without tags and line breaks."""
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def hidden_fields(response: Response) -> Fields:
    """What a check page's form sends when its main button is pressed."""
    html = response.content.decode()
    form = html[html.index("data-outbox") :]
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    step = re.search(r'name="step" value="([^"]+)"', form)
    assert step is not None
    fields = {name: value for name, value in pairs if name != "csrfmiddlewaretoken"}
    return fields | {"step": step.group(1)}
