"""A winner published and then not elected is a correction on every surface, however it came."""

import json
import re
from collections.abc import Callable
from typing import Any

import feedparser
import pytest
from django.test import Client

from results import desk
from results.models import (
    Assignment,
    Bulletin,
    Contest,
    Declaration,
    Election,
    ReviewItem,
    Standing,
)
from tests import nights

pytestmark = pytest.mark.django_db
REASON = "The returning officer’s list was misread."
JSON: dict[str, Any] = {"HTTP_ACCEPT": "application/json"}


def seat_with(seats: int = 1, **fields: Any) -> Contest:
    night = nights.election(second_person=Election.SecondPerson.NEVER, **fields)
    people = [("Ann Abel", "con"), ("Bob Bell", "lab"), ("Cat Cole", "ld")]
    seat = nights.contest(night, "Middletown", people, seats=seats)
    Assignment.objects.create(reporter=nights.user("reporter"), contest=seat)
    return seat


def phone() -> Client:
    client = Client()
    client.force_login(nights.user("reporter"))
    return client


def send(seat: Contest, *votes: int, key: str = "k", **more: str) -> tuple[int, dict[str, Any]]:
    """Full figures as the outbox sends them after revision 1."""
    fields: dict[str, Any] = {
        f"votes-{candidate.pk}": str(total)
        for candidate, total in zip(seat.candidates.all(), votes, strict=True)
    }
    fields |= {"step": "publish", "base_revision": "1", "key": key} | more
    answer = phone().post(f"/count/ge/{seat.slug}/", fields, **JSON)
    return answer.status_code, answer.json()


def winner_only(seat: Contest, *names: str) -> None:
    winners = seat.candidates.filter(name__in=names)
    nights.declare_winner(seat, winners, by=nights.user("reporter"), idempotency_key="w")


# --- The ways it comes ----------------------------------------------------------------------


def full_figures() -> Contest:
    seat = seat_with()
    winner_only(seat, "Ann Abel")
    reply = {"reason": REASON, "takes_back": "1"}
    assert send(seat, 9000, 20000, 1000, **reply)[1]["state"] == "published"
    return seat


def full_figures_at_the_desk() -> Contest:
    seat = seat_with()
    winner_only(seat, "Ann Abel")
    nights.complete(
        seat,
        nights.ballot_counts(seat, 9000, 20000, 1000),
        by=nights.user(),
        idempotency_key="u",
        base_revision=1,
        reason=REASON,
    )
    return seat


def one_of_two_winners() -> Contest:
    seat = seat_with(seats=2)
    winner_only(seat, "Ann Abel", "Cat Cole")
    reply = {"reason": REASON, "takes_back": "1"}
    assert send(seat, 9000, 20000, 19000, **reply)[1]["state"] == "published"
    return seat


def recount() -> Contest:
    seat = seat_with()
    nights.declare(seat, 20000, 19000, 1000)
    counts = nights.ballot_counts(seat, 19500, 19600, 1000)
    request = {"reason": REASON, "recount": True, "warning_reason": "So.", "base_revision": 1}
    nights.correct(seat, counts, by=nights.user(), idempotency_key="c", **request)
    return seat


def confirmed_by_a_second_person() -> Contest:
    seat = seat_with()
    Election.objects.update(second_person=Election.SecondPerson.ASKED)
    winner_only(seat, "Ann Abel")
    reply = {"reason": REASON, "takes_back": "1"}
    assert send(seat, 9000, 20000, 1000, **reply)[1]["state"] == "kept"
    desk.approve(ReviewItem.objects.get(), by=nights.user("second"))
    return seat


WAYS = (
    full_figures,
    full_figures_at_the_desk,
    one_of_two_winners,
    recount,
    confirmed_by_a_second_person,
)


# --- The surfaces ---------------------------------------------------------------------------


def page(path: str) -> str:
    html = Client().get(path).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def corrections_page(seat: Contest) -> str:
    return page("/ge/corrections/")


def seat_page(seat: Contest) -> str:
    return page(f"/ge/{seat.slug}/")


def feed(seat: Contest) -> str:
    return page("/ge/feed/?only=corrections")


def live_page(seat: Contest) -> str:
    return page("/ge/")


def bulletin(seat: Contest) -> str:
    newest = Bulletin.objects.filter(kind=Bulletin.Kind.CORRECTION).latest("sequence")
    return f"{newest.fragments['corrections']} {newest.fragments[f'seat-{seat.slug}']}"


def results_json(seat: Contest) -> str:
    (contest,) = json.loads(Client().get("/ge/results.json").content)["contests"]
    assert contest["status"] == "corrected"
    assert contest["corrections"][-1]["kind"] == "correction"
    return json.dumps(contest["corrections"], ensure_ascii=False)


def atom(seat: Contest) -> str:
    entries = feedparser.parse(Client().get("/ge/feed.atom").content).entries
    first, result = entries[0], next(entry for entry in entries if "/result-" in entry.id)
    assert first.title == "Correction: Middletown"
    assert result.updated > result.published
    return str(first.summary) if "Corrected: " in result.summary else ""


