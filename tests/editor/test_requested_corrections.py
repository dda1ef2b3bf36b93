"""Corrections that a reporter asked for: who asked, and the reasons already given."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from results.arithmetic import BallotCounts
from results.models import AuditEntry, Contest, Declaration, ReviewItem
from results.words.ballot_papers import names_as_json
from results.words.times import expected_time
from tests import nights
from tests.editor.conftest import address, form_data, text_of
from tests.present import present
from tests.responses import Response

REASON = "Many were spoilt in protest."


def ask_for(seat: Contest, counts: BallotCounts, **more: str) -> ReviewItem:
    names = dict(seat.candidates.values_list("pk", "name"))
    content: dict[str, Any] = {
        "figures": counts.to_json(),
        "base_revision": 1,
        "reason": "Misheard.",
        "names": names_as_json(names),
        **more,
    }
    return ReviewItem.objects.create(
        contest=seat,
        kind=ReviewItem.Kind.CORRECTION,
        content=content,
        by=nights.user(),
        idempotency_key="asked",
        fingerprint="",
    )


def declare(seat: Contest, **changes: Any) -> None:
    """Declare with the reason for its warnings, if it has any."""
    counts = nights.islington_ballot_counts(seat, **changes)
    by = nights.user()
    nights.declare_counts(seat, counts, by=by, idempotency_key="1", warning_reason=REASON)


def page_of(item: ReviewItem) -> str:
    return f"{address('contest_correct', item.contest_id)}?item={item.pk}"


def test_says_who_asked_for_it(admin: Client, seat: Contest) -> None:
    declare(seat)
    item = ask_for(seat, nights.islington_ballot_counts(seat, rejected=230))
    asked = f"Asked for by {item.by.get_username()} at "
    opened = admin.get(page_of(item))
    assert asked in text_of(opened)
    sent = form_data(opened) | {"reason": "Two digits were transposed.", "step": "preview"}
    preview = admin.post(page_of(item), sent)
    assert asked in text_of(preview)
    admin.post(page_of(item), form_data(preview) | {"step": "publish"})
    item.refresh_from_db()
    assert item.state == ReviewItem.State.PUBLISHED
    night = text_of(admin.get(address("election_night", seat.election_id)))
    sent_by = f"Correction sent by {item.by.get_username()} from {seat.full_name}"
    assert f"{sent_by} published by" in night
    entry = AuditEntry.objects.get(what="correction")
    assert entry.user == "editor"
    assert entry.about.endswith(f"(asked for by {item.by.get_username()})")


def test_note_to_the_desk_is_not_the_reason_that_readers_see(admin: Client, seat: Contest) -> None:
    """It is shown beside the field, which an editor fills in."""
    declare(seat)
    item = ask_for(seat, nights.islington_ballot_counts(seat, rejected=230))
    opened = admin.get(page_of(item))
    assert form_data(opened).get("reason", "") == ""
    assert opened.context["form"].errors == {}
    assert "told the desk: Misheard." in text_of(opened)
    preview = admin.post(page_of(item), form_data(opened) | {"step": "preview"})
    assert list(preview.context["form"].errors) == ["reason"]
    assert "told the desk: Misheard." in text_of(preview)


@pytest.mark.parametrize("given_with", ["result", "request"])
def test_keeps_the_reason_given_for_its_warning(
    admin: Client, seat: Contest, given_with: str
) -> None:
    declare(seat, **({"rejected": 2400} if given_with == "result" else {}))
    more = {"warning_reason": REASON} if given_with == "request" else {}
    item = ask_for(seat, nights.islington_ballot_counts(seat, rejected=2500), **more)
    opened = admin.get(page_of(item))
    assert form_data(opened)["warning_reason"] == REASON
    sent = form_data(opened) | {"reason": "Two digits were transposed.", "step": "preview"}
    preview = admin.post(page_of(item), sent)
    assert preview.context["preview"] is not None


@pytest.mark.parametrize("changes", [{"rejected": 230}, {"rejected": 2500, "electorate": 175162}])
def test_keeps_no_reason_for_other_warnings(
    admin: Client, seat: Contest, changes: dict[str, int]
) -> None:
    """The published result’s reason is for its rejected ballots."""
    declare(seat, rejected=2400)
    item = ask_for(seat, nights.islington_ballot_counts(seat, **changes))
    assert form_data(admin.get(page_of(item))).get("warning_reason", "") == ""


def test_time_that_was_asked_for_is_in_the_form(admin: Client, seat: Contest) -> None:
    declare(seat)
    published = present(seat.standing.declaration).declared_at
    item = ask_for(
        seat,
        nights.islington_ballot_counts(seat),
        declared_at=(present(published) + timedelta(minutes=-7)).isoformat(),
    )
    opened = form_data(admin.get(page_of(item)))
    local = timezone.localtime(present(published) + timedelta(minutes=-7), seat.election.zone)
    assert opened["declared_at"] == local.strftime("%d/%m/%Y %H:%M")


def row_of(page: Response, item: ReviewItem) -> str:
    """The HTML of an item's row of the dashboard."""
    start = page.content.decode().split(f'id="row-item-{item.pk}"')[1]
    return start.split("</li>\n<li", 1)[0]


