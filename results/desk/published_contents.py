"""Contents of bulletins, as the chain commits to them, by kind of bulletin.

docs/record.md describes the contents for those who check the log from outside. Values are those of
`canonical`: null means not known.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.files.storage import default_storage

from results.arithmetic.hash_chain import canonical
from results.live.pictures import path_of
from results.live.seat import Seat
from results.models import (
    WIDTHS,
    Contest,
    Declaration,
    ElectionCorrection,
    ExternalFigures,
    Headline,
    LastResult,
    Photo,
    Post,
    Publication,
    Quote,
    Standing,
)

Content = dict[str, Any]


# --- Contests -------------------------------------------------------------------------------


def contest_content(seat: Seat) -> Content:
    """Return all published data of a contest: its ballot paper, its status and its result."""
    standing, declaration = seat.standing, seat.declaration
    return {
        "contest": identity(seat.contest),
        "candidates": [
            {
                "candidate": candidate.pk,
                "name": candidate.name,
                "party": candidate.label,
                "party_name": party_name.name,
                "list_position": candidate.list_position,
                "counts_for": candidate.counts_for_id,
                "description": candidate.description or None,
                "sitting_member": candidate.sitting_member,
                "times_elected": candidate.times_elected,
            }
            for candidate, party_name in seat.candidates
        ],
        "last_time": last_time_content(getattr(seat.contest, "last_result", None)),
        "sitting_members": [
            {"name": member.name or None, "party": member.label}
            for member in seat.contest.sitting_members.all()
        ],
        "status": standing.status,
        "count": None if seat.has_result else _count(seat),
        "declaration": declaration_content(declaration) if declaration else None,
        "elected": list(seat.outcome.elected) if seat.outcome else [],
    }


def stated_of(seat: Seat) -> str:
    """Return a contest's content in canonical form, to compare it before and after an edit."""
    return canonical(contest_content(seat))


def identity(contest: Contest) -> Content:
    return {
        "slug": contest.slug,
        "name": contest.name,
        "code": contest.code or None,
        "ballot_paper_id": contest.ballot_paper_id or None,
        "by_election": contest.by_election,
        "body": contest.body.slug,
        "region": contest.region.slug if contest.region else None,
        "region_contest": contest.region_contest_id,
        "part_of": contest.part_of_id,
        "method": contest.method or None,
        "seats": contest.seats,
        "electorate": contest.electorate,
    }


def last_time_content(last: LastResult | None) -> Content | None:
    """Return the last result that this one is compared with; None where there is none."""
    if last is None:
        return None
    return {
        "date": last.date.isoformat() if last.date else None,
        "notional": last.notional,
        "seats": last.seats,
        "electorate": last.electorate,
        "valid": last.valid,
        "rejected": last.rejected,
        "votes": [
            {
                "name": row.name or None,
                "party": row.label,
                "votes": row.votes,
                "share": row.share,
                "elected": row.elected,
            }
            for row in sorted(last.votes.all(), key=lambda row: row.pk)
        ],
    }


def _count(seat: Seat) -> Content:
    """Return the data of a count that are known before there is a result."""
    return {"expected_at": seat.contest.expected_at, **count_content(seat.standing)}


def count_content(standing: Standing) -> Content:
    """Return the figures announced at verification."""
    return {
        "electorate": standing.verified_electorate,
        "papers": standing.verified_papers,
        "turnout": standing.verified_turnout,
    }


def declaration_content(declaration: Declaration) -> Content:
    """Return a revision's content, only from its own rows, which never change."""
    counts = declaration.ballot_counts
    return {
        "revision": declaration.revision,
        "kind": declaration.kind,
        "declared_at": declaration.declared_at,
        "recorded_at": declaration.created_at,
        "totals": [
            {
                "candidate": candidate,
                "votes": votes,
                "announced_elected": candidate in counts.winners,
                "by_lot": candidate in counts.lot,
                "stage": (counts.stages or {}).get(candidate),
            }
            for candidate, votes in sorted(counts.votes.items())
        ],
        "rejected": declaration.rejected,
        "electorate": declaration.electorate,
        "papers": declaration.papers,
        "quota": declaration.quota,
        "constituencies": declaration.constituencies,
        "valid_announced": declaration.valid_announced,
        "turnout_announced": declaration.turnout_announced,
        "recount": declaration.recount,
        "source": declaration.source,
        "reason": declaration.reason or None,
        "blame": declaration.blame or None,
    }


# --- Publications ---------------------------------------------------------------------------


def publication_content(publication: Publication) -> Content:
    """Return a revision of a quote, photo, post, headline or external figures.

    A withdrawal has none of their words.
    """
    replaces = publication.replaces
    words = {} if publication.withdrawn else _WORDS[type(publication)](publication)
    return words | {
        "withdrawn": publication.withdrawn,
        "replaces": replaces.sequence if replaces else None,
        "recorded_at": publication.created_at,
    }


def _quote(quote: Quote) -> Content:
    return {
        "candidate": quote.candidate_id,
        "speaker": quote.speaker,
        "role": quote.role,
        "location": quote.location,
        "words": quote.words,
        "reported": quote.reported,
        "said_at": quote.said_at,
    }


def _photo(photo: Photo) -> Content:
    return {
        "name": photo.name,
        "sha256": picture_digest(photo.name),
        "caption": photo.caption,
        "alt": photo.alt,
        "credit": photo.credit,
        "location": photo.location,
    }


def picture_digest(name: str) -> str | None:
    """The digest of a picture's largest file; None where the file is missing."""
    try:
        with default_storage.open(path_of(name, max(WIDTHS))) as file:
            return hashlib.sha256(file.read()).hexdigest()
    except OSError:
        return None


def _post(post: Post) -> Content:
    return {"title": post.title, "text": post.text}


def _headline(headline: Headline) -> Content:
    return {"text": headline.text}


def _external_figures(figures: ExternalFigures) -> Content:
    return {
        "kind": figures.kind,
        "source": figures.source,
        "as_of": figures.as_of,
        "rows": figures.rows,
    }


_WORDS: dict[type[Publication], Callable[[Any], Content]] = {
    Quote: _quote,
    Photo: _photo,
    Post: _post,
    Headline: _headline,
    ExternalFigures: _external_figures,
}


def election_correction_content(correction: ElectionCorrection) -> Content:
    return {
        "changes": correction.changes,
        "reason": correction.reason,
        "blame": correction.blame or None,
        "recorded_at": correction.created_at,
    }


# --- Bulletins ------------------------------------------------------------------------------


def bulletin_content(
    publication: Publication | None,
    seats: Iterable[Seat],
    summary: str,
    says: Mapping[str, Any],
) -> Content:
    """Return one bulletin's content: a publication or contests, with what its draft `says`."""
    content: Content = {"summary": summary, **says}
    if publication is not None:
        return content | {"publication": publication_content(publication)}
    contests = [contest_content(seat) for seat in seats]
    return content | {"contests": contests} if contests else content
