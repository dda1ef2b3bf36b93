"""The database's record of a reporter's submissions, read without the code under test."""

from typing import TypedDict

from django.db.models import Q

from results import desk
from results.desk.accounts import revoke_credentials
from results.models import (
    Bulletin,
    Contest,
    Declaration,
    Election,
    IdempotencyRecord,
    MessageAnswer,
    Notice,
    Quote,
    ReviewItem,
)
from results.words.times import clock
from tests import nights


class Fact(TypedDict):
    """What became of one idempotency key.

    `state` is `published`, `unchanged`, `waiting`, `declined`, `replaced`, `kept` or `taken-back`.
    `sequence` and `at` are of its bulletin, and `later_kind` (`correction`, `withdrawal` or
    `wording`), `later` and `later_at` of the newest that changed it.
    """

    state: str
    sequence: int | None
    at: str
    later_kind: str
    later: int | None
    later_at: str
    note: str


class Record(TypedDict):
    """The reporter's requests by key; of each count its bulletins, and the votes that stand.

    `assigned` has the counts that the reporter is sent to, `newest` each count's newest revision:
    who published it, and its kind.
    """

    facts: dict[str, Fact]
    bulletins: dict[str, int]
    votes: dict[str, list[int | None]]
    newest: dict[str, tuple[str, str]]
    assigned: list[str]
    closed: bool


def record(election: str, *, assigned_only: bool = False) -> Record:
    """The record of this night: the reporter of the tests has sent in others on the same server.

    Of all its counts, or of those that the reporter is sent to, where there are hundreds.
    """
    night = Election.objects.get(slug=election)
    reporter = nights.user("reporter")
    facts: dict[str, Fact] = {}
    published = Q(bulletin=None) | Q(bulletin__election=night)
    answers = IdempotencyRecord.objects.filter(published, by=reporter)
    for answered in answers.select_related("bulletin__declaration", "bulletin__quote"):
        state = "unchanged" if answered.unchanged else "published"
        facts[answered.idempotency_key] = _fact(night, state, answered.bulletin)
    items = ReviewItem.objects.filter(contest__election=night, by=reporter)
    for item in items.select_related("bulletin__declaration", "bulletin__quote"):
        fact = _fact(night, item.state, item.bulletin)
        fact["note"] = item.note
        if item.bulletin is None:
            fact["at"] = clock(item.created_at, night.zone)
        facts[item.idempotency_key] = fact
    kept = [
        *Notice.objects.filter(by=reporter).values_list("idempotency_key", flat=True),
        *MessageAnswer.objects.values_list("idempotency_key", flat=True),
    ]
    facts |= {key: _fact(night, "kept", None) | {"state": "kept"} for key in kept}
    contests = Contest.objects.filter(election=night).select_related("standing")
    if assigned_only:
        contests = contests.filter(assignments__reporter=reporter)
    return Record(
        facts=facts,
        bulletins={
            contest.slug: Bulletin.objects.filter(contest=contest).count() for contest in contests
        },
        votes={contest.slug: _votes(contest) for contest in contests},
        newest=_newest(night),
        assigned=list(
            contests.filter(assignments__reporter=reporter).values_list("slug", flat=True)
        ),
        closed=night.final,
    )


def _newest(night: Election) -> dict[str, tuple[str, str]]:
    revisions = Declaration.objects.filter(contest__election=night).order_by("revision")
    shown = revisions.values_list("contest__slug", "by__username", "kind")
    return {slug: (by, kind) for slug, by, kind in shown}


def _votes(contest: Contest) -> list[int | None]:
    standing = getattr(contest, "standing", None)
    if standing is None or standing.declaration is None or not standing.has_result:
        return []
    return [total.votes for total in standing.declaration.totals.order_by("candidate")]


def _fact(night: Election, state: str, bulletin: Bulletin | None) -> Fact:
    fact = Fact(state=state, sequence=None, at="", later_kind="", later=None, later_at="", note="")
    if bulletin is None:
        fact["state"] = "taken-back" if state == "published" else state
        return fact
    fact["sequence"] = bulletin.sequence
    fact["at"] = clock(bulletin.published_at, night.zone)
    kind, later = _later(bulletin)
    if later is not None:
        fact["later_kind"], fact["later"] = kind, later.sequence
        fact["later_at"] = clock(later.published_at, night.zone)
    return fact


def _later(bulletin: Bulletin) -> tuple[str, Bulletin | None]:
    """The newest bulletin that corrected, reworded or withdrew what this one published."""
    log = Bulletin.objects.filter(election=bulletin.election_id)
    if bulletin.declaration is not None:
        changed = Declaration.objects.filter(
            contest=bulletin.contest_id,
            revision__gt=bulletin.declaration.revision,
            kind__in=["correction", "withdrawal"],
        )
        newest = changed.order_by("-revision").first()
        return (newest.kind, log.get(sequence=newest.sequence)) if newest else ("", None)
    quote = bulletin.quote
    if quote is None or not hasattr(quote, "replaced_by"):
        return "", None
    while hasattr(quote, "replaced_by"):
        quote = quote.replaced_by
    kind = "withdrawal" if quote.withdrawn else "wording"
    return kind, log.get(sequence=quote.sequence)


# --- What other people do in the admin ------------------------------------------------------


def decline_waiting(election: str) -> None:
    """An editor sets aside what the reporter sent, with a note."""
    item = ReviewItem.objects.get(contest__election__slug=election, state="waiting")
    desk.decline(item, by=nights.user("editor"), note="Ask her party first.")


def approve_waiting(election: str) -> None:
    item = ReviewItem.objects.get(contest__election__slug=election, state="waiting")
    desk.approve(item, by=nights.user("editor", staff=True))


def withdraw_quote(election: str) -> None:
    quote = Quote.objects.current().get(election__slug=election)
    desk.withdraw_publication(quote, by=nights.user("editor"), idempotency_key=nights.key())


def reword_quote(election: str) -> None:
    quote = Quote.objects.current().get(election__slug=election)
    content = desk.QuoteContent(contest=quote.contest, words="A long night.", speaker=quote.speaker)
    more = {"replaces": quote, "idempotency_key": nights.key()}
    desk.publish(quote.election, content, by=nights.user("editor"), **more)


def revoke_passes(_election: str) -> None:
    """The reporter's phone is signed out, as after *Revoke* in the admin."""
    revoke_credentials(nights.user("reporter"))


def colleague_declares(election: str) -> None:
    """The colleague publishes 21,010 for Ann and 9,000 for Bob at Elsewhere."""
    seat = Contest.objects.get(election__slug=election, slug="elsewhere")
    nights.declare_counts(
        seat,
        nights.ballot_counts(seat, 21010, 9000),
        by=nights.user("colleague"),
        warning_reason="As read out.",
        idempotency_key=nights.key(),
    )
