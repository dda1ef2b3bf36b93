"""Type figures of real nights into the phone's page of a count."""

from django.test import Client
from django.urls import reverse

from results.models import Contest
from tests.reporter.conftest import JSON, assigned

#: Votes by candidate id.
Votes = dict[int, int]


def type_in(contest: Contest, votes: Votes, key: str, **further: int | None) -> dict[str, str]:
    """Type figures into the phone of the count, and return what it answers.

    `further` are totals such as `electorate` and `papers`; None is left empty.
    """
    phone = Client()
    phone.force_login(assigned(contest, "reporter"))
    sent = {f"votes-{pk}": str(total) for pk, total in votes.items()}
    sent |= {name: str(total) for name, total in further.items() if total is not None}
    sent |= {"base_revision": "0", "step": "publish", "key": key}
    answer: dict[str, str] = phone.post(
        reverse("count", args=[contest.election.slug, contest.slug]), sent, **JSON
    ).json()
    return answer
