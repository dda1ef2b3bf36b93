"""Each action of an editor leaves exactly one entry in the audit trail."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results import desk
from results.models import AuditEntry, Contest, Election, Group, Quote, ReviewItem
from tests import nights
from tests.editor.conftest import address, form_data
from tests.editor.night_items import queue_quote, submit
from tests.responses import Response

#: Prepares an action, and returns the function that carries it out.
Action = Callable[[Client, Contest], Callable[[], Response]]


def save(admin: Client, page: str, **fields: Any) -> Callable[[], Response]:
    data = form_data(admin.get(page)) | fields
    return lambda: admin.post(page, data)


def add_headline(admin: Client, seat: Contest) -> Callable[[], Response]:
    page = address("headline_add")
    return save(admin, page, election=seat.election_id, text="It is over", key="a")


def withdraw_headline(admin: Client, seat: Contest) -> Callable[[], Response]:
    add_headline(admin, seat)()
    return save(admin, address("headline_add"), election=seat.election_id, text="", key="b")


def add_post(admin: Client, seat: Contest) -> Callable[[], Response]:
    page = address("post_add")
    return save(admin, page, election=seat.election_id, text="We are there.", key="a")


def change_post(admin: Client, seat: Contest) -> Callable[[], Response]:
    content = desk.PostContent(text="We are there.")
    by = nights.user("editor")
    result = desk.publish(seat.election, content, by=by, idempotency_key="p")
    assert result.bulletin.publication is not None
    page = address("post_change", result.bulletin.publication.pk)
    return save(admin, page, text="We are here.")


def publish_quote(seat: Contest) -> Quote:
    content = desk.QuoteContent(contest=seat, words="Well.", speaker="The mayor")
    by = nights.user("editor")
    result = desk.publish(seat.election, content, by=by, idempotency_key="q")
    assert isinstance(result.bulletin.publication, Quote)
    return result.bulletin.publication


def withdraw_quote_in_list(admin: Client, seat: Contest) -> Callable[[], Response]:
    chosen = {"action": "withdraw", "confirmed": "yes", "_selected_action": publish_quote(seat).pk}
    return lambda: admin.post(address("quote_changelist"), chosen)


def withdraw_quote_from_the_night(admin: Client, seat: Contest) -> Callable[[], Response]:
    args = (seat.election_id, "quote", publish_quote(seat).pk)
    return lambda: admin.post(address("election_night_withdraw", *args))


def declare(admin: Client, seat: Contest) -> Callable[[], Response]:
    Election.objects.update(second_person=Election.SecondPerson.NEVER)
    votes = nights.islington_ballot_counts(seat).votes
    form: dict[str, Any] = {f"votes-{pk}": count for pk, count in votes.items()}
    form |= {"base_revision": 0, "key": "d", "step": "publish"}
    form |= {"rejected": 227, "electorate": 75162}
    return lambda: admin.post(address("contest_declare", seat.pk), form)


def declared(seat: Contest) -> Contest:
    counts = nights.islington_ballot_counts(seat)
    nights.declare_counts(seat, counts, by=nights.user(), idempotency_key="declared")
    return seat


def change_venue(admin: Client, seat: Contest) -> Callable[[], Response]:
    return save(admin, address("contest_change", declared(seat).pk), venue="Another hall")


def change_group(admin: Client, seat: Contest) -> Callable[[], Response]:
    group = Group.objects.create(election=declared(seat).election, name="Key", slug="key")
    page = address("group_change", group.pk)
    return save(admin, page, name="Key seats", contests=[seat.pk])


def correct(admin: Client, seat: Contest) -> Callable[[], Response]:
    page = address("contest_correct", declared(seat).pk)
    wakeling = seat.candidates.get(name="Nick Wakeling").pk
    form = form_data(admin.get(page)) | {f"votes-{wakeling}": "8451", "reason": "Misread."}
    return lambda: admin.post(page, form | {"step": "publish"})


def publish_asked_correction(admin: Client, seat: Contest) -> Callable[[], Response]:
    counts = nights.islington_ballot_counts(declared(seat), rejected=272).to_json()
    content = {"figures": counts, "base_revision": 1, "reason": "Misheard."}
    kind, by = ReviewItem.Kind.CORRECTION, nights.user()
    item = desk.queue_for_review(seat, kind, content, by=by, idempotency_key="c")
    page = address("contest_correct", seat.pk) + f"?item={item.pk}"
    form = form_data(admin.get(page)) | {"reason": "The two piles were mixed up."}
    return lambda: admin.post(page, form | {"step": "publish"})


def withdraw_result(admin: Client, seat: Contest) -> Callable[[], Response]:
    page = address("contest_withdraw", declared(seat).pk)
    form = form_data(admin.get(page)) | {"reason": "The count was reopened."}
    return lambda: admin.post(page, form | {"step": "publish", "confirm": "nobody"})


def approve_result(admin: Client, seat: Contest) -> Callable[[], Response]:
    page = address("reviewitem_change", submit(seat, nights.user()).pk)
    return lambda: admin.post(page, {"approve": "1"})


def approve_quote(admin: Client, seat: Contest) -> Callable[[], Response]:
    page = address("reviewitem_change", queue_quote(seat).pk)
    return lambda: admin.post(page, {"approve": "1"})


def set_aside(admin: Client, seat: Contest) -> Callable[[], Response]:
    page = address("reviewitem_change", queue_quote(seat).pk)
    return lambda: admin.post(page, {"decline": "1"})


def approve_from_the_night(admin: Client, seat: Contest) -> Callable[[], Response]:
    data = {"action": "approve", "item": submit(seat, nights.user()).pk}
    return lambda: admin.post(address("election_night_action", seat.election_id), data)


ACTIONS: tuple[Action, ...] = (
    change_venue, change_group,
    add_headline, withdraw_headline, add_post, change_post, withdraw_quote_in_list,
    withdraw_quote_from_the_night, declare, correct, publish_asked_correction, withdraw_result,
    approve_result, approve_quote, set_aside, approve_from_the_night,
)  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.__name__)
def test_action_leaves_one_entry_of_who_did_it(
    admin: Client, seat: Contest, action: Action
) -> None:
    carry_out = action(admin, seat)
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    assert carry_out().status_code == 302
    new = AuditEntry.objects.exclude(pk__in=before)
    assert [entry.user for entry in new] == ["editor"], [str(entry) for entry in new]


def test_entry_names_who_sent_what_was_approved(admin: Client, seat: Contest, editor: User) -> None:
    approve_result(admin, seat)()
    entry = AuditEntry.objects.get(what="declaration")
    assert entry.user == "editor"
    assert entry.about.startswith("1: ")
    assert entry.about.endswith("(sent by reporter)")
