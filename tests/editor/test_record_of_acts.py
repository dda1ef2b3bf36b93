"""Who did what: everything, from where, before and after; found by seat, person, time; for good."""

import csv
import io

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from results import desk
from results.models import AppendOnlyError, AuditEntry, Contest, Election
from results.rehearsal.reset import delete_rehearsal
from tests import nights
from tests.editor.conftest import address, staff_with, typed

FROM = {"REMOTE_ADDR": "192.0.2.7"}


def acts(**wanted):
    return list(AuditEntry.objects.filter(**wanted).order_by("pk"))


def test_a_correction_has_both_sets_of_figures(declared, editor):
    votes = nights.islington_ballot_counts(declared).votes
    wakeling = declared.candidates.get(name="Nick Wakeling").pk
    ballot_counts = nights.ballot_counts(declared, *{**votes, wakeling: 8451}.values())
    nights.correct(
        declared,
        ballot_counts,
        by=editor,
        idempotency_key="c",
        base_revision=1,
        reason="Digits transposed.",
    )
    act = acts(what="correction")[0]
    assert (act.user, act.contest, act.election) == ("editor", "Islington North", "ge")
    assert "Nick Wakeling 8,415" in act.before
    assert "Nick Wakeling 8,451" in act.after
    assert "Digits transposed." in act.after


def test_every_bulletin_has_its_act(declared, editor):
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
    assert [act.what for act in acts()] == ["declaration", "headline", "headline", "post"]
    assert (acts()[2].before, acts()[2].after) == ("First", "Second")


def test_a_refusal_leaves_none(seat, editor):
    with pytest.raises(desk.ValidationRefused):
        nights.declare_counts(
            seat, nights.islington_ballot_counts(seat, electorate=5), by=editor, idempotency_key="k"
        )
    assert not acts()


def test_signing_in_and_failing_to_with_the_network(db, seat):
    user = nights.user("ann")
    user.set_password("a-long-password")
    user.save()
    phone = Client()
    form = {"username": "ann", "password": "wrong", "next": "/count/"}
    phone.post("/count/sign-in/", form, **FROM)
    phone.post("/count/sign-in/", form | {"password": "a-long-password"}, **FROM)
    phone.post("/count/sign-out/", **FROM)
    said = [(act.what, act.user, act.network) for act in acts()]
    assert said == [
        ("sign-in failed", "ann", "192.0.2.7"),
        ("signed in", "ann", "192.0.2.7"),
        ("signed out", "ann", "192.0.2.7"),
    ]
    assert "wrong" not in str(list(AuditEntry.objects.values_list()))


def test_details_changed_in_the_admin_before_and_after(admin, seat):
    change = address("contest_change", seat.pk)
    form = typed(admin.get(change)) | {"venue": "The Town Hall"}
    assert admin.post(change, form, **FROM).status_code == 302
    act = acts(what="contest: changed")[0]
    assert (act.user, act.network, act.contest) == ("editor", "192.0.2.7", "Islington North")
    assert act.before == "venue: Sobell Leisure Centre"
    assert act.after == "venue: The Town Hall"


def test_a_password_is_never_written_down(admin):
    form = {"username": "new", "usable_password": "true"}
    secret = "a-very-long-secret-47"
    admin.post("/admin/auth/user/add/", form | {"password1": secret, "password2": secret})
    assert acts(what="user: added")
    assert secret not in str(list(AuditEntry.objects.values_list()))


def test_offers_and_passes(admin, seat, editor):
    content = {"words": "Well.", "speaker": "The mayor", "said_at": "2019-12-13T03:00:00+00:00"}
    offer = desk.queue_for_review(seat, "quote", content, by=nights.user(), idempotency_key="q")
    desk.decline(offer, by=editor, note="We have it.")
    admin.post(address("reporterpass_add"), {"reporter": nights.user().pk})
    said = [act.what for act in acts() if act.what != "signed in"]
    assert said == ["quote: offered", "quote: declined", "pass: added"]


def test_nobody_edits_or_deletes_one(admin, declared):
    act = acts()[0]
    with pytest.raises(AppendOnlyError):
        act.delete()
    with pytest.raises(AppendOnlyError):
        act.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        connection.cursor().execute("UPDATE results_auditentry SET about = 'nothing'")
    for page in ("change", "delete"):
        assert admin.post(address(f"auditentry_{page}", act.pk), {"user": "x"}).status_code == 403
    assert acts()[0].user == act.user


def test_it_outlives_the_rehearsal_that_it_is_about(editor):
    night = nights.election("dummy", rehearsal=True)
    seat = nights.contest(night, "Nowhere", [("Ann", "lab"), ("Bob", "con")])
    nights.declare(seat, 20, 10, electorate=60)
    desk.publish(night, desk.PostContent(text="A post."), by=editor, idempotency_key="p")
    desk.mark_verified(seat.declarations.get(), by=editor)
    delete_rehearsal(night)
    assert not Election.objects.exists()
    assert not Contest.objects.exists()
    assert [act.election for act in acts()] == ["dummy"] * 3


class TestTheFile:
    def test_has_what_the_list_shows_and_no_formula(self, admin, declared, editor):
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

    def test_is_not_for_everyone(self, client, declared):
        client.force_login(staff_with("view_contest"))
        assert client.get(address("auditentry_export")).status_code == 403
