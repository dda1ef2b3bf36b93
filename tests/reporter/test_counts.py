"""A reporter at the count: from my counts to the number of the bulletin."""

import re
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.test import Client

from results import desk
from results.models import Assignment, Bulletin, Declaration, Election, Quote, Standing
from tests import nights

pytestmark = pytest.mark.django_db
URL = "/count/ge/islington-north/"


@pytest.fixture
def seat():
    return nights.islington_north(nights.election())


@pytest.fixture
def alone(seat):
    """A newsroom with nobody else to ask."""
    Election.objects.update(second_person=Election.SecondPerson.NEVER)


@pytest.fixture
def reporter(seat):
    user = nights.trust(nights.user())
    Assignment.objects.create(reporter=user, contest=seat)
    return user


@pytest.fixture
def phone(client, reporter):
    client.force_login(reporter)
    return client


def typed(seat, **changes):
    """The form as a person fills it in, with figures as people type them."""
    totals = {name: f"{votes:,}" for name, _label, votes in nights.ISLINGTON_NORTH}
    votes = {f"votes-{one.pk}": totals[one.name] for one in seat.candidates.all()}
    rest = {"rejected": "227", "electorate": "75 162", "turnout_announced": "71.8%"}
    more = {"declared_at": "03:18", "base_revision": "0", "step": "check"}
    return {**votes, **rest, **more, **changes}


def words(response):
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def hidden(response):
    """What the check page's form would send, with its one big button."""
    html = response.content.decode()
    form = html[html.index("data-outbox") :]
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: value for name, value in pairs if name != "csrfmiddlewaretoken"} | {
        "step": re.search(r'name="step" value="([^"]+)"', form).group(1)
    }


def vote_box(seat, name):
    return f"votes-{seat.candidates.get(name=name).pk}"


def test_my_counts_are_mine_alone(phone, seat):
    nights.contest(seat.election, "Elsewhere", [("Ann", "lab")])
    page = words(phone.get("/count/"))
    assert "Islington North" in page
    assert "Elsewhere" not in page
    assert phone.get("/count/ge/elsewhere/").status_code == 404
    assert phone.post("/count/ge/elsewhere/", {"step": "status"}).status_code == 404


def test_the_form_has_every_candidate_in_ballot_order(phone, seat):
    html = phone.get(URL).content.decode()
    text = " ".join(html.split())
    order = [text.index(f"> {candidate.name} <") for candidate in seat.candidates.all()]
    assert order == sorted(order)
    assert 'type="number"' not in html
    assert html.count('inputmode="numeric"') >= 8


def test_from_typing_to_the_number_of_the_bulletin(phone, seat):
    check = phone.post(URL, typed(seat))
    said = words(check)
    assert "Nothing is published yet" in said
    assert "Jeremy Corbyn is duly elected." in said
    assert "Your six totals make 53,805; with 227 rejected that is 54,032 of 75,162, 71.9%." in said
    assert "The officer said 71.8%." in said
    assert "Declare Islington North" in said
    assert not Bulletin.objects.exists()

    done = phone.post(URL, hidden(check), follow=True)

    assert done.redirect_chain[0][0] == f"{URL}published/1/"
    assert "bulletin 1" in words(done)
    declaration = Declaration.objects.get()
    assert declaration.ballot_counts.votes == nights.islington_ballot_counts(seat).votes
    assert (declaration.rejected, declaration.electorate) == (227, 75162)
    assert str(declaration.declared_at) == "2019-12-13 03:18:00+00:00"


def test_a_double_tap_is_one_declaration_and_one_answer(phone, seat):
    sent = hidden(phone.post(URL, typed(seat)))
    first, second = phone.post(URL, sent), phone.post(URL, sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert Bulletin.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "fault"),
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
def test_a_bad_figure_is_told_beside_its_field_and_everything_is_kept(phone, seat, text, fault):
    box = vote_box(seat, "Nick Wakeling")
    page = phone.post(URL, typed(seat, **{box: text, "source": "Read out <twice>"}))
    html = page.content.decode()
    assert page.status_code == 422
    assert "<title>Error:" in html
    assert fault in html
    assert f'aria-describedby="id_{box}-fault"' in html
    assert 'value="34,603"' in html
    assert 'value="75 162"' in html
    assert 'value="Read out &lt;twice&gt;"' in html
    assert not Bulletin.objects.exists()


def test_what_cannot_be_is_told_beside_its_field(phone, seat):
    page = phone.post(URL, typed(seat, electorate="50,000"))
    assert page.status_code == 422
    assert "more than the electorate of 50,000" in words(page)


