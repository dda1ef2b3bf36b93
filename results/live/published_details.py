"""Build the details published with a contest's counts, which each revision stores."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from results.arithmetic import BallotCounts, Method, compute_outcome, seats_won
from results.live.seat import Seat
from results.live.seat_summary import summary_of_seat
from results.models import Candidate, Election, ElectionCorrection
from results.words.number_format import percent, swing_points
from results.words.party_names import PartyNames
from results.words.seat_sentences import result_sentence

Details = dict[str, Any]


def details_of(seat: Seat, ballot_counts: BallotCounts) -> Details:
    """Return the details to publish with these counts now, in the form of `Declaration.details`.

    They need the election's locale, like the sentence of its result.
    """
    contest = seat.contest
    # Left out where there was a poll, so that revisions of earlier releases compare as equal.
    return ({"unopposed": True} if ballot_counts.unopposed else {}) | {
        "contest": contest.full_name,
        "seats": contest.seats,
        "body": contest.body.name,
        "body_slug": contest.body.slug,
        "region": contest.region.name if contest.region else "",
        "region_slug": contest.region.slug if contest.region else "",
        "election": election_details(contest.election),
        "candidates": [_candidate(seat, candidate) for candidate in contest.candidates.all()],
        **_of_the_result(seat, ballot_counts),
    }


def _of_the_result(seat: Seat, ballot_counts: BallotCounts) -> Details:
    """Return the details computed from the counts; empty ones for incomplete totals."""
    if is_incomplete(seat, ballot_counts):
        return {"incomplete": True, "result": "", "swing": "", "lost_deposits": []}
    counted = _counted(seat, ballot_counts)
    return {
        **_of_last_time(counted),
        "lost_deposits": counted.names_of_lost_deposits,
    }


def is_incomplete(seat: Seat, ballot_counts: BallotCounts) -> bool:
    """Whether these are incomplete totals, from which no result can be computed."""
    if ballot_counts.complete or ballot_counts.winners or ballot_counts.unopposed:
        return False
    return seat.system.method is not Method.DECLARED


def _counted(seat: Seat, ballot_counts: BallotCounts) -> Seat:
    """Return a seat with the outcome of these counts."""
    contest = seat.contest
    counted = Seat(contest, seat.party_names)
    counted.outcome = compute_outcome(
        ballot_counts,
        seats=contest.seats,
        ballot_order=[candidacy.id for candidacy in contest.candidacies],
        deposits=contest.election.pays_deposits,
        system=seat.system,
    )
    return counted


def _without_last_time(seat: Seat, ballot_counts: BallotCounts) -> Details:
    """Return the details that depend on last time's result as if that were not known."""
    counted = _counted(seat, ballot_counts)
    counted.last_time = None
    if seat.contest.election.baseline == Election.Baseline.GENERAL and counted.outcome:
        by_id = {candidacy.id: candidacy for candidacy in seat.contest.candidacies}
        elected = [by_id[candidate] for candidate in counted.outcome.elected]
        counted.results = seats_won(elected, None)
    return _of_last_time(counted)


def _of_last_time(counted: Seat) -> Details:
    """Return the details that depend on last time's result: the sentence and the swing."""
    name = counted.contest.full_name
    return {
        "result": result_sentence(name, summary_of_seat(counted), counted.party_names),
        "swing": _swing(counted),
    }


def election_details(election: Election) -> Details:
    """Return the published details of the whole election, with its rules for results."""
    return {
        "name": election.name,
        "date": election.date.isoformat(),
        "baseline": election.baseline,
        "house_seats": election.house_seats,
        "deposits": election.deposits,
    }


def whole_details(election: Election, party_names: PartyNames) -> Details:
    """Return the details shared by all contests: the election's, and `{label: name}` of parties."""
    candidates = Candidate.objects.filter(contest__election=election).select_related(
        "party__tallied_with"
    )
    labels = sorted({candidate.label for candidate in candidates})
    return {
        "election": election_details(election),
        "parties": {label: party_names[label].name for label in labels},
    }


