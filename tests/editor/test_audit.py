"""The audit trail and its export."""

import csv
import io
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test import Client

from results import desk
from results.models import AppendOnlyError, AuditEntry, Contest, Election, Post, ReviewItem
from results.rehearsal.reset import delete_rehearsal
from tests import nights
from tests.editor.conftest import address, client_of_role, correct_wakeling, form_data, staff_with

FROM: dict[str, Any] = {"REMOTE_ADDR": "192.0.2.7"}


def entries(**wanted: Any) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(**wanted).order_by("pk"))


def test_correction_has_counts_before_and_after(declared: Contest, editor: User) -> None:
    correct_wakeling(declared, 8451, by=editor, reason="Digits transposed.")
    entry = entries(what="correction")[0]
    assert (entry.user, entry.contest, entry.election) == ("editor", "Islington North", "ge")
    assert "Nick Wakeling 8,415" in entry.before
    assert "Nick Wakeling 8,451" in entry.after
    assert "Digits transposed." in entry.after


def test_every_bulletin_has_an_entry(declared: Contest, editor: User) -> None:
    desk.publish(
        declared.election, desk.HeadlineContent(text="First"), by=editor, idempotency_key="h"
    )
    desk.publish(
        declared.election, desk.HeadlineContent(text="Second"), by=editor, idempotency_key="i"
    )
    desk.publish(
        declared.election,
        desk.PostContent(text="We are here all night."),
        by=editor,
        idempotency_key="p",
    )
    assert [entry.what for entry in entries()] == ["declaration", "headline", "headline", "post"]
    assert (entries()[2].before, entries()[2].after) == ("First", "Second")


def test_refused_request_has_no_entry(seat: Contest, editor: User) -> None:
    with pytest.raises(desk.ValidationRefused):
        nights.declare_counts(
            seat, nights.islington_ballot_counts(seat, electorate=5), by=editor, idempotency_key="k"
        )
    assert not entries()


def test_records_sign_ins_with_the_network_address(db: None, seat: Contest) -> None:
    user = nights.user("ann")
    user.set_password("a-long-password")
    user.save()
    phone = Client()
    form = {"username": "ann", "password": "wrong", "next": "/count/"}
    phone.post("/count/sign-in/", form, **FROM)
    phone.post("/count/sign-in/", form | {"password": "a-long-password"}, **FROM)
    phone.post("/count/sign-out/", **FROM)
    recorded = [(entry.what, entry.user, entry.network) for entry in entries()]
    assert recorded == [
        ("sign-in failed", "ann", "192.0.2.7"),
        ("signed in", "ann", "192.0.2.7"),
        ("signed out", "ann", "192.0.2.7"),
    ]
    assert "wrong" not in str(list(AuditEntry.objects.values_list()))


def test_records_changed_details_before_and_after(admin: Client, seat: Contest) -> None:
    change = address("contest_change", seat.pk)
    form = form_data(admin.get(change)) | {"venue": "The Town Hall"}
    assert admin.post(change, form, **FROM).status_code == 302
    entry = entries(what="contest: changed")[0]
    assert (entry.user, entry.network, entry.contest) == ("editor", "192.0.2.7", "Islington North")
    assert entry.before == "count venue: Sobell Leisure Centre"
    assert entry.after == "count venue: The Town Hall"


def test_never_records_a_password(admin: Client) -> None:
    form = {"name": "New", "role": "reporter", "phone_address": "https://testserver"}
    secret = "a-very-long-secret-47"
    admin.post("/admin/auth/user/add/", form | {"password1": secret, "password2": secret})
    assert entries(what="user: added")
    assert secret not in str(list(AuditEntry.objects.values_list()))


def test_records_review_items_and_passes(admin: Client, seat: Contest, editor: User) -> None:
    content = {"words": "Well.", "speaker": "The mayor", "said_at": "2019-12-13T03:00:00+00:00"}
    item = desk.queue_for_review(
        seat, ReviewItem.Kind.QUOTE, content, by=nights.user(), idempotency_key="q"
    )
    desk.decline(item, by=editor, note="We have it.")
    admin.post(address("reporterpass_add"), {"reporter": nights.user().pk})
    recorded = [entry.what for entry in entries() if entry.what != "signed in"]
    assert recorded == ["quote: queued", "quote: set aside", "pass: added"]


