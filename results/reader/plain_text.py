"""An entry of the feed as plain text, for whoever does not take the page's HTML."""

from django.utils.translation import gettext as _

from results.live.changes import Change
from results.live.election_snapshot import ElectionSnapshot
from results.live.feed import Entry
from results.live.seat import Row
from results.models import Photo, Post, Quote
from results.words.number_format import grouped
from results.words.seat_sentences import result_sentence


def plain_text(entry: Entry, snapshot: ElectionSnapshot) -> tuple[str, str]:
    """An entry's heading and the rest of it, as plain text."""
    if entry.seat is not None:
        standing = entry.seat.standing
        heading = result_sentence(entry.seat.contest.name, standing.summary, snapshot.party_names)
        places = ", ".join(_place(row) for row in entry.seat.rows)
        return heading, places + _and_corrected(entry)
    if entry.change is not None:
        kind = entry.change.declaration.get_kind_display()
        heading = f"{kind}: {entry.change.contest.name}"
        return heading, corrections_as_text(entry.change)
    match entry.publication:
        case Quote() as quote:
            speaker = [quote.speaker, quote.role, quote.contest.name if quote.contest else ""]
            heading = _("Quote: %(by)s") % {"by": ", ".join(filter(None, speaker))}
            return heading, quote.words
        case Post() as post:
            return entry.line, post.text
        case Photo() as photo:
            heading = _("Photo: %(caption)s") % {"caption": photo.caption}
            return heading, f"{photo.alt} ({photo.credit})"
    return entry.line, ""


def _place(row: Row) -> str:
    votes = row.candidate_result.votes
    return f"{row.candidate.name} ({row.party_name.abbreviation})" + (
        "" if votes is None else f" {grouped(votes)}"
    )


def corrections_as_text(change: Change) -> str:
    """The reason, then each figure as it was and as it is."""
    parts = [
        _("%(figure)s was %(before)s, is %(after)s")
        % {"figure": one.name, "before": one.before or "–", "after": one.after or "–"}
        for one in change.differences
    ]
    reason = " ".join(filter(None, [change.retraction, change.declaration.reason]))
    words = {"reason": reason, "changes": "; ".join(parts)}
    return _("%(reason)s %(changes)s.") % words


def _and_corrected(entry: Entry) -> str:
    if entry.change is None:
        return ""
    return ". " + _("Corrected: %(words)s") % {"words": corrections_as_text(entry.change)}