def test_change_brings_everything_back_as_typed(phone, seat):
    sent = hidden(phone.post(URL, typed(seat))) | {"step": "change"}
    html = phone.post(URL, sent).content.decode()
    assert 'value="34,603"' in html
    assert 'value="75 162"' in html
    assert 'value="03:18"' in html
    assert 'id="faults"' not in html


def test_a_warning_asks_why_and_takes_an_answer(phone, seat, alone):
    check = phone.post(URL, typed(seat, turnout_announced="78.1"))
    assert "The turnout announced was 78.1%; these figures make 71.6%." in words(check)
    sent = hidden(check)
    again = phone.post(URL, sent)
    assert again.status_code == 422
    assert "Say why it is right" in words(again)
    assert hidden(again)["key"] == sent["key"]
    assert not Bulletin.objects.exists()
    phone.post(URL, sent | {"warning_reason": "Said so twice."})
    assert Declaration.objects.get().warning_reason == "Said so twice."


@pytest.mark.parametrize(
    ("time", "moment"),
    [("22:05", "2019-12-12 22:05"), ("00:15", "2019-12-13 00:15"), ("14.52", "2019-12-13 14:52")],
)
def test_times_cross_midnight(phone, seat, time, moment):
    phone.post(URL, hidden(phone.post(URL, typed(seat, declared_at=time))))
    assert str(Declaration.objects.get().declared_at)[:16] == moment


@pytest.mark.parametrize("time", ["25:00", "half past", "3"])
def test_a_time_that_is_none(phone, seat, time):
    page = phone.post(URL, typed(seat, declared_at=time))
    assert "Enter the time as 03:18." in words(page)
    assert f'value="{time}"' in page.content.decode()


def test_a_tie_asks_for_the_lot(phone, seat, alone):
    tied = typed(seat, **{vote_box(seat, "Nick Wakeling"): "34603", "electorate": "99999"})
    page = phone.post(URL, tied)
    assert "say who was drawn by lot" in words(page)
    wakeling = seat.candidates.get(name="Nick Wakeling")
    check = phone.post(URL, tied | {"lot": str(wakeling.pk)})
    assert "The vote was tied and decided by lot." in words(check)
    phone.post(URL, hidden(check) | {"warning_reason": "Drawn by lot."})
    assert Standing.objects.get().summary["elected"][0]["name"] == "Nick Wakeling"


def test_someone_else_declared_meanwhile(phone, seat):
    sent = hidden(phone.post(URL, typed(seat)))
    other = nights.islington_ballot_counts(seat, rejected=None)
    votes = dict(other.votes)
    votes[seat.candidates.get(name="Nick Wakeling").pk] = 8451
    desk.declare(seat, type(other)(votes=votes), by=nights.user("other"), idempotency_key="other")
    page = phone.post(URL, sent)
    assert page.status_code == 409
    assert "8,451" in words(page)
    assert "8,415" in words(page)
    assert "were not published" in words(page)
    assert Bulletin.objects.count() == 1


def test_someone_else_declared_the_same(phone, seat):
    sent = hidden(phone.post(URL, typed(seat)))
    same = nights.islington_ballot_counts(seat, turnout_announced=Decimal("71.8"))
    desk.declare(seat, same, by=nights.user("other"), idempotency_key="other")
    page = phone.post(URL, sent, follow=True)
    assert "Published already" in words(page)
    assert Bulletin.objects.count() == 1


class TestTheWinnerAlone:
    def test_two_taps_then_the_figures(self, phone, seat):
        corbyn = seat.candidates.get(name="Jeremy Corbyn")
        flash = {"step": "flash-check", "base_revision": "0", "winners": str(corbyn.pk)}
        check = phone.post(URL, flash)
        assert "Jeremy Corbyn is elected; full figures to follow." in words(check)
        done = phone.post(URL, hidden(check), follow=True)
        assert "bulletin 1" in words(done)
        assert "The full figures" in words(phone.get(URL))

        check = phone.post(URL, typed(seat, base_revision="1"))
        assert "Publish the full figures of Islington North" in words(check)
        phone.post(URL, hidden(check))
        assert Bulletin.objects.get(sequence=2).kind == "update"

    def test_as_many_as_there_are_seats(self, phone, seat):
        both = [str(one.pk) for one in seat.candidates.all()[:2]]
        flash = {"step": "flash-check", "base_revision": "0", "winners": both}
        assert "choose 1" in words(phone.post(URL, flash))
        assert "Choose who is elected" in words(phone.post(URL, flash | {"winners": []}))


def test_a_state_of_the_count_is_one_tap(phone, seat):
    phone.post(URL, {"step": "status", "status": "recount", "key": "k"})
    assert Standing.objects.get().status == Standing.Status.RECOUNT
    phone.post(URL, {"step": "status", "status": "declared", "key": "l"})
    assert Standing.objects.get().status == Standing.Status.RECOUNT


