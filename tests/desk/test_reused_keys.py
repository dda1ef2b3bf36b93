"""One idempotency key, used again for a request that differs in a single field."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from results import desk
from results.desk.contents import CONTENT_OF
from results.desk.intents import fingerprint_of
from results.models import (
    Bulletin,
    Candidate,
    Contest,
    Declaration,
    ExternalFigures,
    IdempotencyRecord,
    Notice,
    Photo,
    Quote,
    ReviewItem,
)
from tests import nights

pytestmark = pytest.mark.django_db

AT = datetime(2019, 12, 12, 23, tzinfo=UTC)


@pytest.fixture(autouse=True)
def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("results.desk.contents.size_of", lambda _name: (60, 40))


def corbyn(seat: Contest) -> Candidate:
    return seat.candidates.get(name="Jeremy Corbyn")


def contents(seat: Contest) -> list[desk.Content]:
    figures: dict[str, Any] = {"kind": ExternalFigures.Kind.WIRE, "source": "A wire", "as_of": AT}
    return [
        desk.QuoteContent(contest=seat, words="It is over.", speaker="Ann", said_at=AT),
        desk.PhotoContent(contest=seat, name="a", caption="A hall", alt="Rows", credit="Ann"),
        desk.PostContent(text="We are there."),
        desk.HeadlineContent(text="It is over"),
        desk.ExternalFiguresContent(**figures, seats={"lab": 1}),
    ]


def changes(seat: Contest) -> Mapping[str, Any]:
    """Another value for each field of any kind of publication."""
    other = nights.contest(seat.election, "Elsewhere", [("Ann", "lab"), ("Bob", "con")])
    return {
        "alt": "Chairs",
        "as_of": AT + timedelta(minutes=1),
        "candidate": corbyn(seat),
        "caption": "A stage",
        "contest": other,
        "credit": "Bob",
        "kind": ExternalFigures.Kind.EXIT_POLL,
        "location": "On the steps",
        "name": "b",
        "reported": True,
        "role": "Teller",
        "rows": {"lab": 0},
        "said_at": AT + timedelta(minutes=1),
        "source": "Another wire",
        "speaker": "Bob",
        "text": "Something else",
        "title": "A title",
        "words": "It goes on.",
    }


CASES = [
    (position, column.name)
    for position, content in enumerate(CONTENT_OF.values())
    for column in fields(content)
]


@pytest.mark.parametrize(
    ("kind", "name"), CASES, ids=[f"{list(CONTENT_OF.values())[n].__name__}-{c}" for n, c in CASES]
)
def test_another_value_of_any_field_is_another_request(seat: Contest, kind: int, name: str) -> None:
    content, by = contents(seat)[kind], nights.user()
    changed: dict[str, Any] = {name: changes(seat)[name]}
    if isinstance(content, desk.QuoteContent) and name == "candidate":
        # The candidate's name was typed before: only the link to the candidate is new.
        content = replace(content, speaker=corbyn(seat).name)
    if isinstance(content, desk.ExternalFiguresContent):
        changed.setdefault("seats", changed.pop("rows", {"lab": 1}))
    other = replace(content, **changed)
    first = desk.publish(seat.election, content, by=by, idempotency_key="k")
    assert desk.publish(seat.election, content, by=by, idempotency_key="k").bulletin == (
        first.bulletin
    )
    with pytest.raises(desk.IdempotencyKeyReused):
        desk.publish(seat.election, other, by=by, idempotency_key="k")
    assert Bulletin.objects.count() == 1


@pytest.mark.parametrize("trusted", [True, False])
class TestFromCount:
    """What a phone sends again differs in when it was sent, and only in that."""

    def test_quote_that_is_sent_later_is_the_same(self, seat: Contest, trusted: bool) -> None:
        by = nights.user("editor", staff=True) if trusted else nights.user()
        content = desk.QuoteContent(contest=seat, words="Well.", speaker="Ann", said_at=AT)
        for seconds in range(2):
            sent = replace(content, said_at=AT + timedelta(seconds=seconds))
            desk.submit(seat, sent, by=by, idempotency_key="k")
        assert (Quote.objects.count(), ReviewItem.objects.count()) == (trusted, not trusted)

    def test_another_picture_is_refused(self, seat: Contest, trusted: bool) -> None:
        by = nights.user("editor", staff=True) if trusted else nights.user()
        content = desk.PhotoContent(contest=seat, caption="A hall", alt="Rows", credit="Ann")

        def submit(digest: str) -> object:
            return desk.submit_photo(
                seat, content, lambda: digest, digest=digest, by=by, idempotency_key="k"
            )

        first = submit("one")
        assert getattr(submit("one"), "pk", None) == getattr(first, "pk", None)
        with pytest.raises(desk.IdempotencyKeyReused):
            submit("two")
        assert (Photo.objects.count(), ReviewItem.objects.count()) == (trusted, not trusted)


class TestNotice:
    def submit(self, seat: Contest, digest: str) -> None:
        desk.submit_notice(
            seat, lambda: digest, digest=digest, by=nights.user(), idempotency_key="k"
        )

    def test_another_picture_is_refused(self, seat: Contest) -> None:
        self.submit(seat, "one")
        self.submit(seat, "one")
        with pytest.raises(desk.IdempotencyKeyReused):
            self.submit(seat, "two")
        assert Notice.objects.get().name == "one"

    def test_another_contest_is_refused(self, seat: Contest) -> None:
        other = nights.contest(seat.election, "Elsewhere", [("Ann", "lab"), ("Bob", "con")])
        self.submit(seat, "one")
        with pytest.raises(desk.IdempotencyKeyReused):
            self.submit(other, "one")

    def test_keeps_the_answer_of_an_earlier_release(self, seat: Contest) -> None:
        """Earlier releases stored nothing to compare a repeated notice with."""
        Notice.objects.create(contest=seat, name="one", by=nights.user(), idempotency_key="k")
        self.submit(seat, "one")
        assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    "change", [{"declared_at": AT}, {"blame": "announced"}, {"note": "Rang the hall."}]
)
def test_another_detail_of_a_correction_is_another_request(
    seat: Contest, change: dict[str, Any]
) -> None:
    by = nights.user()
    nights.declare_counts(seat, nights.islington_ballot_counts(seat), by=by, idempotency_key="d")
    request = desk.RevisionRequest(
        kind=Declaration.Kind.CORRECTION,
        by=by,
        idempotency_key="k",
        base_revision=1,
        reason="Misheard.",
    )
    fixed = nights.islington_ballot_counts(seat, rejected=229)
    first = desk.publish_result(seat, fixed, request)
    assert desk.publish_result(seat, fixed, request).bulletin == first.bulletin
    with pytest.raises(desk.IdempotencyKeyReused):
        desk.publish_result(seat, fixed, replace(request, **change))


class TestEarlierRelease:
    """A phone that repeats its request after an upgrade gets its first answer."""

    def stored_as(self, fingerprint: str) -> None:
        """Change the stored fingerprint to that of the earlier release."""
        record = IdempotencyRecord.objects.get()
        values = {"by": record.by, "bulletin": record.bulletin, "idempotency_key": "before"}
        IdempotencyRecord.objects.create(**values, fingerprint=fingerprint)

    @pytest.mark.parametrize("has_contest", [True, False])
    def test_quote(self, seat: Contest, has_contest: bool) -> None:
        contest = seat if has_contest else None
        content = desk.QuoteContent(contest=contest, words="Well.", candidate=corbyn(seat))
        first = desk.publish(seat.election, content, by=nights.user(), idempotency_key="now")
        self.stored_as(
            fingerprint_of(
                {
                    "act": "quote",
                    "contest": seat.pk if has_contest else None,
                    "role": "",
                    "reported": False,
                    "replaces": None,
                    "words": "Well.",
                    "speaker": "Jeremy Corbyn",
                    **({} if has_contest else {"election": seat.election_id}),
                }
            )
        )
        again = desk.publish(seat.election, content, by=nights.user(), idempotency_key="before")
        assert again.bulletin == first.bulletin

    def test_photo(self, seat: Contest) -> None:
        by = nights.user("editor", staff=True)
        content = desk.PhotoContent(contest=seat, caption="A hall", alt="Rows", credit="Ann")
        names = iter(["one", "two"])

        def submit(key: str) -> desk.PublishResult | ReviewItem:
            return desk.submit_photo(
                seat, content, lambda: next(names), digest="one", by=by, idempotency_key=key
            )

        first = submit("now")
        words = {"caption": "A hall", "alt": "Rows", "credit": "Ann"}
        self.stored_as(fingerprint_of({"act": "photo", "replaces": None, **words}))
        again = submit("before")
        assert isinstance(first, desk.PublishResult)
        assert isinstance(again, desk.PublishResult)
        assert again.bulletin == first.bulletin

    @pytest.mark.parametrize("kind", ["quote", "photo"])
    def test_review_item(self, seat: Contest, kind: str) -> None:
        by, words = nights.user(), {"caption": "A hall", "alt": "Rows", "credit": "Ann"}
        quote: dict[str, Any] = {"role": "", "reported": False, "words": "Well.", "speaker": "Ann"}
        compared = words if kind == "photo" else quote | {"candidate": None}
        item = ReviewItem.objects.create(
            contest=seat,
            kind=kind,
            content=compared,
            by=by,
            idempotency_key="k",
            fingerprint=fingerprint_of({"offer": kind, "contest": seat.pk, **compared}),
        )
        again = (
            desk.submit_photo(
                seat,
                desk.PhotoContent(contest=seat, **words),
                lambda: "a",
                digest="a",
                by=by,
                idempotency_key="k",
            )
            if kind == "photo"
            else desk.submit(
                seat, desk.QuoteContent(contest=seat, **quote), by=by, idempotency_key="k"
            )
        )
        assert again == item


@pytest.mark.db
def test_key_with_a_nul_character_was_never_answered() -> None:
    assert desk.find_earlier_answer(nights.user(), "a\0b") is None