def _swing(seat: Seat, *, in_digits: bool = False) -> str:
    """Return “3.2 points from Labour to Conservative”; empty where no swing is computed.

    `in_digits` words a swing below 0.1 as releases before 1.0 did: “0.0 points from …”.
    """
    if seat.swing is None or seat.swing_from is None or seat.swing_to is None:
        return ""
    size, loser, gainer = seat.swing.points, seat.swing_from.name, seat.swing_to.name
    if not (size or in_digits):
        return _("none between %(gainer)s and %(loser)s") % {"gainer": gainer, "loser": loser}
    return _("%(points)s points from %(from)s to %(to)s") % {
        "points": percent(size) if in_digits else swing_points(size),
        "from": loser,
        "to": gainer,
    }


def _candidate(seat: Seat, candidate: Candidate) -> Details:
    position = candidate.list_position
    # Left out without lists, so that revisions of earlier releases compare as equal.
    return ({} if position is None else {"list_position": position}) | {
        "id": candidate.pk,
        "name": candidate.name,
        "description": candidate.description,
        "label": candidate.label,
        "party": seat.party_names[candidate.label].name,
    }


#: Parts of `Standing.summary` that are computed from the counts or from the last result.
COMPUTED = ("majority", "by_lot", "lost_deposits", "swing")
#: Such parts of each winner's entry.
WON = ("candidate", "label", "hold", "gained_from", "new")


def computed_claims(summary: Mapping[str, Any]) -> Details:
    """Return the parts of a standing's summary that were published as facts of the result."""
    elected = [{name: winner[name] for name in WON} for winner in summary.get("elected", ())]
    return {"elected": elected, **{name: summary.get(name) for name in COMPUTED}}


#: Details that a revision of one contest corrects. The sentence of its result is computed from
#: them, from the counts, and from the whole election's names and rules.
CORRECTABLE = ("contest", "seats", "body_slug", "region_slug", "candidates")


def claims_in(details: Details | None) -> Details | None:
    """Return the details that only a revision of the contest changes; None if unknown."""
    if details is None:
        return None
    # Revisions of earlier releases do not have a body.
    claims = {name: details[name] for name in CORRECTABLE if name in details}
    # Names of parties belong to the election, the candidates' labels to the contest.
    claims["candidates"] = [
        {name: value for name, value in candidate.items() if name != "party"}
        for candidate in details["candidates"]
    ]
    return claims


def changed_details(seat: Seat, corrected: ElectionCorrection | None) -> list[tuple[str, Any, Any]]:
    """Return (name, as published, now) of each detail of a published result that differs now.

    `corrected` is the election's newest correction: what many contests share may have been
    corrected with it for all of them at once, so that an earlier revision does not have it. Of a
    revision of an earlier release only the names are known. Call it in the election's locale.
    """
    declaration = seat.declaration
    if declaration is None or not seat.has_result or declaration.details is None:
        return []
    published = declaration.details
    now = details_of(seat, declaration.ballot_counts)
    shared_since = corrected is not None and corrected.sequence > declaration.sequence
    if shared_since or not published["result"]:
        return list(differing(claims_in(published) or {}, claims_in(now) or {}))
    counted = _counted(seat, declaration.ballot_counts)
    # As earlier releases stored the same facts.
    if published["swing"] == _swing(counted, in_digits=True):
        now["swing"] = published["swing"]
    if published["lost_deposits"] == [row.candidate.name for row in counted.lost_deposits]:
        now["lost_deposits"] = published["lost_deposits"]
    return list(differing(published, now))


def details_taken_back(
    seat: Seat, corrected: ElectionCorrection | None
) -> list[tuple[str, Any, Any]]:
    """Return those of `changed_details` that contradict what was published, not only add to it.

    Additions are a region where there was none, and the seat's holder, if not known when the result
    was published.
    """
    changed = changed_details(seat, corrected)
    if not changed or seat.declaration is None:
        return []
    unknown = _without_last_time(seat, seat.declaration.ballot_counts)
    unknown |= {"region": "", "region_slug": ""}
    return [
        (name, published, now)
        for name, published, now in changed
        if name not in unknown or published != unknown[name]
    ]


def differing(published: Details, now: Details) -> Iterator[tuple[str, Any, Any]]:
    for name, value in published.items():
        if value != now.get(name):
            yield name, value, now.get(name)
