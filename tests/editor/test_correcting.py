"""Correcting a published result: type it, see what readers will see, publish it."""

from datetime import UTC, datetime

import pytest

from results.models import Bulletin, Declaration, Night, Standing
from tests import nights
from tests.editor.conftest import address, said, staff_with, text_of, typed


@pytest.fixture
def page(declared):
    return address("contest_correct", declared.pk)


@pytest.fixture
def wakeling(declared):
    return f"votes-{declared.candidates.get(name='Nick Wakeling').pk}"


@pytest.fixture
def corbyn(declared):
    return f"votes-{declared.candidates.get(name='Jeremy Corbyn').pk}"


def correction(admin, page, **changes):
    """The form as it opens, with some boxes typed over and the reason given."""
    form = typed(admin.get(page)) | {"reason": "Two digits were transposed."}
    return form | changes


class TestTheForm:
    def test_has_each_figure_as_published_in_ballot_order(self, admin, declared, page):
        form = admin.get(page).context["form"]
        assert [line.name for line in form.vote_lines] == [
            candidate.name for candidate in declared.candidates.all()
        ]
        assert all(line.published == line.field.value() for line in form.vote_lines)
        assert "34,603" in [line.published for line in form.vote_lines]
        assert [line.published for line in form.usual_lines][:2] == ["227", "75,162"]

    def test_is_reached_from_the_contest_and_from_the_declaration(self, admin, declared, page):
        declaration = Declaration.objects.get()
        for name, pk in (("contest", declared.pk), ("declaration", declaration.pk)):
            assert page in admin.get(address(f"{name}_change", pk)).content.decode()

    def test_is_not_offered_where_nothing_is_published(self, admin, seat):
        page = address("contest_correct", seat.pk)
        assert page not in admin.get(address("contest_change", seat.pk)).content.decode()
        answer = admin.get(page, follow=True)
        assert "There is no published result here to change." in said(answer)

    def test_needs_the_permission_to_change_declarations(self, client, page):
        client.force_login(staff_with("view_contest", "change_contest", "view_declaration"))
        assert client.get(page).status_code == 403
        assert client.post(page, {"step": "publish"}).status_code == 403

    def test_is_nobody_else_s(self, client, page):
        client.force_login(nights.user("reporter"))
        assert client.get(page).status_code == 302
        assert "login" in client.get(page)["Location"]


class TestWhatIsTyped:
    @pytest.mark.parametrize("figure", ["8451", "8,451", " 8 451 "])
    def test_is_read_as_people_type_it(self, admin, page, wakeling, figure):
        answer = admin.post(page, correction(admin, page, **{wakeling: figure, "step": "preview"}))
        assert "8,451" in str(answer.context["found"].differences)

    @pytest.mark.parametrize("figure", ["", "84.51", "12%", "-4", "84,51", "many"])
    def test_stays_when_it_is_no_figure_and_the_fault_is_beside_it(
        self, admin, page, wakeling, figure
    ):
        sent = correction(admin, page, **{wakeling: figure, "note": "Rang the hall."})
        form = admin.post(page, sent | {"step": "preview"}).context["form"]
        assert form[wakeling].errors
        assert form[wakeling].value() == figure
        assert form["note"].value() == "Rang the hall."
        assert Bulletin.objects.count() == 1

    def test_needs_a_reason(self, admin, page, wakeling):
        sent = correction(admin, page, **{wakeling: "8451", "reason": "  ", "step": "publish"})
        form = admin.post(page, sent).context["form"]
        assert form["reason"].errors
        assert form[wakeling].value() == "8451"
        assert Bulletin.objects.count() == 1

    def test_that_cannot_be_is_refused_beside_its_field(self, admin, page, wakeling):
        sent = correction(admin, page, **{wakeling: "80,000", "step": "preview"})
        form = admin.post(page, sent).context["form"]
        assert "75,162" in str(form["electorate"].errors)
        assert form[wakeling].value() == "80,000"

    def test_that_is_unlikely_needs_to_be_explained(self, admin, page):
        sent = correction(admin, page, rejected="2270", step="preview")
        form = admin.post(page, sent).context["form"]
        assert "2,270" in form.warnings[0]
        assert form["warning_reason"].errors
        explained = sent | {"warning_reason": "A spoilt-ballot campaign.", "step": "publish"}
        admin.post(page, explained)
        correction_made = Declaration.objects.get(revision=2)
        assert correction_made.warning_reason == "A spoilt-ballot campaign."
        assert [one["code"] for one in correction_made.warnings] == ["rejected_high"]

    def test_that_changes_nothing_publishes_nothing(self, admin, page):
        answer = admin.post(page, correction(admin, page, step="preview"))
        assert "nothing to correct" in answer.context["notice"]
        answer = admin.post(page, correction(admin, page, step="publish"))
        assert "nothing to correct" in answer.context["notice"]
        assert Bulletin.objects.count() == 1

    def test_may_be_the_time_alone(self, admin, page):
        sent = correction(admin, page, declared_at="13/12/2019 03:18", step="publish")
        admin.post(page, sent)
        at = Declaration.objects.get(revision=2).declared_at
        assert at == datetime(2019, 12, 13, 3, 18, tzinfo=UTC)

    def test_leaves_the_time_alone_to_the_second(self, admin, page, wakeling):
        before = Declaration.objects.get().declared_at
        admin.post(page, correction(admin, page, **{wakeling: "8451", "step": "publish"}))
        assert Declaration.objects.get(revision=2).declared_at == before


