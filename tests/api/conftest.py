"""Fixtures of the API's tests: a night with a result, tokens, and a client that sends JSON."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from results.desk.accounts import system_user
from results.models import ApiToken, Contest, Election
from tests import nights

RESULT = "elections/ge/contests/islington-north/result"


@pytest.fixture
def night(db: None) -> Election:
    return nights.election()


@pytest.fixture
def seat(night: Election) -> Contest:
    return nights.islington_north(night)


def token(
    *scopes: str, newsroom: str = "bbc", election: Election | None = None, ended: bool = False
) -> str:
    """The secret of a new token with these scopes, all of them by default."""
    ends = timezone.now() + timedelta(hours=-1 if ended else 1)
    made = ApiToken.issue(
        newsroom=newsroom,
        scopes=list(scopes or ApiToken.Scope.values),
        election=election,
        account=system_user(f"api-{newsroom}"),
        expires_at=ends,
    )
    return made.secret


class Sender:
    """Sends JSON with a token, under a key of its own unless one is given."""

    def __init__(self, secret: str) -> None:
        self.client, self.secret = Client(), secret

    def send(self, path: str, body: Any = None, *, key: str = "", method: str = "post") -> Any:
        return getattr(self.client, method)(
            f"/api/v1/desk/{path}",
            data=body,
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {self.secret}",
                "Idempotency-Key": key or nights.key(),
            },
        )

    def ask(self, path: str) -> Any:
        headers = {"Authorization": f"Bearer {self.secret}"}
        return self.client.get(f"/api/v1/desk/{path}", headers=headers)


@pytest.fixture
def sender(db: None) -> Sender:
    return Sender(token())


def problem_of(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    problem: dict[str, Any] = json.loads(answer.content)
    return problem


Rows = Sequence[dict[str, Any]]


def votes_of(seat: Contest, **changed: int) -> list[dict[str, Any]]:
    """Islington North's votes as they are sent; `changed` by first names in lower case."""
    counts = nights.islington_ballot_counts(seat)
    names = dict(seat.candidates.values_list("pk", "name"))
    return [
        {"candidate": pk, "votes": changed.get(names[pk].split()[0].lower(), votes)}
        for pk, votes in counts.votes.items()
    ]


def result_of(seat: Contest, **changed: Any) -> dict[str, Any]:
    counts = nights.islington_ballot_counts(seat)
    whole = {
        "votes": votes_of(seat),
        "rejected": counts.rejected,
        "electorate": counts.electorate,
    }
    return whole | changed


Make = Callable[..., str]
