"""Tokens in the admin: shown once, revoked at once, and in the log in words."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from results.models import ApiToken, AuditEntry, Contest
from tests.api.conftest import Sender
from tests.editor.conftest import address
from tests.present import present

HEADLINE = "elections/ge/headline"


@pytest.fixture
def issue(admin: Client) -> Any:
    def send(**changed: Any) -> Any:
        ends = timezone.now() + timedelta(days=2)
        fields = {
            "newsroom": "The Gazette",
            "scopes": ["headline"],
            "expires_at": f"{ends:%Y-%m-%dT%H:%M}",
        }
        return admin.post(address("apitoken_add"), fields | changed)

    return send


def test_shows_a_new_token_once_and_revokes_it(
    issue: Any, admin: Client, seat: Contest, editor: User
) -> None:
    page = issue()
    token = ApiToken.objects.get()
    secret = page.context["secret"]
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    assert page.content.decode().count(secret) == 1
    assert (token.account.get_username(), token.account.is_active) == ("api-the-gazette", False)
    assert token.issued_by == editor
    sender = Sender(secret)
    assert sender.send(HEADLINE, {"text": "Big night"}).status_code == 200
    for path in (address("apitoken_changelist"), address("apitoken_change", token.pk)):
        shown: Any = admin.get(path)
        assert shown.status_code == 200
        assert secret not in shown.content.decode()
    admin.post(address("apitoken_changelist"), {"action": "revoke", "_selected_action": [token.pk]})
    assert present(ApiToken.objects.get().revoked_at)
    assert sender.send(HEADLINE, {"text": "Another"}).status_code == 401
    entries = AuditEntry.objects.filter(user="editor", what__startswith="API token")
    words = list(entries.order_by("pk").values_list("what", "about", "after"))
    assert [what for what, _about, _after in words] == ["API token: added", "API token: changed"]
    assert words[1][1:] == (f"The Gazette …{token.ending}", "Revoked.")
    assert secret not in str(words)


def test_one_account_for_each_newsroom(issue: Any) -> None:
    issue()
    issue(newsroom="the gazette")
    issue(newsroom="Echo")
    accounts = {token.account.get_username() for token in ApiToken.objects.all()}
    assert accounts == {"api-the-gazette", "api-echo"}


def test_refuses_no_scope_a_past_end_and_a_name_without_letters(issue: Any) -> None:
    page = issue(scopes=[], newsroom="!!", expires_at="2019-12-12T10:00")
    assert set(page.context["adminform"].errors) == {
        "scopes",
        "newsroom",
        "expires_at",
    }
    assert not ApiToken.objects.exists()


def test_lists_times_by_the_24_hour_clock(issue: Any, admin: Client, seat: Contest) -> None:
    issue()
    ApiToken.objects.update(last_used_at=datetime(2026, 5, 8, 1, 54, tzinfo=UTC))
    listed = admin.get(address("apitoken_changelist")).content.decode()
    assert "8 May 2026, 02:54" in listed
    assert not re.search(r"\d [ap]\.m\.", listed)
