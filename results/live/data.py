"""The night as data: one document, documented in docs/data.md, for programs and for export."""

import re
from collections.abc import Iterator
from datetime import UTC
from fractions import Fraction
from typing import Any

from django.core.cache import caches
from django.db.models import Max, QuerySet

from results.live.changes import Change, changes_in, revisions
from results.live.election_snapshot import ElectionSnapshot
from results.live.seat import Row, Seat, with_results
from results.models import Bulletin, Contest
from results.words.number_format import points
from results.words.seat_sentences import short_result

Document = dict[str, Any]


def document_of(snapshot: ElectionSnapshot) -> Document:
    """``{"election", "parties", "contests"}``, as docs/data.md has it.

    Shares are text, to one decimal, as pages print them; times in UTC; null is not known.
    """
    return {
        "election": _election(snapshot),
        "parties": [_party(line) for line in snapshot.party_rows],
        "contests": contests_of(snapshot),
    }


def contests_of(snapshot: ElectionSnapshot) -> list[Document]:
    """Every contest in order of name. Only what changed since it was last asked for is worked out:
    six hundred seats take a second that readers and reporters should not wait for."""
    details = Bulletin.objects.filter(election=snapshot.election, kind=Bulletin.Kind.DETAILS)
    base = f"{snapshot.night.epoch}-{details.aggregate(last=Max('sequence'))['last']}"
    contests = Contest.objects.filter(election=snapshot.election).order_by("name", "pk")
    keys = {
        pk: f"{base}-{pk}-{revision}-{status}"
        for pk, revision, status in contests.values_list(
            "pk", "standing__revision", "standing__status"
        )
    }
    kept = caches["seats"].get_many(keys.values())
    missing = [pk for pk, key in keys.items() if key not in kept]
    fresh = {
        keys[seat.contest.pk]: _contest(seat, changes)
        for seat, changes in seats_of(snapshot, contests.filter(pk__in=missing))
    }
    caches["seats"].set_many(fresh)
    whole = kept | fresh
    return [whole[key] for key in keys.values() if key in whole]


def seats_of(
    snapshot: ElectionSnapshot, contests: "QuerySet[Contest]"
) -> Iterator[tuple[Seat, list[Change]]]:
    """These contests in order of name, each with its corrections and withdrawals."""
    changed: dict[int, list[Change]] = {}
    for change in changes_in(revisions(contests.filter(standing__revision__gt=1))):
        if change.is_correction or change.is_withdrawal:
            changed.setdefault(change.contest.pk, []).append(change)
    for contest in with_results(contests.order_by("name", "pk")):
        yield snapshot.seat(contest), changed.get(contest.pk, [])


def _election(snapshot: ElectionSnapshot) -> Document:
    election = snapshot.election
    return {
        "slug": election.slug,
        "name": election.name,
        "date": election.date.isoformat(),
        "seats": snapshot.seats,
        "declared": snapshot.tally.seats,
        "majority_line": snapshot.majority_threshold if snapshot.whole_house else None,
        "epoch": str(snapshot.night.epoch),
        "sequence": snapshot.night.sequence,
        "baseline": str(election.get_baseline_display()).removeprefix("the "),
        "rehearsal": election.rehearsal,
        "final": election.final,
    }


def _party(line: Any) -> Document:
    return {
        "party": line.party_name.abbreviation,
        "name": line.party_name.name,
        "seats": line.party_tally.seats,
        "gains": line.party_tally.gains,
        "losses": line.party_tally.losses,
        "net": line.party_tally.net,
        "votes": line.party_tally.votes,
        "share": printed(line.share),
        "share_change": printed(line.share_change),
    }


