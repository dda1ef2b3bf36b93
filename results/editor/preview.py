"""What a change would do, found by doing it and taking it back: the very page readers would see."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from results import desk
from results.arithmetic import Tally
from results.live.changes import Difference
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import election_locale
from results.live.seat import Seat, with_results
from results.models import Contest
from results.words.number_format import grouped
from results.words.party_names import PartyNames
from results.words.seat_sentences import result_sentence


@dataclass(frozen=True, slots=True)
class TallyChange:
    """One cell of the scoreboard as it is and as it would be."""

    party: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What readers would see after a change. ``page`` is a whole document of its own."""

    result_before: str
    result_after: str
    winners_before: str
    winners_after: str
    differences: tuple[Difference, ...]
    seats: tuple[TallyChange, ...]
    votes: tuple[TallyChange, ...]
    sequence: int
    page: str

    @property
    def winner_changes(self) -> bool:
        return self.winners_before != self.winners_after


class _TakenBack(Exception):
    """Ends the transaction in which a change was tried."""


def try_out(contest: Contest, change: Callable[[], desk.PublishResult]) -> Consequences | None:
    """Make the change, see what it does, and take it back; None where it would change nothing.

    Raises whatever the door raises.
    """
    found: list[Consequences] = []
    try:
        with transaction.atomic():
            before, tally = _seat(contest)
            answer = change()
            if not answer.unchanged:
                found.append(_consequences(contest, before, tally, answer))
            raise _TakenBack
    except _TakenBack:
        return found[0] if found else None


def _seat(contest: Contest) -> tuple[Seat, Tally]:
    snapshot = ElectionSnapshot(contest.election)
    return snapshot.seat(with_results(Contest.objects.filter(pk=contest.pk)).get()), snapshot.tally


def _consequences(
    contest: Contest, before: Seat, tally: Tally, answer: desk.PublishResult
) -> Consequences:
    after, new_tally = _seat(contest)
    snapshot = ElectionSnapshot(contest.election)
    change = snapshot.corrections[0]
    with election_locale(contest.election):
        context = {
            "election": contest.election,
            "language": contest.election.page_language,
            "party_styles": snapshot.party_styles,
            "fragments": answer.bulletin.fragments,
            "seat": answer.bulletin.fragments[f"seat-{contest.slug}"],
            "change": change,
        }
        page = render_to_string("editor/preview_page.html", context)
        changed = list(_tally_changes(tally, new_tally, snapshot.party_names))
        # Drawn lazily elsewhere; here the zone and the language are those of the pages.
        differences = change.differences
    return Consequences(
        result_before=_line(before),
        result_after=_line(after),
        winners_before=_winners(before),
        winners_after=_winners(after),
        differences=differences,
        seats=tuple(one for is_seats, one in changed if is_seats),
        votes=tuple(one for is_seats, one in changed if not is_seats),
        sequence=answer.sequence,
        page=page,
    )


def _line(seat: Seat) -> str:
    if not seat.has_result:
        return _("%(seat)s: no result") % {"seat": seat.contest.name}
    return result_sentence(seat.contest.name, seat.standing.summary, seat.party_names)


def _winners(seat: Seat) -> str:
    """Who is elected, in the order of the ballot paper; nobody is said in words."""
    order = [candidate.pk for candidate in seat.contest.candidates.all()]
    winners = sorted(seat.winners, key=lambda row: order.index(row.candidate.pk))
    named = [f"{row.candidate.name} ({row.party_name.name})" for row in winners]
    return ", ".join(named) or _("nobody")


def _tally_changes(
    before: Tally, after: Tally, party_names: PartyNames
) -> Iterator[tuple[bool, TallyChange]]:
    """Each changed cell, and whether it is of seats rather than of votes."""
    columns = {
        "seats": (True, _("seats")),
        "gains": (True, _("gains")),
        "losses": (True, _("losses")),
        "votes": (False, _("votes")),
    }
    for label in sorted({*before.parties, *after.parties}, key=lambda one: party_names[one].name):
        for name, (is_seats, what) in columns.items():
            old, new = (
                getattr(one.parties[label], name) if label in one.parties else 0
                for one in (before, after)
            )
            if old != new:
                yield (
                    is_seats,
                    TallyChange(party_names[label].name, what, grouped(old), grouped(new)),
                )
