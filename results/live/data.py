"""Build the night's JSON document and CSV table for programs; docs/data.md describes both."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from results.arithmetic import Method
from results.live.body_data import bodies_of
from results.live.cells import plain_cell
from results.live.counting_areas import set_areas
from results.live.election_changes import ElectionChange, election_changes
from results.live.election_snapshot import ElectionSnapshot
from results.live.list_data import candidate_fields, contest_fields
from results.live.party_table import PartyRow
from results.live.revision_differences import RevisionChange, changes_in, revisions
from results.live.seat import Seat, with_results
from results.live.seat_row import SeatRow
from results.models import (
    Candidate,
    Contest,
    Election,
    LastResult,
    SittingMember,
    Standing,
    StandingAs,
)
from results.models.party_alias import public_number
from results.words.full_stop import ended
from results.words.number_format import printed
from results.words.party_names import PartyName
from results.words.seat_sentences import short_result

Document = dict[str, Any]

#: Public names of statuses that the code has renamed: programs rely on them.
PUBLIC_STATUS = {Standing.Status.WINNER_ONLY: "rush"}


def public_status(standing: Standing | None) -> str:
    """The name of a contest's status in documents."""
    status = Standing.Status(standing.status) if standing else Standing.Status.AWAITING
    return PUBLIC_STATUS.get(status, status.value)


def document_of(snapshot: ElectionSnapshot) -> Document:
    """Return `{"election", "parties", "bodies", "contests"}`, as docs/data.md describes it.

    Shares are text with one decimal, as pages print them; times are in UTC; null means not known.
    """
    contests = snapshot.contests
    return head_of(snapshot) | {"contests": list(contests_of(snapshot, contests).values())}


#: The version of the document, and the address of its JSON Schema. A version may get more fields;
#: removing one, or changing its meaning, makes another version.
VERSION = 1
SCHEMA = f"/schema/results-{VERSION}.json"


def head_of(snapshot: ElectionSnapshot) -> Document:
    """The document without its contests."""
    return {
        "version": VERSION,
        "schema": SCHEMA,
        "election": _election(snapshot),
        "parties": _parties(snapshot),
        "bodies": bodies_of(snapshot),
        "corrections": [change_document(change) for change in election_changes(snapshot.election)],
    }


def contests_of(snapshot: ElectionSnapshot, contests: "QuerySet[Contest]") -> dict[int, Document]:
    """Return the documents of these contests by key, in order of name."""
    return {
        seat.contest.pk: _contest(seat, changes) for seat, changes in seats_of(snapshot, contests)
    }


def seats_of(
    snapshot: ElectionSnapshot, contests: "QuerySet[Contest]"
) -> Iterator[tuple[Seat, list[RevisionChange]]]:
    """Yield each contest, in order of name, with its corrections and withdrawals."""
    changes: dict[int, list[RevisionChange]] = {}
    for change in changes_in(revisions(contests.filter(standing__revision__gt=1))):
        if change.is_correction or change.is_withdrawal:
            changes.setdefault(change.contest.pk, []).append(change)
    seats = [snapshot.seat(each) for each in with_results(contests.order_by("sort_key", "pk"))]
    if snapshot.election.rules.counting_areas:
        set_areas(seats)
    for seat in seats:
        yield seat, changes.get(seat.contest.pk, [])


def _election(snapshot: ElectionSnapshot) -> Document:
    election = snapshot.election
    return {
        "slug": election.slug,
        "name": election.name,
        "date": election.date.isoformat(),
        "seats": snapshot.seats,
        "declared": snapshot.tally.declared,
        "unopposed": snapshot.tally.unopposed,
        "vacant": snapshot.tally.vacant,
        "postponed": snapshot.tally.postponed,
        "majority_line": snapshot.majority_threshold if snapshot.whole_house else None,
        "epoch": str(snapshot.night.epoch),
        "sequence": snapshot.night.sequence,
        "baseline": snapshot.baseline.removeprefix("the "),
        "rehearsal": election.rehearsal,
        "final": election.final,
    }


def _parties(snapshot: ElectionSnapshot) -> list[Document]:
    """Return the parties, with null for figures that are known of no contest.

    Votes need a contest with full figures, gains and losses one with known holders. A party that
    has no counted votes or seats has 0.
    """
    if snapshot.election.rules.method is Method.ANSWERS:
        return []  # Answers are no parties'.
    parties = [_party(row) for row in snapshot.party_rows]
    unknown = [] if snapshot.tally.complete else ["votes"]
    if parties and not _has_baseline(snapshot):
        unknown += ["gains", "losses", "net"]
    return [party | dict.fromkeys(unknown) for party in parties]


