"""The pages of a count: typing, checking and publishing a result; quotes; signing in."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.test import Client

from results.arithmetic import BallotCounts, ElectionKind
from results.models import Assignment, Bulletin, Contest, Declaration, Election, Quote, Standing
from results.reporter.forms import ResultForm
from tests import nights
from tests.reporter.conftest import URL, field, hidden_fields, text_of, typed_fields
from tests.responses import Response

pytestmark = pytest.mark.django_db


def test_lists_only_assigned_counts(phone: Client, seat: Contest) -> None:
    nights.contest(seat.election, "Elsewhere", [("Ann", "lab")])
    page = text_of(phone.get("/count/"))
    assert "Islington North" in page
    assert "Elsewhere" not in page
    assert phone.get("/count/ge/elsewhere/").status_code == 404
    assert phone.post("/count/ge/elsewhere/", {"step": "status"}).status_code == 404


def test_form_has_every_candidate_in_ballot_order(phone: Client, seat: Contest) -> None:
    html = phone.get(URL).content.decode()
    text = " ".join(html.split())
    order = [text.index(f"> {candidate.name} <") for candidate in seat.candidates.all()]
    assert order == sorted(order)
    assert 'type="number"' not in html
    assert html.count('inputmode="numeric"') >= 8


def test_says_what_to_do_where_somebody_is_missing(phone: Client, seat: Contest) -> None:
    hint = "Somebody who stood is missing, or a name is wrong? Ring the desk, which puts it right."
    assert hint in text_of(phone.get(URL))
    Election.objects.update(kind=ElectionKind.REFERENDUM)
    assert hint not in text_of(phone.get(URL))


def test_publishes_a_checked_result(phone: Client, seat: Contest) -> None:
    check = phone.post(URL, typed_fields(seat))
    text = text_of(check)
    assert "None of this is published until" in text
    assert "Jeremy Corbyn is duly elected as Member of Parliament for Islington North." in text
    assert "Your six totals make 53,805; with 227 rejected that is 54,032 of 75,162, 71.9%." in text
    assert "The officer said 71.8%." in text
    assert "Declare Islington North" in text
    assert not Bulletin.objects.exists()

    answer = phone.post(URL, hidden_fields(check), follow=True)

    assert answer.redirect_chain[0][0] == f"{URL}published/1/"
    assert "bulletin 1" in text_of(answer)
    declaration = Declaration.objects.get()
    assert declaration.ballot_counts.votes == nights.islington_ballot_counts(seat).votes
    assert (declaration.rejected, declaration.electorate) == (227, 75162)
    assert str(declaration.declared_at) == "2019-12-13 03:18:00+00:00"


def test_publishes_a_double_tap_once(phone: Client, seat: Contest) -> None:
    sent = hidden_fields(phone.post(URL, typed_fields(seat)))
    first, second = phone.post(URL, sent), phone.post(URL, sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert Bulletin.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "If there were none, enter 0"),
        ("8.415", "without a decimal point"),
        ("12%", "not a percentage"),
        ("-4", "0 or more"),
        ("84,15", "odd place"),
        ("<b>", "digits only"),
        ("1234567890", "more digits"),
    ],
)
def test_shows_number_errors_beside_their_field_and_keeps_the_rest(
    phone: Client, seat: Contest, text: str, error: str
) -> None:
    name = field(seat, "Nick Wakeling")
    page = phone.post(URL, typed_fields(seat, **{name: text, "source": "Read out <twice>"}))
    html = page.content.decode()
    assert page.status_code == 422
    assert "<title>Error:" in html
    assert error in html
    assert f'aria-describedby="id_{name}-error"' in html
    assert 'value="34,603"' in html
    assert 'value="75 162"' in html
    assert 'value="Read out &lt;twice&gt;"' in html
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize("name", [*ResultForm.further, "recount"])
def test_opens_the_folded_fields_where_one_has_an_error(
    phone: Client, seat: Contest, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(form: ResultForm) -> dict[str, Any]:
        form.add_error(name, "Not so.")
        return form.cleaned_data

    opened = "<details open>"
    assert opened not in phone.post(URL, typed_fields(seat, rejected="x")).content.decode()
    monkeypatch.setattr(ResultForm, "clean", refuse)
    html = phone.post(URL, typed_fields(seat)).content.decode()
    assert opened in html
    assert "Not so." in html


def test_shows_blocks_beside_their_field(phone: Client, seat: Contest) -> None:
    page = phone.post(URL, typed_fields(seat, electorate="50,000"))
    assert page.status_code == 422
    assert "more than the electorate of 50,000" in text_of(page)


def test_change_restores_everything_typed(phone: Client, seat: Contest) -> None:
    sent = hidden_fields(phone.post(URL, typed_fields(seat))) | {"step": "change"}
    html = phone.post(URL, sent).content.decode()
    assert 'value="34,603"' in html
    assert 'value="75 162"' in html
    assert 'value="03:18"' in html
    assert 'id="error-summary"' not in html


def test_warning_needs_a_reason(phone: Client, seat: Contest, one_person: None) -> None:
    check = phone.post(URL, typed_fields(seat, turnout_announced="78.1"))
    assert "The turnout announced was 78.1%; these figures make 71.9%." in text_of(check)
    sent = hidden_fields(check)
    again = phone.post(URL, sent)
    assert again.status_code == 422
    assert "Say why it is right" in text_of(again)
    assert hidden_fields(again)["key"] == sent["key"]
    assert not Bulletin.objects.exists()
    phone.post(URL, sent | {"warning_reason": "Said so twice."})
    assert Declaration.objects.get().warning_reason == "Said so twice."


@pytest.mark.parametrize(
    ("time", "moment"),
    [
        ("22:05", "2019-12-12 22:05"),
        ("00:15", "2019-12-13 00:15"),
        ("14.52", "2019-12-13 14:52"),
        ("0318", "2019-12-13 03:18"),
        ("318", "2019-12-13 03:18"),
    ],
)
def test_times_cross_midnight(phone: Client, seat: Contest, time: str, moment: str) -> None:
    phone.post(URL, hidden_fields(phone.post(URL, typed_fields(seat, declared_at=time))))
    assert str(Declaration.objects.get().declared_at)[:16] == moment


@pytest.mark.parametrize("time", ["25:00", "half past", "3"])
def test_refuses_invalid_times(phone: Client, seat: Contest, time: str) -> None:
    page = phone.post(URL, typed_fields(seat, declared_at=time))
    assert "Enter the time as 03:18 or 0318." in text_of(page)
    assert f'value="{time}"' in page.content.decode()


def test_tie_needs_a_lot(phone: Client, seat: Contest, one_person: None) -> None:
    tied = typed_fields(seat, **{field(seat, "Nick Wakeling"): "34603", "electorate": "99999"})
    page = phone.post(URL, tied)
    assert "say who was drawn by lot" in text_of(page)
    wakeling = seat.candidates.get(name="Nick Wakeling")
    check = phone.post(URL, tied | {"lot": str(wakeling.pk)})
    assert "The vote was tied and decided by lot." in text_of(check)
    phone.post(URL, hidden_fields(check) | {"warning_reason": "Drawn by lot."})
    assert Standing.objects.get().summary["elected"][0]["name"] == "Nick Wakeling"


def test_lot_is_between_those_who_tie(phone: Client, seat: Contest, one_person: None) -> None:
    tied = typed_fields(seat, **{field(seat, "Nick Wakeling"): "34603", "electorate": "99999"})
    page = phone.post(URL, tied)
    form = page.context["result"]
    assert [box.choice_label for box in form.lot_boxes] == ["Jeremy Corbyn", "Nick Wakeling"]
    # One who was ticked before the votes were corrected can be unticked.
    clark = seat.candidates.get(name="James Clark")
    page = phone.post(URL, tied | {"lot": str(clark.pk)})
    assert "draws 1 of them" in text_of(page)
    boxes = page.context["result"].lot_boxes
    assert [box.choice_label for box in boxes] == ["James Clark", "Jeremy Corbyn", "Nick Wakeling"]


def test_shows_the_conflict_with_another_result(phone: Client, seat: Contest) -> None:
    sent = hidden_fields(phone.post(URL, typed_fields(seat)))
    votes = dict(nights.islington_ballot_counts(seat).votes)
    votes[seat.candidates.get(name="Nick Wakeling").pk] = 8451
    nights.declare_counts(
        seat, BallotCounts(votes=votes), by=nights.user("other"), idempotency_key="other"
    )
    page = phone.post(URL, sent)
    assert page.status_code == 409
    assert "8,451" in text_of(page)
    assert "8,415" in text_of(page)
    assert "were not published" in text_of(page)
    assert Bulletin.objects.count() == 1


def test_conflict_tells_candidates_of_one_name_apart(phone: Client, seat: Contest) -> None:
    typed = typed_fields(seat)
    seat.candidates.filter(name="James Clark").update(name="Nick Wakeling")
    sent = hidden_fields(phone.post(URL, typed))
    votes = dict(nights.islington_ballot_counts(seat).votes)
    votes[seat.candidates.filter(name="Nick Wakeling")[0].pk] = 5493
    nights.declare_counts(
        seat, BallotCounts(votes=votes), by=nights.user("other"), idempotency_key="other"
    )
    page = phone.post(URL, sent)
    assert page.status_code == 409
    # The first table: others are of the phone's own pages, and not in sight.
    table = page.content.decode().partition("comparison")[2].partition("</table>")[0]
    rows = re.findall(r'<th scope="row">([^<]*)<', table)
    assert (len(rows), len(set(rows))) == (6, 6)


def test_publishes_nothing_where_the_same_is_published(phone: Client, seat: Contest) -> None:
    sent = hidden_fields(phone.post(URL, typed_fields(seat)))
    same = nights.islington_ballot_counts(seat, turnout_announced=Decimal("71.8"))
    nights.declare_counts(seat, same, by=nights.user("other"), idempotency_key="other")
    page = phone.post(URL, sent, follow=True)
    assert "Published already" in text_of(page)
    assert Bulletin.objects.count() == 1


class TestWinnerOnly:
    def test_is_published_and_then_completed(self, phone: Client, seat: Contest) -> None:
        corbyn = seat.candidates.get(name="Jeremy Corbyn")
        winner = {"step": "winner-check", "base_revision": "0", "winners": str(corbyn.pk)}
        check = phone.post(URL, winner)
        assert "Jeremy Corbyn is elected; full figures to follow." in text_of(check)
        answer = phone.post(URL, hidden_fields(check), follow=True)
        assert "bulletin 1" in text_of(answer)
        assert "The full figures" in text_of(phone.get(URL))

        check = phone.post(URL, typed_fields(seat, base_revision="1"))
        assert "Publish the full figures of Islington North" in text_of(check)
        phone.post(URL, hidden_fields(check))
        assert Bulletin.objects.get(sequence=2).kind == "update"

    def test_needs_a_winner_for_each_seat(self, phone: Client, seat: Contest) -> None:
        both = [str(candidate.pk) for candidate in seat.candidates.all()[:2]]
        winners: dict[str, Any] = {"step": "winner-check", "base_revision": "0", "winners": both}
        assert "choose 1" in text_of(phone.post(URL, winners))
        assert "Choose who is elected" in text_of(phone.post(URL, winners | {"winners": []}))


def test_reports_only_statuses_without_a_result(phone: Client, seat: Contest) -> None:
    phone.post(URL, {"step": "status", "status": "recount", "key": "k"})
    assert Standing.objects.get().status == Standing.Status.RECOUNT
    phone.post(URL, {"step": "status", "status": "declared", "key": "l"})
    assert Standing.objects.get().status == Standing.Status.RECOUNT


def report_state(phone: Client, status: str) -> str:
    fields = {"step": "status", "status": status, "key": nights.key()}
    return phone.post(URL, fields, headers={"accept": "application/json"}).content.decode()


def test_reports_another_recount_straight_after_a_recount(
    phone: Client, seat: Contest, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Another recount" in phone.get(URL).content.decode()
    report_state(phone, "recount")
    # A colleague who hears the same, or a second tap, is no other recount.
    assert "A recount was reported at" in report_state(phone, "another_recount")
    without_scripts = {"step": "status", "status": "another_recount", "key": nights.key()}
    assert "A recount was reported at" in text_of(phone.post(URL, without_scripts, follow=True))
    assert Bulletin.objects.count() == 1
    monkeypatch.setattr("results.desk.recounts.SAME_RECOUNT", timedelta(0))
    report_state(phone, "another_recount")
    report_state(phone, "another_recount")
    first, *others = Bulletin.objects.order_by("sequence")
    assert first.summary == f"{seat.name}: Recount"
    assert [each.summary for each in others] == [f"{seat.name}: Another recount"] * 2
    assert Standing.objects.get().status == Standing.Status.RECOUNT
    page = client.get(f"/{seat.election.slug}/{seat.slug}/").content.decode()
    assert page.count("Another recount") == 2


def test_another_recount_after_bundles_were_checked_is_a_recount(
    phone: Client, seat: Contest
) -> None:
    for status in ("recount", "bundle_check", "another_recount"):
        report_state(phone, status)
    summaries = Bulletin.objects.order_by("sequence").values_list("summary", flat=True)
    assert list(summaries)[1:] == [f"{seat.name}: Bundle check", f"{seat.name}: Recount"]


@pytest.mark.usefixtures("trusted")
class TestQuotes:
    def send(self, phone: Client, seat: Contest, **changes: Any) -> Response:
        corbyn = seat.candidates.get(name="Jeremy Corbyn")
        fields = {"step": "quote", "key": "q", "candidate": str(corbyn.pk), "words": "“Thank you.”"}
        return phone.post(URL, fields | changes, follow=True)

    def test_is_published_without_typed_quotation_marks(self, phone: Client, seat: Contest) -> None:
        page = self.send(phone, seat, role="Labour leader")
        assert "Published: bulletin 1." in text_of(page)
        quote = Quote.objects.get()
        assert (quote.speaker, quote.words, quote.reported) == (
            "Jeremy Corbyn",
            "Thank you.",
            False,
        )

    def test_of_another_speaker_in_reported_speech(self, phone: Client, seat: Contest) -> None:
        self.send(phone, seat, candidate="", speaker="The mayor", reported="1")
        assert Quote.objects.get().speaker == "The mayor"
        assert Quote.objects.get().reported

    def test_needs_a_speaker_and_words(self, phone: Client, seat: Contest) -> None:
        assert "Say who said it." in text_of(self.send(phone, seat, candidate=""))
        page = self.send(phone, seat, words=" ", role="Labour leader")
        assert "Write what was said." in text_of(page)
        assert 'value="Labour leader"' in page.content.decode()
        assert not Quote.objects.exists()

    def test_sent_twice_is_published_once(self, phone: Client, seat: Contest) -> None:
        self.send(phone, seat)
        self.send(phone, seat)
        assert Quote.objects.count() == 1


class TestSigningIn:
    @pytest.fixture
    def signed_out(self, reporter: User) -> Client:
        reporter.set_password("a-long-password")
        reporter.save()
        return Client()

    def sign_in(self, signed_out: Client, **more: Any) -> Response:
        credentials = {"username": "reporter", "password": "a-long-password", "next": URL}
        return signed_out.post("/count/sign-in/", credentials | more)

    def test_returns_to_the_page_asked_for(self, signed_out: Client) -> None:
        asked = signed_out.get(URL)
        assert asked.headers["Location"] == f"/count/sign-in/?next={quote(URL, safe='')}"
        assert self.sign_in(signed_out).headers["Location"] == URL

    def test_refuses_a_wrong_password(self, signed_out: Client) -> None:
        page = self.sign_in(signed_out, password="guess")
        assert page.status_code == 200
        assert "That did not work" in text_of(page)

    @pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example"])
    def test_never_redirects_to_another_site(self, signed_out: Client, target: str) -> None:
        assert self.sign_in(signed_out, next=target).headers["Location"] == "/count/"

    def test_keeps_typed_fields_when_the_session_has_ended(
        self, signed_out: Client, seat: Contest
    ) -> None:
        asked = signed_out.post(URL, typed_fields(seat, step="publish", key="mine"))
        assert asked.status_code == 401
        html = asked.content.decode()
        carried = dict(re.findall(r'name="(kept-[^"]+)" value="([^"]*)"', html))
        assert carried[f"kept-{field(seat, 'Jeremy Corbyn')}"] == "34,603"

        wrong = self.sign_in(signed_out, password="guess", **carried)
        again = re.findall(r'name="(kept-[^"]+)" value="([^"]*)"', wrong.content.decode())
        assert dict(again) == carried
        on = self.sign_in(signed_out, **carried).content.decode()
        assert "Signing in has sent nothing" in on
        sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', on))
        assert sent["step"] == "check"
        assert not Bulletin.objects.exists()
        check = signed_out.post(URL, sent)
        assert "Your six totals make 53,805" in text_of(check)


def test_publishes_a_ward_with_several_seats(client: Client) -> None:
    ward = nights.contest(
        nights.election("council", deposits=False, second_person=Election.SecondPerson.NEVER),
        "Ward",
        [("Ann", "lab"), ("Bob", "con"), ("Cat", "lab")],
        seats=2,
    )
    user = nights.user()
    Assignment.objects.create(reporter=user, contest=ward)
    client.force_login(user)
    votes = {
        f"votes-{candidate.pk}": str(900 - 100 * number)
        for number, candidate in enumerate(ward.candidates.all())
    }
    fields = votes | {"papers": "1400", "rejected": "10", "electorate": "2500"}
    check = client.post("/count/council/ward/", fields | {"step": "check", "base_revision": "0"})
    client.post("/count/council/ward/", hidden_fields(check) | {"warning_reason": "Read out."})
    assert Bulletin.objects.get().summary == "Ward: Labour 1, Conservatives 1, majority 100"


def test_rehearsal_is_labelled(client: Client) -> None:
    night = nights.election("dummy", rehearsal=True)
    seat = nights.contest(night, "Nowhere", [("Ann Test", "lab")])
    user = nights.user()
    Assignment.objects.create(reporter=user, contest=seat)
    client.force_login(user)
    assert "Rehearsal: invented figures." in text_of(client.get("/count/dummy/nowhere/"))


def test_candidates_of_one_name_are_told_apart(phone: Client, seat: Contest) -> None:
    """By party, and two of one party by their place on the ballot paper."""
    names = dict.fromkeys(("James Clark", "Nick Wakeling"), "Yosef David")
    for before, now in names.items():
        seat.candidates.filter(name=before).update(name=now)
    green = seat.candidates.get(name="Caroline Russell")
    same = seat.candidates.filter(name="Yosef David").first()
    assert same is not None
    seat.candidates.filter(pk=green.pk).update(name="Yosef David", party=same.party)
    page = phone.get(URL).content.decode()
    shown = set(re.findall(r'<option value="\d+">(Yosef David[^<]*)<', page))
    assert len(shown) == 4
    buttons = set(re.findall(r'name="winners"[^>]*data-name="(Yosef David[^"]*)"', page))
    boxes = set(re.findall(r'data-votes data-name="(Yosef David[^"]*)"', page))
    assert buttons == boxes == shown


def test_list_shows_when_a_result_was_corrected(
    phone: Client, seat: Contest, time_machine: Any
) -> None:
    time_machine.move_to("2019-12-13 00:53:00+00:00")
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), idempotency_key="d", by=nights.user()
    )
    time_machine.move_to("2019-12-13 01:20:00+00:00")
    fixed = nights.ballot_counts(seat, 236, 5483, 34603, 742, 4326, 8451)
    why = {"reason": "Misheard.", "idempotency_key": nights.key(), "base_revision": 1}
    nights.correct(seat, fixed, by=nights.user("editor"), **why)
    assert "Corrected 01:20" in text_of(phone.get("/count/"))
