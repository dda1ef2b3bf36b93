"""Declaring from the desk: the phone's rules, a preview, a second person, a repeated form."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from time_machine import TimeMachineFixture

from results import desk
from results.models import Contest, Declaration, Election, ReviewItem
from tests import nights
from tests.editor.conftest import address
from tests.responses import Response

TIED = ["Jeremy Corbyn", "Nick Wakeling"]


@pytest.fixture(autouse=True)
def never_a_second_person(night: Election) -> None:
    Election.objects.update(second_person=Election.SecondPerson.NEVER)


def form_of(seat: Contest, *votes: int | str, **more: Any) -> dict[str, Any]:
    """The form's fields as a browser sends them, votes in ballot-paper order."""
    ids = [candidate.pk for candidate in seat.candidates.all()]
    typed = {f"votes-{pk}": vote for pk, vote in zip(ids, votes, strict=True)}
    return {"base_revision": 0, "key": "the-key", "step": "preview", **typed} | more


def votes_of(seat: Contest) -> list[str]:
    """The real votes of the seat's candidates, in its ballot order."""
    known = {name: str(votes) for name, _label, votes in nights.ISLINGTON_NORTH}
    return [known[candidate.name] for candidate in seat.candidates.all()]


@pytest.fixture
def post(admin: Client, seat: Contest) -> Any:
    def send(**data: Any) -> Response:
        path = address("contest_declare", seat.pk) + f"?night={seat.election_id}"
        return admin.post(path, form_of(seat, *votes_of(seat)) | data)

    return send


def test_shows_what_readers_will_see_and_publishes_nothing(post: Any, seat: Contest) -> None:
    page = post(rejected="227", electorate="75162").content.decode()
    assert "Labour hold Islington North, majority 26,188" in page
    assert "As readers will see it" in page
    assert "kept at the desk" not in page
    assert not seat.declarations.exists()
    assert seat.election.night.sequence == 0


def test_lot_is_between_those_who_tie(admin: Client, post: Any, seat: Contest) -> None:
    tied = seat.candidates.filter(name__in=TIED)
    votes = {f"votes-{each.pk}": "34603" for each in tied}
    page = post(**votes, electorate="99999")
    assert [box.choice_label for box in page.context["form"].lot_boxes] == TIED
    drawn = seat.candidates.get(name=TIED[1]).pk
    post(**votes, electorate="99999", lot=drawn, step="publish", warning_reason="Drawn by lot.")
    # As it is published, for a correction.
    opened = admin.get(address("contest_correct", seat.pk))
    assert [box.choice_label for box in opened.context["form"].lot_boxes] == TIED


def test_declares_and_leads_back_to_the_night(post: Any, seat: Contest) -> None:
    answer = post(step="publish", rejected="227", electorate="75162", source="By telephone.")
    assert answer.headers["Location"] == address("election_night", seat.election_id)
    declaration = seat.declarations.get()
    assert (declaration.by.username, declaration.source) == ("editor", "By telephone.")
    assert declaration.rejected == 227
    # The same form again gets the same answer.
    assert post(step="publish", rejected="227", electorate="75162").status_code == 302
    assert seat.declarations.count() == 1


def test_result_without_a_time_was_read_out_just_now(
    post: Any, seat: Contest, client: Client, time_machine: TimeMachineFixture
) -> None:
    """As the field’s help says; readers were shown the bulletin’s number in place of a time."""
    now = datetime(2019, 12, 13, 2, 5, tzinfo=UTC)
    time_machine.move_to(now, tick=False)
    post(step="publish", rejected="227", electorate="75162")
    assert seat.declarations.get().declared_at == now
    time = '<time datetime="2019-12-13T02:05:00+00:00">02:05</time>'
    assert time in client.get("/ge/feed/").content.decode()


def test_waits_for_a_second_person_by_the_rule(post: Any, seat: Contest) -> None:
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    assert "kept at the desk" in post().content.decode()
    assert not ReviewItem.objects.exists()
    post(step="publish")
    item = ReviewItem.objects.get()
    assert (item.by.username, item.state) == ("editor", "waiting")
    assert not seat.declarations.exists()


def test_asks_why_where_a_check_warns(post: Any, seat: Contest) -> None:
    asked = post(step="publish", rejected="227", electorate="62000")
    assert asked.status_code == 422
    assert "Please look again" in asked.content.decode()
    assert not seat.declarations.exists()
    given = post(
        step="publish", rejected="227", electorate="62000", warning_reason="Read out twice."
    )
    assert given.status_code == 302
    assert seat.declarations.get().warning_reason == "Read out twice."


def test_names_the_field_and_keeps_what_was_typed(post: Any, seat: Contest) -> None:
    first = seat.candidates.first()
    assert first is not None
    wrong = post(**{f"votes-{first.pk}": "12x", "electorate": "10"})
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert 'value="12x"' in text
    assert "See what is marked below" in text
    missing = post(**{f"votes-{first.pk}": ""}).content.decode()
    assert "Enter the votes, 0 if there are none." in missing