class TestThePreview:
    @pytest.fixture
    def answer(self, admin, page, wakeling):
        sent = correction(admin, page, **{wakeling: "8,451", "step": "preview"})
        return admin.post(page, sent)

    def test_publishes_nothing(self, answer):
        assert answer.status_code == 200
        assert Bulletin.objects.count() == Declaration.objects.count() == 1
        assert Night.objects.get().sequence == 1
        assert Standing.objects.get().status == Standing.Status.DECLARED

    def test_is_the_readers_own_page(self, answer, declared):
        page = answer.context["found"].page
        assert "Labour hold Islington North, majority 26,152" in page
        assert "Two digits were transposed." in page
        assert "reader/reader.css" in page
        for part in ("headline", "scoreboard", f"seat-{declared.slug}"):
            assert f'id="{part}"' in page

    def test_puts_old_and_new_beside_each_other(self, answer):
        text = text_of(answer)
        assert "Nick Wakeling 8,415 8,451" in text
        assert "majority 26,188 Labour hold Islington North, majority 26,152" in text

    def test_says_that_winner_and_seats_stay(self, answer):
        text = text_of(answer)
        assert "The winner does not change: Jeremy Corbyn (Labour)" in text
        assert "No party’s seats, gains or losses change." in text

    def test_breaks_no_content_policy(self, answer):
        html = answer.content.decode()
        assert " style=" not in html
        assert "<style" not in html
        assert "style=" not in answer.context["found"].page

    def test_leads_back_to_the_figures_with_everything_typed(self, admin, page, answer, wakeling):
        back = admin.post(page, typed(answer) | {"step": "figures"})
        assert back.context["form"][wakeling].value() == "8,451"
        assert not back.context["form"].errors


class TestPublishing:
    def test_makes_a_revision_pushed_and_logged(self, admin, page, wakeling, declared):
        sent = correction(admin, page, **{wakeling: "8451", "blame": "officer", "note": "By phone"})
        answer = admin.post(page, sent | {"step": "publish"}, follow=True)
        made = Declaration.objects.get(revision=2)
        assert (made.kind, made.fault, made.note) == (
            "correction",
            Declaration.Blame.OFFICER,
            "By phone",
        )
        assert made.by.username == "editor"
        assert "bulletin 2" in said(answer)
        log = admin.get(f"/{declared.election.slug}/corrections/").content.decode()
        assert "8,451" in log
        assert "Two digits were transposed." in log
        assert "By phone" not in log

    def test_twice_publishes_once_and_answers_alike(self, admin, page, wakeling):
        sent = correction(admin, page, **{wakeling: "8451", "step": "publish"})
        first, second = (admin.post(page, sent, follow=True) for _ in range(2))
        assert said(first) == said(second)
        assert Bulletin.objects.count() == 2

    def test_straight_from_the_form_still_asks_twice_for_a_winner(self, admin, page, corbyn):
        sent = correction(
            admin, page, **{corbyn: "8,414", "warning_reason": "Recounted.", "step": "publish"}
        )
        answer = admin.post(page, sent)
        assert answer.context["unconfirmed"]
        assert Bulletin.objects.count() == 1


