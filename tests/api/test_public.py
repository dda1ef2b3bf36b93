"""Public elections in the API: 404 for drafts, 410 with the reason for withdrawn ones."""

from typing import Any

import pytest
from django.test import Client

from results.models import Contest, Election
from tests.api.conftest import Sender, result_of

READS = ("", "/contests", "/contests/islington-north", "/feed", "/changes", "/bodies")


@pytest.mark.parametrize(("visibility", "status"), [("draft", 404), ("withdrawn", 410)])
def test_shows_and_takes_nothing_of_what_is_not_public(
    seat: Contest, sender: Sender, visibility: str, status: int
) -> None:
    Election.objects.update(visibility=visibility, withdrawal_reason="The wrong year.")
    client = Client()
    for path in READS:
        answer: Any = client.get(f"/api/v1/elections/ge{path}")
        assert answer.status_code == status, path
    assert "ge" not in client.get("/api/v1/elections").content.decode().split('"')
    sent = sender.send("elections/ge/contests/islington-north/result", result_of(seat))
    assert sent.status_code == status
    assert ("The wrong year." in sent.content.decode()) == (status == 410)