def test_words_without_another_figure_offer_to_withdraw(admin: Client, seat: Contest) -> None:
    declare(seat)
    published = Declaration.objects.get().ballot_counts
    item = ask_for(seat, published, reason="This is another ward.")
    row = row_of(admin.get(address("election_night", seat.election_id)), item)
    assert "No figure differs from what is published." in row
    assert "This is another ward." in row
    assert "Readers would see" not in row
    assert f"{address('contest_withdraw', seat.pk)}?night=" in row
    assert "Approve…" not in row


def test_another_time_alone_is_a_correction_to_approve(admin: Client, seat: Contest) -> None:
    declare(seat)
    published = Declaration.objects.get()
    at = present(published.declared_at) - timedelta(minutes=7)
    item = ask_for(seat, published.ballot_counts, declared_at=at.isoformat())
    row = row_of(admin.get(address("election_night", seat.election_id)), item)
    assert "Approve…" in row
    assert "No figure differs" not in row
    assert f"Time of declaration: {expected_time(at, seat.election)}, and not" in row


def test_correction_of_what_was_withdrawn_cannot_be_approved(admin: Client, seat: Contest) -> None:
    declare(seat)
    item = ask_for(seat, nights.islington_ballot_counts(seat, rejected=230))
    why = {"base_revision": 1, "reason": "Another ward."}
    nights.withdraw(seat, by=nights.user("editor"), idempotency_key="w", **why)
    row = row_of(admin.get(address("election_night", seat.election_id)), item)
    assert "Nothing is published here now" in row
    assert "Readers would see" not in row
    assert address("contest_correct", seat.pk) not in row
    assert "Approve…" not in row
    assert "Set aside…" in row
    own = text_of(admin.get(address("reviewitem_change", item.pk)))
    assert "Nothing is published here now" in own
    assert "Open it as a correction" not in own


def test_what_was_asked_of_a_withdrawn_result_is_not_approved_for_the_next(
    admin: Client, seat: Contest
) -> None:
    """The figures may be those of another ward."""
    declare(seat)
    item = ask_for(seat, Declaration.objects.get().ballot_counts, reason="This is another ward.")
    by, why = nights.user("editor"), {"base_revision": 1, "reason": "Another ward."}
    nights.withdraw(seat, by=by, idempotency_key="w", **why)
    counts = nights.islington_ballot_counts(seat, rejected=231)
    again = {"base_revision": 2, "warning_reason": REASON}
    nights.declare_counts(seat, counts, by=by, idempotency_key="2", **again)
    row = row_of(admin.get(address("election_night", seat.election_id)), item)
    assert "A result was published here after this one was sent" in row
    assert "Correct from it" in row
    assert "Approve…" not in row