def test_entry_of_an_earlier_release_has_the_words_of_today(admin: Client) -> None:
    """What was set aside was “declined” in the log."""
    for what in ("result: declined", "result: set aside"):
        AuditEntry.objects.create(user="ann", what=what)
    page = admin.get(address("auditentry_changelist"), {"what": "result: set aside"})
    export = admin.get(address("auditentry_export"), {"what": "result: set aside"})
    old = AuditEntry.objects.get(what="result: declined")
    one = admin.get(address("auditentry_change", old.pk))
    assert page.content.decode().count('<td class="field-action">result: set aside</td>') == 2
    assert export.content.decode().count("result: set aside") == 2
    assert "result: set aside" in one.content.decode()
    for response in (page, export, one):
        assert "declined" not in response.content.decode()


def test_log_has_what_was_queued_in_words_without_keys(seat: Contest) -> None:
    ann = seat.candidates.order_by("ballot_order")[0]
    said = {"words": "Well.", "candidate": ann.pk, "speaker": "", "said_at": "2019-12-13T03:00"}
    photo = {"caption": "The stage", "alt": "Four", "credit": "Ann", "name": "k3.jpg"}
    counts = nights.islington_ballot_counts(seat).to_json()
    correction = {"figures": counts, "base_revision": 1, "reason": "Misheard."}
    for kind, content in (("quote", said), ("photo", photo), ("correction", correction)):
        by, key = nights.user(), nights.key()
        desk.queue_for_review(seat, ReviewItem.Kind(kind), content, by=by, idempotency_key=key)
    texts = {entry.what: entry.after for entry in entries()}
    assert texts["quote: queued"] == f"Well.; {ann.name}"
    assert texts["photo: queued"] == "The stage; Ann"
    assert texts["correction: queued"].startswith(f"{ann.name} ")
    assert texts["correction: queued"].endswith("; Misheard.")


def test_entries_cannot_be_changed_or_deleted(admin: Client, declared: Contest) -> None:
    entry = entries()[0]
    with pytest.raises(AppendOnlyError):
        entry.delete()
    with pytest.raises(AppendOnlyError):
        entry.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("UPDATE results_auditentry SET about = 'nothing'")
    for page in ("change", "delete"):
        assert admin.post(address(f"auditentry_{page}", entry.pk), {"user": "x"}).status_code == 403
    assert entries()[0].user == entry.user


def test_entries_outlive_a_deleted_rehearsal(editor: User) -> None:
    night = nights.election("dummy", rehearsal=True)
    seat = nights.contest(night, "Nowhere", [("Ann", "lab"), ("Bob", "con")])
    nights.declare(seat, 20, 10, electorate=60)
    desk.publish(night, desk.PostContent(text="A post."), by=editor, idempotency_key="p")
    desk.mark_verified(seat.declarations.get(), by=editor)
    delete_rehearsal(night)
    assert not Election.objects.exists()
    assert not Contest.objects.exists()
    assert [entry.election for entry in entries()] == ["dummy"] * 3


class TestExport:
    def test_has_the_filtered_list_without_formulas(
        self, admin: Client, declared: Contest, editor: User
    ) -> None:
        desk.publish(
            declared.election,
            desk.PostContent(text="=HYPERLINK(1)"),
            by=editor,
            idempotency_key="p",
        )
        every = admin.get(address("auditentry_export"))
        rows = list(csv.DictReader(io.StringIO(every.content.decode())))
        assert [row["what"] for row in rows] == ["post", "declaration", "signed in"]
        assert "'=HYPERLINK(1)" in [row["after"] for row in rows]
        some = admin.get(f"{address('auditentry_export')}?q=Islington").content.decode()
        assert "HYPERLINK" not in some
        assert "Islington North" in some

    def test_needs_the_view_permission(self, client: Client, declared: Contest) -> None:
        client.force_login(staff_with("view_contest"))
        assert client.get(address("auditentry_export")).status_code == 403