def json_ld(seat: Contest) -> str:
    text = Client().get("/ge/").content.decode()
    start = text.index('<script type="application/ld+json">') + 35
    updates = json.loads(text[start : text.index("</script>", start)])["liveBlogUpdate"]
    corrected = [update for update in updates if "correction" in update]
    assert all(update["correction"]["@type"] == "CorrectionComment" for update in corrected)
    return " ".join(update["correction"]["text"] for update in corrected)


def _page_data(path: str) -> dict[str, Any]:
    """The page's structured data; where it was corrected, it says when it was modified."""
    text = Client().get(path).content.decode()
    start = text.index('<script type="application/ld+json">') + 35
    data: dict[str, Any] = json.loads(text[start : text.index("</script>", start)])
    assert data["dateModified"]
    return data


def _comments(comments: list[dict[str, str]]) -> str:
    assert all(each["@type"] == "CorrectionComment" for each in comments)
    assert all(each["datePublished"] for each in comments)
    return " ".join(each["text"] for each in comments)


def json_ld_of_the_live_page(seat: Contest) -> str:
    return _comments(_page_data("/ge/")["correction"])


def json_ld_of_the_seat(seat: Contest) -> str:
    data = _page_data(f"/ge/{seat.slug}/")
    assert data["@type"] == "NewsArticle"
    return _comments(data["correction"])


def json_ld_of_the_corrections_page(seat: Contest) -> str:
    return _comments(_page_data("/ge/corrections/")["hasPart"])


def phone_of_the_count(seat: Contest) -> str:
    html = phone().get(f"/count/ge/{seat.slug}/").content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


SURFACES = (
    corrections_page,
    seat_page,
    feed,
    live_page,
    bulletin,
    results_json,
    atom,
    json_ld,
    json_ld_of_the_live_page,
    json_ld_of_the_seat,
    json_ld_of_the_corrections_page,
    phone_of_the_count,
)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_is_a_correction_on_every_surface(way: Callable[[], Contest]) -> None:
    seat = way()
    revision = Declaration.objects.latest("revision")
    assert (revision.kind, revision.reason) == (Declaration.Kind.CORRECTION, REASON)
    assert Standing.objects.get().status == Standing.Status.CORRECTED
    for surface in SURFACES:
        words = surface(seat)
        assert re.search(r"We said that [^.]*Ann Abel[^.]* had won here", words), surface.__name__
        assert REASON in words, surface.__name__


# --- The question that a phone is asked -----------------------------------------------------


class TestQuestion:
    @pytest.fixture
    def seat(self) -> Contest:
        seat = seat_with()
        winner_only(seat, "Ann Abel")
        return seat

    @pytest.mark.parametrize(
        "reply",
        [{}, {"reason": REASON}, {"takes_back": "1"}, {"warning_reason": "It is so."}],
        ids=str,
    )
    def test_is_asked_until_there_are_a_reason_and_a_tick(
        self, seat: Contest, reply: dict[str, str]
    ) -> None:
        status, data = send(seat, 9000, 20000, 1000, **reply)
        assert (status, data["state"], data["findings"]) == (422, "reason", [])
        assert data["taken_back"].startswith("Published as elected: Ann Abel.")
        assert Bulletin.objects.count() == 1

    def test_is_answered_under_the_same_key(self, seat: Contest) -> None:
        send(seat, 9000, 20000, 1000)
        reply = {"reason": REASON, "takes_back": "1"}
        first = send(seat, 9000, 20000, 1000, **reply)
        assert first[1]["state"] == "published"
        assert send(seat, 9000, 20000, 1000, **reply) == first
        assert Bulletin.objects.count() == 2

    def test_is_not_asked_where_the_winner_stands(self, seat: Contest) -> None:
        _status, data = send(seat, 20000, 9000, 1000)
        assert data["state"] == "published"
        assert Declaration.objects.latest("revision").kind == Declaration.Kind.UPDATE

    def test_is_on_the_check_page(self, seat: Contest) -> None:
        fields = {
            f"votes-{candidate.pk}": str(total)
            for candidate, total in zip(seat.candidates.all(), (9000, 20000, 1000), strict=True)
        }
        answer = phone().post(
            f"/count/ge/{seat.slug}/", fields | {"step": "check", "base_revision": "1"}
        )
        text = " ".join(answer.content.decode().split())
        assert "Published as elected: Ann Abel." in text
        assert 'name="takes_back"' in text
        assert "Publish the correction of Middletown" in text

    def test_reason_alone_makes_no_update_a_correction(self, seat: Contest) -> None:
        reply = {"reason": REASON, "takes_back": "1"}
        send(seat, 20000, 9000, 1000, **reply)
        revision = Declaration.objects.latest("revision")
        assert (revision.kind, revision.reason) == (Declaration.Kind.UPDATE, "")


def test_withdrawal_says_who_was_published() -> None:
    seat = seat_with()
    winner_only(seat, "Ann Abel")
    nights.withdraw(
        seat, by=nights.user(), idempotency_key="x", base_revision=1, reason="Not declared yet."
    )
    for surface in (corrections_page, seat_page, feed, live_page, phone_of_the_count):
        assert "We said that Ann Abel had won here. That is withdrawn." in surface(seat)
