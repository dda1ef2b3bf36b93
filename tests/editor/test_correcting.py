"""Correcting a published result: form, preview, publication."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from results.models import Bulletin, Contest, Declaration, Election, Night, ReviewItem, Standing
from results.words.ballot_papers import names_as_json
from tests import nights
from tests.editor.conftest import address, form_data, messages_of, staff_with, text_of

Fields = dict[str, Any]


@pytest.fixture
def page(declared: Contest) -> str:
    return address("contest_correct", declared.pk)


@pytest.fixture
def wakeling(declared: Contest) -> str:
    return f"votes-{declared.candidates.get(name='Nick Wakeling').pk}"


@pytest.fixture
def corbyn(declared: Contest) -> str:
    return f"votes-{declared.candidates.get(name='Jeremy Corbyn').pk}"


def correction(admin: Client, page: str, **changes: Any) -> Fields:
    """The form as it opens, with a reason and other changes."""
    form = form_data(admin.get(page)) | {"reason": "Two digits were transposed."}
    return form | changes


class TestForm:
    def test_has_every_number_as_published(
        self, admin: Client, declared: Contest, page: str
    ) -> None:
        form = admin.get(page).context["form"]
        assert [row.name for row in form.vote_rows] == [
            candidate.name for candidate in declared.candidates.all()
        ]
        assert all(row.published == row.field.value() for row in form.vote_rows)
        assert "34,603" in [row.published for row in form.vote_rows]
        assert [row.published for row in form.usual_rows][:2] == ["227", "75,162"]

    def test_is_linked_from_contest_and_declaration(
        self, admin: Client, declared: Contest, page: str
    ) -> None:
        declaration = Declaration.objects.get()
        for name, pk in (("contest", declared.pk), ("declaration", declaration.pk)):
            assert page in admin.get(address(f"{name}_change", pk)).content.decode()

    def test_needs_a_published_result(self, admin: Client, seat: Contest) -> None:
        page = address("contest_correct", seat.pk)
        assert page not in admin.get(address("contest_change", seat.pk)).content.decode()
        answer = admin.get(page, follow=True)
        assert "There is no published result here to change." in messages_of(answer)

    def test_needs_the_permission_to_change_declarations(self, client: Client, page: str) -> None:
        client.force_login(staff_with("view_contest", "change_contest", "view_declaration"))
        assert client.get(page).status_code == 403
        assert client.post(page, {"step": "publish"}).status_code == 403

    def test_redirects_a_reporter_to_the_login(self, client: Client, page: str) -> None:
        client.force_login(nights.user("reporter"))
        assert client.get(page).status_code == 302
        assert "login" in client.get(page)["Location"]


class TestCorrection:
    @pytest.mark.parametrize("text", ["8451", "8,451", " 8 451 "])
    def test_reads_grouped_numbers(
        self, admin: Client, page: str, wakeling: str, text: str
    ) -> None:
        answer = admin.post(page, correction(admin, page, **{wakeling: text, "step": "preview"}))
        assert "8,451" in str(answer.context["preview"].differences)

    @pytest.mark.parametrize("text", ["", "84.51", "12%", "-4", "84,51", "many"])
    def test_keeps_invalid_numbers_with_their_error(
        self, admin: Client, page: str, wakeling: str, text: str
    ) -> None:
        sent = correction(admin, page, **{wakeling: text, "note": "Rang the hall."})
        form = admin.post(page, sent | {"step": "preview"}).context["form"]
        assert form[wakeling].errors
        assert form[wakeling].value() == text
        assert form["note"].value() == "Rang the hall."
        assert Bulletin.objects.count() == 1

    def test_needs_a_reason(self, admin: Client, page: str, wakeling: str) -> None:
        sent = correction(admin, page, **{wakeling: "8451", "reason": "  ", "step": "publish"})
        form = admin.post(page, sent).context["form"]
        assert form["reason"].errors == ["Say why: readers see it beside what changes."]
        assert form[wakeling].value() == "8451"
        assert Bulletin.objects.count() == 1

    def test_shows_blocks_beside_their_field(self, admin: Client, page: str, wakeling: str) -> None:
        sent = correction(admin, page, **{wakeling: "80,000", "step": "preview"})
        form = admin.post(page, sent).context["form"]
        assert "75,162" in str(form["electorate"].errors)
        assert form[wakeling].value() == "80,000"

    def test_warning_needs_a_reason(self, admin: Client, page: str) -> None:
        sent = correction(admin, page, rejected="2270", step="preview")
        form = admin.post(page, sent).context["form"]
        assert "2,270" in form.warnings[0]
        assert form["warning_reason"].errors
        explained = sent | {"warning_reason": "A spoilt-ballot campaign.", "step": "publish"}
        admin.post(page, explained)
        revision = Declaration.objects.get(revision=2)
        assert revision.warning_reason == "A spoilt-ballot campaign."
        assert [warning["code"] for warning in revision.warnings] == ["rejected_high"]

    def test_publishes_nothing_without_a_change(self, admin: Client, page: str) -> None:
        answer = admin.post(page, correction(admin, page, step="preview"))
        assert "nothing to correct" in answer.context["notice"]
        answer = admin.post(page, correction(admin, page, step="publish"))
        assert "nothing to correct" in answer.context["notice"]
        assert Bulletin.objects.count() == 1

    @pytest.mark.parametrize("typed", ["13/12/2019 03:18", "03:18"])
    def test_may_change_the_time_only(self, admin: Client, page: str, typed: str) -> None:
        sent = correction(admin, page, declared_at=typed, step="publish")
        admin.post(page, sent)
        at = Declaration.objects.get(revision=2).declared_at
        assert at == datetime(2019, 12, 13, 3, 18, tzinfo=UTC)

    def test_keeps_the_seconds_of_the_time(self, admin: Client, page: str, wakeling: str) -> None:
        before = Declaration.objects.get().declared_at
        admin.post(page, correction(admin, page, **{wakeling: "8451", "step": "publish"}))
        assert Declaration.objects.get(revision=2).declared_at == before


class TestPreview:
    @pytest.fixture
    def answer(self, admin: Client, page: str, wakeling: str) -> Any:
        sent = correction(admin, page, **{wakeling: "8,451", "step": "preview"})
        return admin.post(page, sent)

    def test_publishes_nothing(self, answer: Any) -> None:
        assert answer.status_code == 200
        assert Bulletin.objects.count() == Declaration.objects.count() == 1
        assert Night.objects.get().sequence == 1
        assert Standing.objects.get().status == Standing.Status.DECLARED

    def test_is_the_readers_page(self, answer: Any, declared: Contest) -> None:
        page = answer.context["preview"].page
        headline = "Labour hold Islington North, majority\N{NO-BREAK SPACE}26,152"
        assert headline in re.sub(r"<[^>]+>", "", page)
        assert "Two digits were transposed." in page
        assert "reader/reader.css" in page
        for part in ("headline", "scoreboard", f"seat-{declared.slug}"):
            assert f'id="{part}"' in page

    def test_has_no_part_for_a_live_page_that_stays_as_it_is(
        self, admin: Client, seat: Contest, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            nights.declare_counts(
                seat,
                nights.islington_ballot_counts(seat, rejected=224),
                by=nights.user(),
                idempotency_key="declared",
            )
        page = address("contest_correct", seat.pk)
        answer = admin.post(page, correction(admin, page, rejected="225", step="preview"))
        shown = answer.context["preview"].page
        assert f'id="seat-{seat.slug}"' in shown
        assert "The live page" not in shown

    def test_shows_old_and_new_values(self, answer: Any) -> None:
        text = text_of(answer)
        assert "Nick Wakeling 8,415 8,451" in text
        assert "majority 26,188 Labour hold Islington North, majority 26,152" in text

    def test_says_that_winner_and_seats_stay(self, answer: Any) -> None:
        text = text_of(answer)
        assert "The winner does not change: Jeremy Corbyn (Labour)" in text
        assert "No party’s seats, gains or losses change." in text

    def test_has_no_inline_styles(self, answer: Any) -> None:
        html = answer.content.decode()
        assert " style=" not in html
        assert "<style" not in html
        assert "style=" not in answer.context["preview"].page

    def test_leads_back_to_the_form_with_everything_typed(
        self, admin: Client, page: str, answer: Any, wakeling: str
    ) -> None:
        back = admin.post(page, form_data(answer) | {"step": "figures"})
        assert back.context["form"][wakeling].value() == "8,451"
        assert not back.context["form"].errors


class TestPublishing:
    def test_publishes_and_logs_a_revision(
        self, admin: Client, page: str, wakeling: str, declared: Contest
    ) -> None:
        sent = correction(admin, page, **{wakeling: "8451", "blame": "officer", "note": "By phone"})
        answer = admin.post(page, sent | {"step": "publish"}, follow=True)
        revision = Declaration.objects.get(revision=2)
        assert (revision.kind, revision.blame, revision.note) == (
            "correction",
            Declaration.Blame.OFFICER,
            "By phone",
        )
        assert revision.by.username == "editor"
        assert "bulletin 2" in messages_of(answer)
        log = admin.get(f"/{declared.election.slug}/corrections/").content.decode()
        assert "8,451" in log
        assert "Two digits were transposed." in log
        assert "By phone" not in log

    def test_sent_twice_is_published_once(self, admin: Client, page: str, wakeling: str) -> None:
        sent = correction(admin, page, **{wakeling: "8451", "step": "publish"})
        first, second = (admin.post(page, sent, follow=True) for _ in range(2))
        assert messages_of(first) == messages_of(second)
        assert Bulletin.objects.count() == 2

    def test_without_preview_asks_to_confirm_another_winner(
        self, admin: Client, page: str, corbyn: str
    ) -> None:
        sent = correction(
            admin, page, **{corbyn: "8,414", "warning_reason": "Recounted.", "step": "publish"}
        )
        answer = admin.post(page, sent)
        assert answer.context["unconfirmed"]
        assert Bulletin.objects.count() == 1


class TestChangeOfWinner:
    @pytest.fixture
    def sent(self, admin: Client, page: str, corbyn: str) -> Fields:
        why = {"warning_reason": "Recounted.", "step": "preview"}
        return correction(admin, page, **{corbyn: "8,414"} | why)

    def test_is_shown_in_the_preview(self, admin: Client, page: str, sent: Fields) -> None:
        text = text_of(admin.post(page, sent))
        winners = "from Jeremy Corbyn (Labour) to Nick Wakeling (Liberal Democrat)"
        assert f"The winner changes {winners}" in text
        assert f"Yes: the winner changes {winners}." in text
        assert "Labour, seats: 1 0" in text
        assert "Liberal Democrat, gains: 0 1" in text

    def test_needs_confirmation(self, admin: Client, page: str, sent: Fields) -> None:
        answer = admin.post(page, sent | {"step": "publish"})
        assert "Tick this first" in text_of(answer)
        assert Bulletin.objects.count() == 1
        winners = answer.context["preview"].winners_after
        admin.post(page, sent | {"step": "publish", "confirm": winners})
        assert Bulletin.objects.count() == 2
        assert Night.objects.get().standing_tally.parties["ld"].gains == 1

    def test_needs_confirmation_of_this_winner(
        self, admin: Client, page: str, sent: Fields
    ) -> None:
        other = {"step": "publish", "confirm": "James Clark (Conservative)"}
        assert admin.post(page, sent | other).context["unconfirmed"]
        assert Bulletin.objects.count() == 1


class TestStaleForm:
    @pytest.fixture
    def answer(self, admin: Client, page: str, declared: Contest, wakeling: str) -> Any:
        sent = correction(admin, page, **{wakeling: "8451", "note": "Mine"})
        ballot_counts = nights.islington_ballot_counts(declared, rejected=228)
        nights.correct(
            declared,
            ballot_counts,
            by=nights.user("colleague"),
            idempotency_key="theirs",
            base_revision=1,
            reason="A rejected ballot more.",
        )
        return admin.post(page, sent | {"step": "publish"})

    def test_publishes_nothing(self, answer: Any) -> None:
        assert Bulletin.objects.count() == 2
        assert Declaration.objects.get(revision=2).rejected == 228

    def test_shows_the_newer_revision_beside_what_was_typed(
        self, answer: Any, wakeling: str
    ) -> None:
        form = answer.context["form"]
        assert form[wakeling].value() == "8451"
        assert form["note"].value() == "Mine"
        rejected = form.usual_rows[0]
        assert (rejected.published, rejected.field.value()) == ("228", "227")
        assert rejected.changed
        assert "colleague published revision 2" in answer.context["notice"]

    def test_can_be_sent_again_on_the_newer_revision(
        self, admin: Client, page: str, answer: Any, wakeling: str
    ) -> None:
        again = form_data(answer) | {"rejected": "228", "step": "publish"}
        admin.post(page, again)
        revision = Declaration.objects.get(revision=3)
        assert revision.rejected == 228
        assert 8451 in revision.ballot_counts.votes.values()


class TestWinnerOnlyResult:
    @pytest.fixture
    def seat_with_winner(self, seat: Contest) -> Contest:
        winner = seat.candidates.get(name="Jeremy Corbyn")
        nights.declare_winner(
            seat, [winner], by=nights.user(), idempotency_key="winner", votes={winner.pk: 34630}
        )
        return seat

    def test_keeps_unknown_votes_empty(self, admin: Client, seat_with_winner: Contest) -> None:
        page = address("contest_correct", seat_with_winner.pk)
        winner = seat_with_winner.candidates.get(name="Jeremy Corbyn")
        sent = correction(admin, page, **{f"votes-{winner.pk}": "34,603", "step": "publish"})
        admin.post(page, sent)
        ballot_counts = Declaration.objects.get(revision=2).ballot_counts
        assert ballot_counts.votes[winner.pk] == 34603
        assert ballot_counts.winners == (winner.pk,)
        assert Standing.objects.get().status == Standing.Status.WINNER_ONLY

    def test_needs_its_winner(self, admin: Client, seat_with_winner: Contest) -> None:
        page = address("contest_correct", seat_with_winner.pk)
        sent = correction(admin, page, step="preview")
        del sent["winners"]
        assert admin.post(page, sent).context["form"]["winners"].errors


def test_correction_to_a_tie_needs_a_lot(admin: Client, night: Election) -> None:
    seat = nights.contest(night, "Tied", [("Ann", "lab"), ("Bob", "con")])
    nights.declare(seat, 100, 101)
    page = address("contest_correct", seat.pk)
    ann, bob = seat.candidates.all()
    sent = correction(admin, page, **{f"votes-{ann.pk}": "101", "step": "preview"})
    form = admin.post(page, sent).context["form"]
    assert form["lot"].errors
    answer = admin.post(page, sent | {"lot": str(bob.pk), "warning_reason": "As read out."})
    assert "decided by lot" in answer.context["preview"].result_after


class TestBallotPaper:
    """A candidate was renamed while the form was open."""

    @pytest.mark.parametrize("step", ["preview", "publish"])
    def test_new_name_brings_the_form_back_with_every_figure(
        self, admin: Client, page: str, declared: Contest, wakeling: str, step: str
    ) -> None:
        sent = correction(admin, page, **{wakeling: "8451", "step": step})
        declared.candidates.filter(name="Nick Wakeling").update(name="*")
        declared.candidates.filter(name="James Clark").update(name="Nick Wakeling")
        declared.candidates.filter(name="*").update(name="James Clark")
        answer = admin.post(page, sent)
        assert "“Nick Wakeling” is now “James Clark” on the ballot paper." in text_of(answer)
        form = answer.context["form"]
        assert form[wakeling].value() == "8451"
        assert Bulletin.objects.count() == 1
        # Sent again as it is shown now, it is for the names of now.
        again = form_data(answer) | {"step": "preview"}
        assert admin.post(page, again).context["preview"] is not None

    def test_requested_correction_tells_what_has_changed_since(
        self, admin: Client, page: str, declared: Contest
    ) -> None:
        names = dict(declared.candidates.values_list("pk", "name"))
        declaration = declared.declarations.get()
        item = ReviewItem.objects.create(
            contest=declared,
            kind=ReviewItem.Kind.CORRECTION,
            content={
                "figures": declaration.ballot_counts.to_json(),
                "base_revision": 1,
                "reason": "Misheard.",
                "names": names_as_json(names),
            },
            by=nights.user(),
            idempotency_key="asked",
            fingerprint="",
        )
        declared.candidates.filter(name="James Clark").update(name="James Clarke")
        for address_of_item in (
            f"{page}?item={item.pk}",
            address("reviewitem_change", item.pk),
        ):
            text = text_of(admin.get(address_of_item))
            assert "“James Clark” is now “James Clarke” on the ballot paper." in text