def _contest(seat: Seat, changes: list[Change]) -> Document:
    contest, outcome, declaration = seat.contest, seat.outcome, seat.declaration
    about: Document = {
        "slug": contest.slug,
        "code": contest.code,
        "name": contest.name,
        "region": contest.region.name if contest.region else None,
        "seats": contest.seats,
        "status": seat.standing.status,
        "result": None,
        "declared_at": None,
        "revision": seat.standing.revision,
        "partial": bool(outcome and outcome.winner_only),
        "electorate": None,
        "valid_votes": None,
        "rejected": None,
        "turnout_valid": None,
        "turnout_ballots": None,
        "turnout_announced": None,
        "majority": None,
        "swing": None,
    }
    if outcome is not None and declaration is not None:
        announced = declaration.turnout_announced
        about |= {
            "result": short_result(seat.standing.summary, seat.party_names),
            "declared_at": _utc(seat.standing.first_declared_at),
            "electorate": declaration.electorate,
            "valid_votes": outcome.valid,
            "rejected": declaration.rejected,
            "turnout_valid": printed(outcome.turnout_valid),
            "turnout_ballots": printed(outcome.turnout_ballots),
            "turnout_announced": None if announced is None else f"{announced.normalize():f}",
            "majority": outcome.majority,
            "swing": _swing(seat),
        }
    about["candidates"] = [_result(row) for row in seat.rows] or _nominations(seat)
    about["corrections"] = [_change(change) for change in changes]
    return about


def _swing(seat: Seat) -> Document | None:
    if seat.swing is None or seat.swing_from is None or seat.swing_to is None:
        return None
    return {
        "from": seat.swing_from.abbreviation,
        "to": seat.swing_to.abbreviation,
        "points": printed(seat.swing.points),
    }


def _result(row: Row) -> Document:
    return {
        "name": row.candidate.name,
        "party": row.party_name.abbreviation,
        "votes": row.candidate_result.votes,
        "share": printed(row.candidate_result.share),
        "share_change": printed(row.share_change),
        "elected": row.candidate_result.elected,
        "lost_deposit": row.candidate_result.lost_deposit,
    }


def _nominations(seat: Seat) -> list[Document]:
    return [
        {
            "name": candidate.name,
            "party": party_name.abbreviation,
            "votes": None,
            "share": None,
            "share_change": None,
            "elected": False,
            "lost_deposit": False,
        }
        for candidate, party_name in seat.candidates
    ]


def _change(change: Change) -> Document:
    declaration = change.declaration
    return {
        "kind": declaration.kind,
        "revision": declaration.revision,
        "sequence": declaration.sequence,
        "published_at": _utc(declaration.created_at),
        "reason": declaration.reason,
        "fault": declaration.blame or None,
        "changes": [
            {"figure": one.name, "before": one.before or None, "after": one.after or None}
            for one in change.differences
        ],
    }


def printed(fraction: Fraction | None) -> str | None:
    """37.5 for 3/8: rounded here, once, as the pages do."""
    return None if fraction is None else str(points(fraction))


def _utc(moment: Any) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")


#: The columns of the table, in their order.
COLUMNS = (
    *("election", "contest_code", "contest", "region", "status", "result", "declared_at"),
    *("revision", "partial", "electorate", "valid_votes", "rejected", "majority"),
    *("candidate", "party", "votes", "share", "share_change", "elected", "lost_deposit"),
)


def table_of(snapshot: ElectionSnapshot) -> Iterator[list[str]]:
    """One line to a candidate, under ``COLUMNS``."""
    yield list(COLUMNS)
    for about in contests_of(snapshot):
        for candidate in about["candidates"]:
            cells = (
                about
                | candidate
                | {
                    "election": snapshot.election.slug,
                    "contest_code": about["code"],
                    "contest": about["name"],
                    "candidate": candidate["name"],
                }
            )
            yield [plain_cell(cells[column]) for column in COLUMNS]


#: What a cell may begin with that a spreadsheet works out; the wide ones where keyboards have them.
FORMULAS = "=+-@\t\r\n＝＋－＠"
#: What we print ourselves of what is below nought.
FIGURE = re.compile(r"-[0-9]+(\.[0-9]+)?")


def plain_cell(value: Any) -> str:
    """As text that no spreadsheet takes for a formula; a change of −1.2 stays a figure."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return f"'{text}" if text[:1] in FORMULAS and text and not FIGURE.fullmatch(text) else text
