"""Actions in the rows of the night dashboard, their permissions, and its socket."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.timezone import localtime

from electiondesk.routing import NIGHT
from results import desk
from results.arithmetic import BallotCounts
from results.desk.changes import Change, ChangeKind
from results.editor.night.socket import admit
from results.editor.roles import set_up_groups
from results.models import (
    OPENED_BY,
    Assignment,
    AuditEntry,
    Contest,
    Election,
    Message,
    ReviewItem,
)
from tests import nights
from tests.editor.conftest import Dashboard, address, staff_with, text_of
from tests.editor.night_items import queue_quote, submit
from tests.responses import Response


def send_action(client: Client, night: Election, name: str, **data: object) -> Response:
    """Post an action as htmx does."""
    return client.post(
        address("election_night_action", night.pk),
        {"action": name, **data},
        headers={"HX-Request": "true"},
    )


# --- Acts -----------------------------------------------------------------------------------


def test_approves_a_result_in_place(admin: Client, night: Election, seat: Contest) -> None:
    item = submit(seat, nights.user())
    answer = send_action(admin, night, "approve", item=item.pk)
    assert "Result from Islington North published: bulletin 1." in answer.content.decode()
    assert "All is dealt with." in answer.content.decode()
    # A second press of the button gets the same answer.
    assert "bulletin 1." in send_action(admin, night, "approve", item=item.pk).content.decode()
    assert seat.declarations.count() == 1


def test_publishes_the_one_of_two_that_differ_whose_button_is_pressed(
    admin: Client, night: Election, seat: Contest
) -> None:
    submit(seat, nights.user())
    second = submit(seat, nights.user("colleague"), rejected=5)
    send_action(admin, night, "approve", item=second.pk)
    declaration = seat.declarations.get()
    assert (declaration.rejected, declaration.by.username) == (5, "colleague")
    assert not ReviewItem.objects.filter(state="waiting").exists()


def test_nobody_approves_what_they_entered_themselves(
    admin: Client, night: Election, seat: Contest, editor: User, dashboard: Dashboard
) -> None:
    item = submit(seat, editor)
    assert "a second person publishes it" in dashboard()
    assert (
        "second person confirms it"
        in send_action(admin, night, "approve", item=item.pk).content.decode()
    )
    assert not seat.declarations.exists()


def test_sets_aside_with_a_note_and_lets_it_wait_again(
    admin: Client, night: Election, seat: Contest
) -> None:
    item = submit(seat, nights.user())
    answer = send_action(
        admin, night, "aside", item=item.pk, note="Read it again."
    ).content.decode()
    assert "Readers saw nothing." in answer
    item.refresh_from_db()
    assert (item.state, item.note) == ("declined", "Read it again.")
    assert "readers saw nothing of it" in answer
    answer = send_action(admin, night, "reopen", item=item.pk).content.decode()
    item.refresh_from_db()
    assert item.waits
    assert item.settled_by is None
    assert "waits again" in answer
    assert AuditEntry.objects.filter(what="result: waits again", before="Read it again.").exists()


def test_names_whose_of_several_were_set_aside_and_whose_were_not(
    admin: Client, night: Election, seat: Contest
) -> None:
    items = [
        submit(seat, nights.user(name), rejected=number)
        for number, name in enumerate(["ann", "bob", "cat", "dot"], start=1)
    ]
    # Another editor is first with the second and the last.
    for item in items[1::2]:
        desk.decline(item, by=nights.user("colleague"))
    ids = [item.pk for item in items]
    text = send_action(admin, night, "aside", item=ids, note="Read it again.").content.decode()
    assert (
        "Islington North set aside. ann and cat are told. Readers saw nothing. "
        "Not set aside now: bob: colleague has dealt with this already. "
        "dot: colleague has dealt with this already."
    ) in text
    notes = dict(ReviewItem.objects.values_list("by__username", "note"))
    assert notes == {"ann": "Read it again.", "bob": "", "cat": "Read it again.", "dot": ""}
    again = send_action(admin, night, "aside", item=ids).content.decode()
    assert "Readers saw nothing. Not set aside" not in again
    assert "Not set aside now: ann: editor has dealt with this already." in again


def test_undo_stays_after_several_others_were_published(
    admin: Client, night: Election, seat: Contest, dashboard: Dashboard
) -> None:
    aside = queue_quote(seat, "Not this one.")
    send_action(admin, night, "aside", item=aside.pk)
    for number in range(5):
        send_action(admin, night, "approve", item=queue_quote(seat, f"{number}").pk)
    text = dashboard()
    assert text.count("set aside by editor") == 1
    assert f'name="item" value="{aside.pk}"' in text
    assert text.count("published by editor") == 4


def test_does_not_reopen_what_was_overtaken(admin: Client, night: Election, seat: Contest) -> None:
    item = submit(seat, nights.user())
    send_action(admin, night, "aside", item=item.pk)
    newer = submit(seat, nights.user(), rejected=5)
    assert (
        "has sent another since"
        in send_action(admin, night, "reopen", item=item.pk).content.decode()
    )
    send_action(admin, night, "approve", item=newer.pk)
    assert (
        "was published there" in send_action(admin, night, "reopen", item=item.pk).content.decode()
    )
    item.refresh_from_db()
    assert item.state == "declined"


def test_offers_what_works_for_a_result_that_another_one_overtook(
    admin: Client, night: Election, seat: Contest, dashboard: Dashboard
) -> None:
    """Approving it would be refused, always."""
    item = submit(seat, nights.user(), rejected=5)
    published = nights.islington_ballot_counts(seat)
    colleague = nights.user("colleague")
    nights.declare_counts(seat, published, by=colleague, idempotency_key="declared")
    text = dashboard()
    row = text[text.index(f'id="row-item-{item.pk}"') : text.index("night-now")]
    assert "Overtaken result" in row
    assert "Published" in row
    assert "<del>227</del>" in row
    assert 'value="approve"' not in row
    assert 'value="aside"' in row
    correct = f"{address('contest_correct', seat.pk)}?item={item.pk}&amp;night={night.pk}"
    assert f'href="{correct}" data-panel' in row
    form = admin.get(correct.replace("&amp;", "&")).context["form"]
    assert str(form["rejected"].value()) == "5"
    # Its own page stays over the night as well.
    own = admin.get(address("reviewitem_change", item.pk) + f"?night={night.pk}").content.decode()
    assert f'data-panel\n                href="{correct}"' in own
    assert (
        "Readers saw nothing." in send_action(admin, night, "aside", item=item.pk).content.decode()
    )


def test_correcting_from_an_overtaken_result_needs_permission_to_correct(
    client: Client, night: Election, seat: Contest
) -> None:
    item = submit(seat, nights.user(), rejected=5)
    published = nights.islington_ballot_counts(seat)
    nights.declare_counts(seat, published, by=nights.user("colleague"), idempotency_key="declared")
    client.force_login(staff_with("view_contest", "view_reviewitem", "add_declaration"))
    text = client.get(address("election_night", night.pk)).content.decode()
    assert f'id="row-item-{item.pk}"' in text
    assert f"?item={item.pk}&amp;" not in text


def test_publishes_several_quotes_at_once_and_says_which_were_not(
    admin: Client, night: Election, seat: Contest
) -> None:
    first, second, third = (queue_quote(seat, words) for words in ("One.", "Two.", "Three."))
    answer = send_action(admin, night, "approve", item=[first.pk, second.pk]).content.decode()
    assert "2 published." in answer
    assert seat.quotes.count() == 2
    desk.decline(third, by=nights.user("colleague"))
    answer = send_action(admin, night, "approve", item=[third.pk]).content.decode()
    assert "colleague has dealt with this already." in answer
    assert "Choose what to publish." in send_action(admin, night, "approve").content.decode()


def test_gives_an_overdue_count_a_new_time_that_readers_see(
    admin: Client, night: Election, seat: Contest
) -> None:
    closed = timezone.now() - timedelta(hours=2)
    Election.objects.update(polls_close=closed, date=closed.date())
    expected = timezone.now() - timedelta(minutes=20)
    Contest.objects.update(expected_at=expected)
    at = localtime(timezone.now() + timedelta(minutes=30), night.zone)
    answer = send_action(admin, night, "retime", contest=seat.pk, expected_at=f"{at:%H:%M}")
    assert f"is expected at {at:%H:%M} now" in answer.content.decode()
    seat.refresh_from_db()
    assert seat.expected_at is not None
    assert seat.expected_at > timezone.now()
    assert night.bulletins.count() == 1
    wrong = send_action(
        admin, night, "retime", contest=seat.pk, expected_at="soon"
    ).content.decode()
    assert "Enter the time as 03:18 or 0318." in wrong


def test_asks_the_reporters_of_a_count(admin: Client, night: Election, seat: Contest) -> None:
    nobody = send_action(admin, night, "ask", contest=seat.pk, text="When?").content.decode()
    assert "there is nobody to ask" in nobody
    Assignment.objects.create(reporter=nights.user(), contest=seat)
    send_action(admin, night, "ask", contest=seat.pk, text="When?")
    message = Message.objects.get()
    assert (message.text, message.to) == ("When?", nights.user())
    assert AuditEntry.objects.filter(what="message sent", after="When?").exists()


def test_asks_who_sent_a_result_and_was_sent_elsewhere(
    admin: Client, night: Election, seat: Contest, dashboard: Dashboard
) -> None:
    other = nights.contest(night, "Elsewhere", [("Ann", "lab"), ("Bob", "con")])
    Assignment.objects.create(reporter=nights.user(), contest=other)
    submit(seat, nights.user())
    assert f'href="#ask-results-{seat.pk}"' in dashboard()
    data = {"contest": seat.pk, "to": nights.user().pk, "text": "Again?"}
    send_action(admin, night, "ask", **data)
    assert Message.objects.get().to == nights.user()


def test_offers_no_question_to_an_editor(
    night: Election, seat: Contest, editor: User, dashboard: Dashboard
) -> None:
    """An editor who declared from here has no phone that shows it."""
    submit(seat, editor)
    assert f'href="#ask-results-{seat.pk}"' not in dashboard()


def test_works_without_javascript(admin: Client, night: Election, seat: Contest) -> None:
    item = queue_quote(seat)
    data = {"action": "approve", "item": item.pk}
    page = admin.post(
        address("election_night_action", night.pk) + "?kind=quotes", data, follow=True
    )
    assert page.redirect_chain == [(address("election_night", night.pk) + "?kind=quotes", 302)]
    assert "Quote from Islington North published" in page.content.decode()
    assert "it goes from every page" in page.content.decode()


def test_gives_back_what_is_too_long_without_javascript(
    admin: Client, night: Election, seat: Contest
) -> None:
    Assignment.objects.create(reporter=nights.user("there"), contest=seat)
    page = address("election_night_action", night.pk)
    text = "Read yours again, please. " * 40
    answer = admin.post(page, {"action": "ask", "contest": seat.pk, "text": text}, follow=True)
    assert "Make it shorter." in text_of(answer)
    assert f"You had written: “{text.strip()}”" in text_of(answer)
    item = submit(seat, nights.user("sender"))
    answer = admin.post(page, {"action": "aside", "item": item.pk, "note": text}, follow=True)
    assert f"You had written: “{text.strip()}”" in text_of(answer)


def test_refuses_items_of_other_elections_and_unknown_acts(
    admin: Client, night: Election, seat: Contest
) -> None:
    item = queue_quote(seat)
    other = nights.election("other")
    assert "Choose what" in send_action(admin, other, "approve", item=item.pk).content.decode()
    assert "Nothing was done" in send_action(admin, night, "rubbish").content.decode()
    assert send_action(admin, other, "ask", contest=seat.pk, text="x").status_code == 404
    # Asked for by whoever signs in again: the night itself.
    answer = admin.get(address("election_night_action", night.pk))
    assert answer.headers["Location"].startswith(address("election_night", night.pk))


# --- Who may ---------------------------------------------------------------------------------

ACTIONS = ("approve", "aside", "reopen", "ask", "retime")
PANELS = ("headline", "post", "note", "declare", "correct", "find")


@pytest.mark.parametrize(
    ("role", "sees", "actions", "panels"),
    [
        ("Editors", {"items", "phones"}, set(ACTIONS), set(PANELS)),
        ("Senior editors", {"items", "phones"}, set(ACTIONS), set(PANELS)),
        ("Reporter managers", {"phones"}, {"ask"}, {"note", "find"}),
        ("Auditors", {"items", "phones"}, set(), {"find"}),
    ],
)
def test_each_role_sees_and_does_what_it_may(
    client: Client, night: Election, seat: Contest, role: str, sees: set[str], actions: set[str],
    panels: set[str],
) -> None:  # fmt: skip
    set_up_groups()
    user = User.objects.create_user("somebody", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    Assignment.objects.create(reporter=nights.user(), contest=seat)
    item = queue_quote(seat, "Nobody has read this yet.")
    text = client.get(address("election_night", night.pk)).content.decode()
    assert ("Nobody has read this yet." in text) == ("items" in sees)
    assert ("phones-heading" in text) == ("phones" in sees)
    assert ("Set aside…" in text) == ("aside" in actions)
    data = {"item": item.pk, "contest": seat.pk, "text": "When?", "expected_at": ""}
    for name in ("ask", "retime", "aside", "reopen", "approve"):
        status = send_action(client, night, name, **data).status_code
        assert (status == 200) == (name in actions), (role, name, status)
    for name in PANELS:
        page = address("election_night", night.pk) + f"{name}/"
        assert (client.get(page).status_code == 200) == (name in panels), (role, name)
        assert (f"/night/{name}/" in text) == (name in panels), (role, name)


def test_needs_permission_to_view_contests(client: Client, night: Election) -> None:
    client.force_login(staff_with("view_party"))
    assert client.get(address("election_night", night.pk)).status_code == 403
    assert send_action(client, night, "approve").status_code == 403


def test_compares_results_of_lists_and_open_ties_without_failing(
    dashboard: Dashboard, night: Election
) -> None:
    """A tie elects nobody until a lot is drawn: the queue says so."""
    tied = nights.contest(night, "Tied", [("Ann", "lab"), ("Bob", "con")])
    ids = [candidate.pk for candidate in tied.candidates.all()]
    content = {
        "figures": BallotCounts(votes=dict.fromkeys(ids, 500)).to_json(),
        "base_revision": 0,
        "reason": "x",
        "names": {},
    }
    desk.queue_for_review(
        tied, ReviewItem.Kind.CORRECTION, content, by=nights.user(), idempotency_key="t"
    )
    assert "elect nobody as they stand" in dashboard()


# --- Its socket -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "admitted"),
    [("Editors", True), ("Auditors", True), ("Reporter managers", True), ("", False)],
)
def test_socket_admits_whom_the_page_admits(
    rf: RequestFactory, night: Election, role: str, admitted: bool
) -> None:
    set_up_groups()
    request = rf.get("/")
    request.user = user = User.objects.create_user("somebody", is_staff=True)
    request.session = SessionBase()
    if role:
        user.groups.add(Group.objects.get(name=role))
    interest = admit(request, str(night.pk))
    assert (interest is not None) == admitted
    if interest is not None:
        assert interest.concerns(Change(ChangeKind.REVIEW, night.pk, contests=(1,)), user.pk)
        assert not interest.concerns(
            Change(ChangeKind.REVIEW, night.pk + 1, contests=(1,)), user.pk
        )
        # A pass opens no page of the admin.
        request.session[OPENED_BY] = 1
        assert admit(request, str(night.pk)) is None


def test_page_names_an_address_that_the_server_routes(
    dashboard: Dashboard, night: Election
) -> None:
    path = f"/admin/night/{night.pk}/socket/"
    assert f'data-socket="{path}"' in dashboard()
    match = NIGHT.fullmatch(path)
    assert match is not None
    assert match["election"] == str(night.pk)