def test_declares_a_winner_alone_and_completes_it(post: Any, seat: Contest) -> None:
    winner = seat.candidates.get(name="Jeremy Corbyn")
    nothing = {f"votes-{pk}": "" for pk in seat.candidates.values_list("pk", flat=True)}
    post(step="publish", winners=[winner.pk], key="winner", **nothing)
    assert seat.declarations.get().kind == Declaration.Kind.WINNER_ONLY
    post(step="publish", key="votes", base_revision=1)
    assert [each.kind for each in seat.declarations.all()] == ["winner_only", "update"]


def test_publishes_some_totals_as_incomplete(post: Any, seat: Contest) -> None:
    first = seat.candidates.first()
    assert first is not None
    post(step="publish", incomplete="on", **{f"votes-{first.pk}": ""})
    assert seat.declarations.get().kind == Declaration.Kind.INCOMPLETE


def test_asks_whether_it_takes_back_a_published_winner(post: Any, seat: Contest) -> None:
    other = [seat.candidates.get(name="James Clark")]
    nights.declare_winner(seat, other, by=nights.user(), idempotency_key="w")
    asked = post(step="publish", base_revision=1).content.decode()
    assert "This is a correction" in asked
    taken = post(step="publish", base_revision=1, reason="Misheard.", takes_back="on")
    assert taken.status_code == 302
    newest = seat.declarations.last()
    assert newest is not None
    assert newest.kind == Declaration.Kind.CORRECTION


def test_says_who_published_meanwhile(post: Any, seat: Contest) -> None:
    nights.declare_winner(
        seat,
        [seat.candidates.get(name="Jeremy Corbyn")],
        by=nights.user(),
        idempotency_key="w",
    )
    answer = post(step="publish")
    assert answer.status_code == 409
    assert "reporter published a result here meanwhile" in answer.content.decode()


def test_leads_to_the_correction_where_a_result_stands(
    admin: Client, declared: Contest, post: Any
) -> None:
    page = admin.get(address("contest_declare", declared.pk))
    assert page.status_code == 409
    assert address("contest_correct", declared.pk) in page.content.decode()
    assert post(step="publish", key="another").status_code == 409


def test_finds_a_count_by_name_candidate_or_venue(
    admin: Client, night: Election, seat: Contest
) -> None:
    nights.contest(night, "Islington South", [("Ann", "lab"), ("Bob", "con")])
    path = address("election_night_choose", night.pk, "declare")
    both = admin.get(path, {"q": "islington"})
    assert both.status_code == 200
    assert "Islington South" in both.content.decode()
    for words in ("Islington North", "sobell", "Corbyn"):
        found = admin.get(path, {"q": words})
        assert found.headers["Location"].startswith(address("contest_declare", seat.pk)), words
    assert "No count is called that" in admin.get(path, {"q": "nowhere"}).content.decode()


def test_sends_headline_post_and_note(admin: Client, night: Election, seat: Contest) -> None:
    back = address("election_night", night.pk)
    headline = address("election_night_headline", night.pk)
    data = {"text": "A long night", "key": "h"}
    assert "A long night" in admin.post(headline, data).context["preview"]
    assert not night.headlines.exists()
    sent = admin.post(headline, data | {"step": "publish"})
    assert sent.headers["Location"] == back
    assert night.headlines.get().text == "A long night"
    again = admin.post(headline, data | {"key": "h1"})
    assert "That stands already" in again.content.decode()
    withdrawal = {"text": "", "key": "h2"}
    assert "Withdraw the headline" in admin.post(headline, withdrawal).content.decode()
    assert admin.post(headline, withdrawal | {"step": "publish"}).headers["Location"] == back
    refused = admin.post(headline, withdrawal | {"step": "publish", "key": "h3"})
    assert "headline" not in str(refused.headers)
    post = address("election_night_post", night.pk)
    preview = admin.post(post, {"title": "", "text": "We are here.", "key": "p"})
    assert "Publish the post" not in preview.content.decode()
    data = {"title": "", "text": "We are here.", "key": "p", "step": "preview"}
    assert "We are here." in admin.post(post, data).context["preview"]
    assert not night.posts.exists()
    admin.post(post, data | {"step": "publish"})
    assert night.posts.get().text == "We are here."
    note = address("election_night_note", night.pk)
    assert "Nobody is sent" in admin.post(note, {"to": "", "text": "Hello"}).content.decode()


def test_withdraws_a_quote_in_the_readers_sight(
    admin: Client, night: Election, seat: Contest, editor: Any
) -> None:
    content = desk.QuoteContent(contest=seat, words="Too much.", speaker="Ann")
    desk.publish(night, content, by=editor, idempotency_key="q")
    quote = seat.quotes.get()
    path = address("election_night_withdraw", night.pk, "quote", quote.pk)
    assert "This cannot be undone." in admin.get(path).content.decode()
    assert quote.is_current
    assert admin.post(path).headers["Location"] == address("election_night", night.pk)
    assert not seat.quotes.current().exists()
    assert "do not see this any more" in admin.get(path).content.decode()
    other = address("election_night_withdraw", night.pk, "rubbish", 1)
    assert admin.get(other).status_code == 404