def _has_baseline(snapshot: ElectionSnapshot) -> bool:
    """Whether the earlier holders of any contest are known."""
    sitting = snapshot.election.baseline == Election.Baseline.SITTING
    model: type[SittingMember] | type[LastResult] = SittingMember if sitting else LastResult
    return model.objects.filter(contest__election=snapshot.election).exists()


def _party(row: PartyRow) -> Document:
    return {
        "party": row.party_name.abbreviation,
        "name": row.party_name.name,
        "party_number": row.party_name.number or None,
        "seats": row.party_tally.seats,
        "gains": row.party_tally.gains,
        "losses": row.party_tally.losses,
        "net": row.party_tally.net,
        "votes": row.party_tally.votes,
        "share": printed(row.share),
        "share_change": printed(row.share_change),
        **_list_votes(row),
    }


def _list_votes(row: PartyRow) -> Document:
    """Return the votes for the party's lists in regions, where there are any."""
    if not row.tally.list_valid:
        return {}
    share = row.tally.list_share(row.party_name.label)
    return {"list_votes": row.party_tally.list_votes, "list_share": printed(share)}


def _contest(seat: Seat, changes: list[RevisionChange]) -> Document:
    contest, outcome, status = seat.contest, seat.outcome, Standing.Status(seat.standing.status)
    candidates = [_candidate(seat, row.candidate, row.party_name, row) for row in seat.rows] or [
        _candidate(seat, candidate, party_name) for candidate, party_name in seat.candidates
    ]
    return {
        "id": contest.pk,
        "slug": contest.slug,
        "ballot_paper_id": contest.ballot_paper_id or None,
        "by_election": contest.by_election,
        "body": contest.body.name,
        "code": contest.code,
        "name": contest.name,
        "region": contest.region.name if contest.region else None,
        "seats": contest.seats,
        "status": public_status(seat.standing),
        "revision": seat.standing.revision,
        "partial": bool(outcome and outcome.to_be_completed),
        "postponed": status == Standing.Status.POSTPONED,
        "unopposed": _unopposed(seat),
        "vacant": outcome.vacancies if outcome else None,
        **_figures(seat),
        **contest_fields(seat),
        "candidates": candidates,
        **_incomplete(seat),
        **_counting_areas(seat),
        "corrections": [change_document(change) for change in changes],
    }


def _incomplete(seat: Seat) -> Document:
    """Return the totals known before there is a result; empty where there are none.

    They are kept out of the candidates' votes, so that no program takes them for a result.
    """
    if not seat.is_incomplete:
        return {}
    totals = seat.known_totals
    known = [total for total in totals if total.votes is not None]
    return {
        "incomplete": {
            "label": seat.standing.incomplete_label,
            "known": len(known),
            "of": len(totals),
            "totals": [{"candidate": total.candidate.pk, "votes": total.votes} for total in known],
        }
    }


def _counting_areas(seat: Seat) -> Document:
    """Return the areas that the contest is counted in; empty where it has none."""
    if not seat.areas:
        return {}
    areas = [
        {
            "slug": area.contest.slug,
            "code": area.contest.code,
            "name": area.contest.name,
            "counted": area.valid is not None,
            "valid_votes": area.valid,
            "rejected": area.counts.rejected if area.counts else None,
            "electorate": area.counts.electorate if area.counts else None,
            "votes": [
                {"candidate": candidate, "votes": votes}
                for candidate, votes in sorted(area.counts.votes.items())
            ]
            if area.counts
            else [],
        }
        for area in seat.areas.areas
    ]
    return {"counting_areas": areas}


#: Fields of a result, null where there is none.
FIGURES = (
    *("result", "declared_at", "by_lot", "electorate", "valid_votes", "rejected"),
    *("turnout_valid", "turnout_ballots", "turnout_announced", "majority", "swing"),
)


def _figures(seat: Seat) -> Document:
    outcome, declaration = seat.outcome, seat.declaration
    if outcome is None or declaration is None:
        return {**dict.fromkeys(FIGURES), "discrepancies": []}
    announced = declaration.turnout_announced
    return {
        "result": short_result(seat.standing.summary, seat.party_names),
        "declared_at": utc(seat.standing.first_declared_at),
        "by_lot": None if outcome.winner_only else outcome.by_lot,
        "electorate": declaration.electorate,
        "valid_votes": outcome.valid,
        "rejected": declaration.rejected,
        "turnout_valid": printed(outcome.turnout_valid),
        "turnout_ballots": printed(outcome.turnout_ballots),
        "turnout_announced": None if announced is None else f"{announced.normalize():f}",
        "majority": outcome.majority,
        "swing": _swing(seat),
        "discrepancies": seat.discrepancies,
    }


def _unopposed(seat: Seat) -> bool | None:
    """Whether there are no more candidates than seats; None while no candidate is known."""
    if seat.outcome is not None:
        return seat.outcome.unopposed
    candidates = len(seat.contest.candidates.all())
    return candidates <= seat.contest.seats if candidates else None