class TestPublications:
    """The audit trail and the admin's history say what was published, and only that."""

    @pytest.fixture(autouse=True)
    def night_with_seat(self, admin: Client, night: Election, seat: Contest) -> None:
        nights.party("lab")
        self.admin, self.night = admin, night

    def save(self, model: str, **fields: Any) -> None:
        page = address(f"{model}_add")
        data = form_data(self.admin.get(page)) | {"election": self.night.pk}
        assert self.admin.post(page, data | fields).status_code == 302

    def figures(self, figures: str, key: str) -> None:
        at = "12/12/2019 22:00"
        self.save("externalfigures", source="A wire", as_of=at, figures=figures, key=key)

    def recorded(self) -> list[tuple[str, str]]:
        """What the admin's history has, as (what, about): an entry for each of the audit trail."""
        flags = {1: "added", 2: "changed", 3: "deleted"}
        history = [
            (
                "withdrawn" if log.change_message == "Withdrawn." else flags[log.action_flag],
                log.object_repr,
            )
            for log in LogEntry.objects.order_by("pk")
        ]
        assert len(entries()) == len(history) + 1  # and the one of signing in
        return history

    def test_external_figures(self) -> None:
        for figures, key in (("Labour 1", "a"), ("Labour 1", "a"), ("", "b"), ("", "b")):
            self.figures(figures, key)
        assert self.recorded() == [
            ("added", "Exit poll, A wire"),
            ("withdrawn", "Exit poll, A wire"),
        ]

    def test_headline(self) -> None:
        for text, key in (("It is over", "a"), ("It is over", "b"), ("", "c"), ("", "c")):
            self.save("headline", text=text, key=key)
        assert self.recorded() == [
            ("added", "It is over"),
            ("withdrawn", "It is over"),
        ]

    def test_post(self) -> None:
        for _time in range(2):
            self.save("post", text="We are there.", key="a")
        page = address("post_change", Post.objects.get().pk)
        form = form_data(self.admin.get(page)) | {"text": "We are here."}
        for _time in range(2):
            self.admin.post(page, form)
        chosen = {
            "action": "withdraw",
            "confirmed": "yes",
            "_selected_action": Post.objects.current().get().pk,
        }
        for _time in range(2):
            self.admin.post(address("post_changelist"), chosen)
        assert self.recorded() == [
            ("added", "We are there."),
            ("changed", "We are here."),
            ("withdrawn", "We are here."),
        ]


def test_says_who_changed_the_party_of_whom(admin: Client, seat: Contest) -> None:
    """With names: a primary key tells nobody anything."""
    nights.party("brexit")
    change = address("contest_change", seat.pk)
    data = form_data(admin.get(change))
    (name,) = (
        key.removesuffix("-name")
        for key, value in data.items()
        if key.startswith("candidates-") and value == "Jeremy Corbyn"
    )
    admin.post(change, data | {f"{name}-party": nights.party("brexit").pk})
    entry = entries(what="contest: changed")[0]
    assert entry.before == "Jeremy Corbyn: party: Labour"
    assert entry.after == "Jeremy Corbyn: party: Brexit Party"


def test_names_counts_and_roles_in_words(admin: Client, seat: Contest) -> None:
    form = {"name": "Ann Smith", "role": "reporter", "phone_address": "https://testserver"}
    admin.post("/admin/auth/user/add/", form | {"contests": [seat.pk]})
    entry = entries(what="user: added")[0]
    assert "Reports from: Islington North" in entry.after
    assert "<strong>" not in entry.after


def test_names_fields_and_times_in_words(admin: Client, night: Election) -> None:
    """In the election's time zone, whatever the server's is."""
    Election.objects.update(timezone="America/New_York")
    page = address("election_change", night.pk)
    form = form_data(admin.get(page)) | {"polls_close": "12/12/2019 22:30", "move_anyway": "on"}
    admin.post(page, form)
    entry = entries(what="election: changed")[0]
    assert "12 Dec 2019, 22:30" in entry.after
    assert "polls_close" not in entry.before + entry.after
    assert "2019-12-12" not in entry.before + entry.after


@pytest.mark.parametrize(("role", "leads_there"), [("Editors", True), ("Reporter managers", False)])
def test_history_of_what_was_published_is_not_called_missing(
    role: str, leads_there: bool, declared: Contest
) -> None:
    """Django's page has what was done in its own forms, and said that there is none."""
    page = client_of_role(role).get(address("contest_history", declared.pk)).content.decode()
    assert "Who did what" in page
    assert "have a change history" not in page
    assert (f'is in <a href="{address("auditentry_changelist")}"' in page) is leads_there
