"""Entries of the feed as plain text, for the Atom feed and structured data."""

from datetime import datetime

from django.utils.translation import gettext as _

from results.live.election_changes import ElectionChange
from results.live.feed import Entry
from results.live.revision_differences import RevisionChange
from results.live.seat import Seat
from results.live.seat_row import SeatRow
from results.models import Photo, Post, Quote
from results.words.direction import isolated
from results.words.full_stop import ended
from results.words.number_format import grouped
from results.words.stored_texts import in_language
from results.words.times import time_of


def plain_text(entry: Entry) -> tuple[str, str]:
    """An entry's heading and its text."""
    if entry.seat is not None and entry.seat.is_incomplete:
        return entry.seat.title, _known_totals(entry.seat) + _corrected_suffix(entry)
    if entry.seat is not None:
        candidates = ", ".join(_candidate(row) for row in entry.seat.rows)
        if entry.seat.as_declared and entry.seat.outcome and entry.seat.outcome.valid is not None:
            candidates = f"{_('First preferences')}: {candidates}"
        return entry.seat.title, candidates + _declared_suffix(entry) + _corrected_suffix(entry)
    if entry.change is not None:
        kind = entry.change.declaration.get_kind_display()
        return f"{kind}: {_name_of(entry.change)}", corrections_as_text(entry.change)
    match entry.publication:
        case Quote() as quote:
            return _quote_heading(quote), quote.words
        case Post() as post:
            return entry.summary, post.text
        case Photo() as photo:
            heading = _("Photo: %(caption)s") % {"caption": isolated(photo.caption)}
            return heading, f"{isolated(photo.alt)} ({isolated(photo.credit)})"
    return entry.summary, _("It is held on another day.") if entry.kind == "postponed" else ""


def _name_of(change: RevisionChange | ElectionChange) -> str:
    """The name of what is corrected: a contest, or the election."""
    if isinstance(change, ElectionChange):
        return change.declaration.election.local_name
    return change.contest.full_name


def modified_at(entry: Entry) -> datetime:
    """When the entry was last corrected, or else when it was published."""
    if entry.change:
        return entry.change.declaration.created_at
    return entry.at or entry.published_at


def _quote_heading(quote: Quote) -> str:
    """“Quote: Jeremy Corbyn, Labour leader, Islington North”."""
    by = [quote.speaker, quote.role, quote.contest.full_name if quote.contest else ""]
    return _("Quote: %(by)s") % {"by": ", ".join(isolated(part) for part in by if part)}


def _known_totals(seat: Seat) -> str:
    """“Ann Hall 21,000, Cat Moss 900”: not those that are still to come."""
    known = [total for total in seat.known_totals if total.votes is not None]
    return ", ".join(f"{isolated(total.name)} {grouped(total.votes or 0)}" for total in known)


def _candidate(row: SeatRow) -> str:
    """“Jeremy Corbyn (Lab) 34,603”."""
    name, votes = isolated(row.candidate.name), row.candidate_result.votes
    if row.party_name.abbreviation:
        name = f"{name} ({row.party_name.abbreviation})"
    return name if votes is None else f"{name} {grouped(votes)}"


def corrections_as_text(change: RevisionChange | ElectionChange) -> str:
    """The reason, then each value before and after."""
    parts = [
        _("%(figure)s was %(before)s, is %(after)s")
        % {
            "figure": isolated(difference.name),
            "before": isolated(difference.before) or "–",
            "after": isolated(difference.after) or "–",
        }
        for difference in change.differences
    ]
    typed = ended(in_language(change.declaration.reason))
    reason = " ".join(filter(None, [change.retraction, isolated(typed)]))
    return _("%(reason)s %(changes)s.") % {"reason": reason, "changes": "; ".join(parts)}


def _declared_suffix(entry: Entry) -> str:
    """Return “. Declared at 02:05”, of a result that was published some time later."""
    if entry.declared_at is None or entry.contest is None:
        return ""
    time = time_of(entry.declared_at, entry.contest.election)
    return ". " + _("Declared at %(time)s") % {"time": time}


def _corrected_suffix(entry: Entry) -> str:
    if entry.change is None:
        return ""
    return ". " + _("Corrected: %(words)s") % {"words": corrections_as_text(entry.change)}