class TestAChangeOfWinner:
    @pytest.fixture
    def sent(self, admin, page, corbyn):
        why = {"warning_reason": "Recounted.", "step": "preview"}
        return correction(admin, page, **{corbyn: "8,414"} | why)

    def test_is_said_plainly(self, admin, page, sent):
        text = text_of(admin.post(page, sent))
        winners = "from Jeremy Corbyn (Labour) to Nick Wakeling (Liberal Democrat)"
        assert f"The winner changes {winners}" in text
        assert f"Yes: the winner changes {winners}." in text
        assert "Labour, seats: 1 0" in text
        assert "Liberal Democrat, gains: 0 1" in text

    def test_takes_a_tick(self, admin, page, sent):
        answer = admin.post(page, sent | {"step": "publish"})
        assert "Tick this first" in text_of(answer)
        assert Bulletin.objects.count() == 1
        tick = answer.context["found"].winners_after
        admin.post(page, sent | {"step": "publish", "confirm": tick})
        assert Bulletin.objects.count() == 2
        assert Night.objects.get().standing_tally.lines["ld"].gains == 1

    def test_takes_the_tick_for_this_winner(self, admin, page, sent):
        other = {"step": "publish", "confirm": "James Clark (Conservative)"}
        assert admin.post(page, sent | other).context["unconfirmed"]
        assert Bulletin.objects.count() == 1


class TestAnotherRevisionMeanwhile:
    @pytest.fixture
    def answer(self, admin, page, declared, wakeling):
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

    def test_is_never_written_over(self, answer):
        assert Bulletin.objects.count() == 2
        assert Declaration.objects.get(revision=2).rejected == 228

    def test_stands_beside_what_was_typed(self, answer, wakeling):
        form = answer.context["form"]
        assert form[wakeling].value() == "8451"
        assert form["note"].value() == "Mine"
        rejected = form.usual_lines[0]
        assert (rejected.published, rejected.field.value()) == ("228", "227")
        assert rejected.changed
        assert "colleague published revision 2" in answer.context["notice"]

    def test_is_what_the_form_goes_on_from(self, admin, page, answer, wakeling):
        again = typed(answer) | {"rejected": "228", "step": "publish"}
        admin.post(page, again)
        made = Declaration.objects.get(revision=3)
        assert made.rejected == 228
        assert 8451 in made.ballot_counts.votes.values()


class TestAPartialResult:
    @pytest.fixture
    def seat_with_winner(self, seat):
        winner = seat.candidates.get(name="Jeremy Corbyn")
        nights.declare_winner(
            seat, [winner], by=nights.user(), idempotency_key="flash", votes={winner.pk: 34630}
        )
        return seat

    def test_is_corrected_with_what_is_not_known_left_empty(self, admin, seat_with_winner):
        page = address("contest_correct", seat_with_winner.pk)
        winner = seat_with_winner.candidates.get(name="Jeremy Corbyn")
        sent = correction(admin, page, **{f"votes-{winner.pk}": "34,603", "step": "publish"})
        admin.post(page, sent)
        ballot_counts = Declaration.objects.get(revision=2).ballot_counts
        assert ballot_counts.votes[winner.pk] == 34603
        assert ballot_counts.winners == (winner.pk,)
        assert Standing.objects.get().status == Standing.Status.WINNER_ONLY

    def test_needs_its_winner_named(self, admin, seat_with_winner):
        page = address("contest_correct", seat_with_winner.pk)
        sent = correction(admin, page, step="preview")
        del sent["winners"]
        assert admin.post(page, sent).context["form"]["winners"].errors


def test_a_tie_is_corrected_with_its_lot(admin, night):
    seat = nights.contest(night, "Tied", [("Ann", "lab"), ("Bob", "con")])
    nights.declare(seat, 100, 101)
    page = address("contest_correct", seat.pk)
    ann, bob = seat.candidates.all()
    sent = correction(admin, page, **{f"votes-{ann.pk}": "101", "step": "preview"})
    form = admin.post(page, sent).context["form"]
    assert form["lot"].errors
    answer = admin.post(page, sent | {"lot": str(bob.pk), "warning_reason": "As read out."})
    assert "decided by lot" in answer.context["found"].line_after