class TestQuotes:
    def send(self, phone, seat, **changes):
        corbyn = seat.candidates.get(name="Jeremy Corbyn")
        said = {"step": "quote", "key": "q", "candidate": str(corbyn.pk), "words": "“Thank you.”"}
        return phone.post(URL, said | changes, follow=True)

    def test_is_published_without_the_typed_marks(self, phone, seat):
        page = self.send(phone, seat, role="Labour leader")
        assert "Published: bulletin 1." in words(page)
        quote = Quote.objects.get()
        assert (quote.speaker, quote.words, quote.reported) == (
            "Jeremy Corbyn",
            "Thank you.",
            False,
        )

    def test_of_someone_else_in_reported_speech(self, phone, seat):
        self.send(phone, seat, candidate="", speaker="The mayor", reported="1")
        assert Quote.objects.get().speaker == "The mayor"
        assert Quote.objects.get().reported

    def test_without_a_speaker_or_words(self, phone, seat):
        assert "Say who said it." in words(self.send(phone, seat, candidate=""))
        page = self.send(phone, seat, words=" ", role="Labour leader")
        assert "Write what was said." in words(page)
        assert 'value="Labour leader"' in page.content.decode()
        assert not Quote.objects.exists()

    def test_sent_twice_is_published_once(self, phone, seat):
        self.send(phone, seat)
        self.send(phone, seat)
        assert Quote.objects.count() == 1


class TestSigningIn:
    @pytest.fixture
    def stranger(self, reporter):
        reporter.set_password("a-long-password")
        reporter.save()
        return Client()

    def sign_in(self, stranger, **more):
        given = {"username": "reporter", "password": "a-long-password", "next": URL}
        return stranger.post("/count/sign-in/", given | more)

    def test_comes_first(self, stranger):
        asked = stranger.get(URL)
        assert asked.headers["Location"] == f"/count/sign-in/?next={quote(URL, safe='')}"
        assert self.sign_in(stranger).headers["Location"] == URL

    def test_a_wrong_password(self, stranger):
        page = self.sign_in(stranger, password="guess")
        assert page.status_code == 200
        assert "That did not work" in words(page)

    @pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example"])
    def test_never_sends_anyone_elsewhere(self, stranger, target):
        assert self.sign_in(stranger, next=target).headers["Location"] == "/count/"

    def test_nothing_typed_is_lost_by_a_session_that_ended(self, stranger, seat):
        asked = stranger.post(URL, typed(seat, step="publish", key="mine"))
        assert asked.status_code == 401
        html = asked.content.decode()
        kept = dict(re.findall(r'name="(kept-[^"]+)" value="([^"]*)"', html))
        assert kept[f"kept-{vote_box(seat, 'Jeremy Corbyn')}"] == "34,603"

        wrong = self.sign_in(stranger, password="guess", **kept)
        again = re.findall(r'name="(kept-[^"]+)" value="([^"]*)"', wrong.content.decode())
        assert dict(again) == kept
        on = self.sign_in(stranger, **kept).content.decode()
        assert "Nothing has been published yet" in on
        sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', on))
        assert sent["step"] == "check"
        assert not Bulletin.objects.exists()
        check = stranger.post(URL, sent)
        assert "Your six totals make 53,805" in words(check)


def test_several_seats(client):
    ward = nights.contest(
        nights.election("council", deposits=False, second_person=Election.SecondPerson.NEVER),
        "Ward",
        [("Ann", "lab"), ("Bob", "con"), ("Cat", "lab")],
        seats=2,
    )
    user = nights.user()
    Assignment.objects.create(reporter=user, contest=ward)
    client.force_login(user)
    votes = {f"votes-{one.pk}": str(900 - 100 * n) for n, one in enumerate(ward.candidates.all())}
    given = votes | {"papers": "1400", "rejected": "10", "electorate": "2500"}
    check = client.post("/count/council/ward/", given | {"step": "check", "base_revision": "0"})
    client.post("/count/council/ward/", hidden(check) | {"warning_reason": "Read out."})
    assert Bulletin.objects.get().line == "Ward: Labour 1, Conservatives 1, majority 100"


def test_a_rehearsal_says_so(client):
    night = nights.election("dummy", rehearsal=True)
    seat = nights.contest(night, "Nowhere", [("Ann Test", "lab")])
    user = nights.user()
    Assignment.objects.create(reporter=user, contest=seat)
    client.force_login(user)
    assert "Rehearsal: invented figures." in words(client.get("/count/dummy/nowhere/"))
