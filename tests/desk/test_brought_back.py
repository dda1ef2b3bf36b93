"""What ended since a backup was made, as a restore lists it before it brings it back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from electiondesk.backup.contents import Contents
from electiondesk.backup.discarded import discarded_by
from results import desk
from results.desk.accounts import set_active, set_trusted
from results.desk.visibility import withdraw_election
from results.editor.roles import set_role
from results.management.commands.restore import losses
from results.models import (
    ApiToken,
    Assignment,
    Contest,
    Invitation,
    Quote,
    ReporterPass,
    ReviewItem,
)
from tests import nights

pytestmark = [pytest.mark.django_db, pytest.mark.db]


@pytest.fixture
def seat(db: None) -> Contest:
    """A count with a reporter, a token, an invitation and a quote: bulletin 1."""
    seat = nights.islington_north(nights.election())
    reporter, ann = nights.user("reporter"), nights.user("ann", staff=True)
    Assignment.objects.create(reporter=nights.trust(reporter), contest=seat)
    ReporterPass.issue(reporter)
    Invitation.issue(ann)
    in_a_day = timezone.now() + timedelta(days=1)
    ApiToken.issue(newsroom="Gazette", scopes=["quote"], account=reporter, expires_at=in_a_day)
    TOTPDevice.objects.create(user=ann, name="app")
    quote = desk.QuoteContent(words="He is a crook.", speaker="Bob")
    desk.publish(seat.election, quote, by=ann, idempotency_key="quote")
    return seat


class Backup:
    """What a backup made now says of this database."""

    def __init__(self) -> None:
        # As it is after a round trip through the file.
        self.contents: Contents | None = Contents.from_json(Contents.of_database().to_json())
        self.made_at: datetime = timezone.now()

    def losses(self) -> str:
        """What `manage.py restore` says of it."""
        return "\n".join(losses(self.made_at, discarded_by(self.contents, self.made_at)))


def test_names_what_waits_apart_from_what_was_settled(seat: Contest) -> None:
    """What waits is not in the list of publications, and is to be asked for again."""
    backup = Backup()
    content = {"words": "Well.", "speaker": "The mayor", "said_at": "2019-12-13T03:00:00+00:00"}

    def queued(words: str) -> ReviewItem:
        return desk.queue_for_review(
            seat,
            ReviewItem.Kind.QUOTE,
            content | {"words": words},
            by=nights.user("reporter"),
            idempotency_key=nights.key(),
        )

    first = queued("Well.")
    assert "0 passes, 1 review item (1 waits), " in backup.losses()
    second = queued("Well, well.")
    desk.decline(first, by=ann())
    assert "0 passes, 2 review items (1 waits), " in backup.losses()
    desk.decline(second, by=ann())
    assert "0 passes, 2 review items (0 wait), " in backup.losses()


def test_lists_the_figures_to_type_again(seat: Contest) -> None:
    """Neither the headline of a result nor the number of waiting items is enough for that."""
    backup = Backup()
    heard = nights.islington_ballot_counts(seat)
    nights.declare_counts(seat, heard, by=nights.user("desk"), idempotency_key="heard")
    names = dict(seat.candidates.values_list("pk", "name"))
    desk.queue_for_review(
        seat,
        ReviewItem.Kind.CORRECTION,
        {
            "figures": replace(heard, rejected=85).to_json(),
            "base_revision": 1,
            "reason": "Misheard.",
            "names": names,
        },
        by=nights.user("reporter"),
        idempotency_key="misheard",
    )
    found = backup.losses()
    for name, votes in zip(names.values(), heard.votes.values(), strict=True):
        assert found.count(f"{name} {votes:,}") == 2
    assert f"rejected {heard.rejected:,}" in found
    assert "Correction asked for: Misheard.: " in found
    assert "rejected 85" in found


def ann() -> User:
    return User.objects.get(username="ann")


def withdraw_quote(seat: Contest) -> None:
    desk.withdraw_publication(Quote.objects.get(), by=ann(), idempotency_key="withdrawn")


def erase_quote(seat: Contest) -> None:
    quote = Quote.objects.get()
    desk.withdraw_for_good(quote, by=ann(), reason="By order.", idempotency_key="erased")


def reword_quote(seat: Contest) -> None:
    rest = desk.QuoteContent(words="He is.", speaker="Bob")
    desk.publish(
        seat.election, rest, by=ann(), idempotency_key="reworded", replaces=Quote.objects.get()
    )


def new_password(seat: Contest) -> None:
    user = ann()
    user.set_password("a new password")
    user.save()


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (lambda seat: ReporterPass.objects.get().revoke(), "will be good again: reporter."),
        (
            lambda seat: set_active(nights.user("reporter"), False, by=ann()),
            "deactivated since, and active again: reporter.",
        ),
        (lambda seat: ApiToken.objects.get().revoke(), "and good again: Gazette …"),
        (lambda seat: Invitation.objects.get().use(), "and will be good again, of: ann."),
        (lambda seat: Invitation.revoke_all(ann()), "and will be good again, of: ann."),
        (
            lambda seat: withdraw_election(seat.election, by=ann(), reason="A mistake."),
            "withdrawn since, which readers see again: ge.",
        ),
        (withdraw_quote, "whose words readers see again: ge 1."),
        (reword_quote, "whose words readers see again: ge 1."),
        (erase_quote, "withdraw them again. By bulletin: ge 3."),
        (new_password, "and are as they were: ann."),
        (lambda seat: set_role(ann(), "Auditors"), "and are as they were: ann."),
        (lambda seat: TOTPDevice.objects.all().delete(), "and are as they were: ann."),
        (
            lambda seat: set_trusted(nights.user("reporter"), False),
            "and are as they were: reporter.",
        ),
        (lambda seat: Assignment.objects.all().delete(), "and are as they were: reporter."),
    ],
)
def test_is_listed(seat: Contest, end: Callable[[Contest], Any], said: str) -> None:
    backup = Backup()
    assert "since" not in backup.losses()
    end(seat)
    assert said in backup.losses()


@pytest.mark.parametrize("model", [ReporterPass, ApiToken, Invitation])
def test_what_has_expired_is_not_listed(
    seat: Contest, model: type[ReporterPass | ApiToken | Invitation]
) -> None:
    backup = Backup()
    model.objects.update(revoked_at=timezone.now(), expires_at=timezone.now())
    assert "since" not in backup.losses()


def test_what_is_newer_than_the_backup_is_not_listed(seat: Contest) -> None:
    backup = Backup()
    new = nights.user("new", staff=True)
    Invitation.issue(new)
    Invitation.revoke_all(new)
    election = nights.election("later")
    withdraw_election(election, by=new, reason="A mistake.")
    quote = desk.QuoteContent(words="Thank you.", speaker="Bob")
    desk.publish(seat.election, quote, by=new, idempotency_key="new")
    desk.withdraw_publication(
        Quote.objects.get(words="Thank you."), by=new, idempotency_key="withdrawn"
    )
    assert "since" not in backup.losses()


def test_backup_of_an_earlier_release_lists_what_has_a_time(seat: Contest) -> None:
    backup = Backup()
    backup.contents = None
    ApiToken.objects.get().revoke()
    assert "API tokens revoked since" in backup.losses()
    data = Contents.of_database().to_json()
    del data["published"], data["access"]
    backup.contents = Contents.from_json(data)
    assert "as they were" not in backup.losses()