def _swing(seat: Seat) -> Document | None:
    if seat.swing is None or seat.swing_from is None or seat.swing_to is None:
        return None
    return {
        "from": seat.swing_from.abbreviation,
        "to": seat.swing_to.abbreviation,
        "points": printed(seat.swing.points),
    }


def _candidate(
    seat: Seat, candidate: Candidate, party_name: PartyName, row: SeatRow | None = None
) -> Document:
    result = row.candidate_result if row else None
    return {
        "id": candidate.pk,
        "person_id": candidate.person.democracy_club_id if candidate.person else None,
        "name": candidate.name,
        "party": party_name.abbreviation,
        "party_name": party_name.name,
        "party_number": _number(candidate),
        "votes": result.votes if result else None,
        "share": printed(result.share) if result else None,
        "share_change": printed(row.share_change) if row else None,
        "elected": result.elected if result else None,
        "lost_deposit": result.lost_deposit if result else None,
        **candidate_fields(seat, candidate, result),
    }


def _number(candidate: Candidate) -> str | None:
    """The number of the candidate's own party, such as that of a joint description."""
    party = candidate.party if candidate.standing_as == StandingAs.PARTY else None
    return (public_number(party.electoral_commission_id) or None) if party else None


def change_document(change: RevisionChange | ElectionChange) -> Document:
    declaration = change.declaration
    return {
        "kind": declaration.kind,
        "revision": getattr(declaration, "revision", None),
        "sequence": declaration.sequence,
        "published_at": utc(declaration.created_at),
        "retraction": change.retraction or None,
        "reason": declaration.reason,
        "fault": declaration.blame or None,
        "changes": [
            {
                "figure": difference.name,
                "before": difference.before or None,
                "after": difference.after or None,
            }
            for difference in change.differences
        ],
    }


def utc(moment: datetime | None) -> str | None:
    """Format a time as ISO 8601 to the second, in UTC; None for None."""
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")


#: Columns of the table, in order.
COLUMNS = (
    *("election", "contest_code", "contest", "region", "status", "result", "declared_at"),
    *("revision", "partial", "electorate", "valid_votes", "rejected", "majority"),
    *("candidate", "party", "votes", "share", "share_change", "elected", "lost_deposit"),
    *("contest_id", "ballot_paper_id", "body", "candidate_id", "person_id", "party_name"),
    *("party_number", "unopposed", "vacant"),
    *("postponed", "by_lot", "corrections", "last_correction", "by_election"),
    *("list_position", "stage", "incomplete_votes", "seats"),
)


def table_of(snapshot: ElectionSnapshot) -> Iterator[list[str]]:
    """Yield the table's rows: `COLUMNS`, then one row for each candidate."""
    yield list(COLUMNS)
    for contest in document_of(snapshot)["contests"]:
        yield from rows_of(snapshot.election, contest)


#: The cells of a candidate in the row of a contest without any.
NOBODY: Document = dict.fromkeys(
    [
        *("id", "person_id", "name", "party", "party_name", "party_number"),
        *("votes", "share", "share_change", "elected", "lost_deposit"),
    ]
)


def rows_of(election: Election, contest: Document) -> Iterator[list[str]]:
    """Yield the table's rows of one contest of the document."""
    incomplete = {
        total["candidate"]: total["votes"]
        for total in contest.get("incomplete", {}).get("totals", ())
    }
    # A contest without candidates has a row too: its seats are vacant.
    for candidate in contest["candidates"] or [NOBODY]:
        cells = contest | candidate
        cells |= {
            "election": election.slug,
            "contest_code": contest["code"],
            "contest": contest["name"],
            "candidate": candidate["name"],
            "incomplete_votes": incomplete.get(candidate["id"]),
            "contest_id": contest["id"],
            "candidate_id": candidate["id"],
            "corrections": len(contest["corrections"]),
            "last_correction": _as_text(contest["corrections"][-1:]),
        }
        yield [plain_cell(cells.get(column)) for column in COLUMNS]


def _as_text(corrections: list[Document]) -> str | None:
    """Return “2019-12-13T03:18:00+00:00: The reason. Bob: 8,451 → 8,415”; None if uncorrected."""
    for correction in corrections:
        changes = "; ".join(
            f"{each['figure']}: {each['before'] or '–'} → {each['after'] or '–'}"
            for each in correction["changes"]
        )
        parts = [correction["retraction"], ended(correction["reason"]), changes]
        return f"{correction['published_at']}: {' '.join(filter(None, parts))}"
    return None


#: Starts a CSV file: without it Excel reads UTF-8 as the machine's code page.
BYTE_ORDER_MARK = "\ufeff"
