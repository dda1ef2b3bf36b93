"""Check ballot counts against the records of their contest and the night so far."""

from dataclasses import replace

from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from results.arithmetic import (
    BLOCK,
    BallotCounts,
    Candidacy,
    Conditions,
    Method,
    Tally,
    ValidationMessage,
    check_ballot_counts,
)
from results.arithmetic.counting_areas import check_area_turnout, check_subtotals
from results.arithmetic.known import (
    Known,
    NightSoFar,
    TurnoutChanges,
    all_changes,
    electorate_of,
)
from results.arithmetic.misplaced import figures_to_compare, min_shared_of_copy
from results.arithmetic.thresholds import thresholds_of
from results.desk.regions import with_constituencies
from results.desk.reversals import reversal_of
from results.live.candidate_names import told_apart
from results.live.counting_areas import read_areas
from results.live.lists import list_name
from results.live.seat import Seat
from results.models import BodyTally, Contest, Night, Standing, Total


def check(
    seat: Seat,
    ballot_counts: BallotCounts,
    *,
    winner_only: bool = False,
    incomplete: bool = False,
    typed: bool = True,
    night: Night | None = None,
) -> tuple[ValidationMessage, ...]:
    """Return the messages of every check that fails for this seat.

    `night` is the election's, if it is read already. Figures that are not `typed` are an official
    file's. With `incomplete` totals, and with a result that follows such, totals that were
    published and are not given again are checked as well.
    """
    ballot_counts = following_totals(seat, ballot_counts)
    if ballot_counts.constituencies is None:
        ballot_counts = with_constituencies(seat, ballot_counts)
    conditions = conditions_for(seat, ballot_counts, typed=typed, night=night)
    messages = check_ballot_counts(
        ballot_counts, conditions, winner_only=winner_only, incomplete=incomplete
    )
    if not incomplete:
        messages += check_subtotals(ballot_counts, seat.areas.subtotals, seat.candidate_names)
        if not any(message.code == "turnout_unusual" for message in messages):
            messages += _unlike_other_areas(seat, ballot_counts, conditions.known)
    as_declared = seat.system.method is Method.DECLARED
    reversal = None if winner_only and not as_declared else reversal_of(seat, ballot_counts)
    if reversal is None or any(message.level == BLOCK for message in messages):
        return messages
    # The reversal names the published winner, which the check's message does not.
    others = (message for message in messages if message.code != "winner_differs")
    return (reversal.message, *others)


def _unlike_other_areas(
    seat: Seat, ballot_counts: BallotCounts, known: Known
) -> tuple[ValidationMessage, ...]:
    """Compare a counting area's turnout with the other areas'; two queries, and none elsewhere."""
    whole, valid = seat.contest.part_of_id, sum(each or 0 for each in ballot_counts.votes.values())
    if whole is None or not ballot_counts.complete or not valid:
        return ()
    others = [each for each in read_areas({whole: ()})[whole].areas if each.contest != seat.contest]
    turnouts = [each.turnout for each in others if each.turnout is not None]
    return check_area_turnout(valid, electorate_of(ballot_counts, known), turnouts)


def following_totals(seat: Seat, ballot_counts: BallotCounts) -> BallotCounts:
    """Return the counts, completed by published totals where these are incomplete."""
    if not seat.is_incomplete or seat.declaration is None:
        return ballot_counts
    return ballot_counts.following(seat.declaration.ballot_counts)


def conditions_for(
    seat: Seat, ballot_counts: BallotCounts, *, typed: bool = True, night: Night | None = None
) -> Conditions:
    """Return the conditions for checking a seat. Costs one query more without `night`."""
    contest, election = seat.contest, seat.contest.election
    winner_only = seat.standing.status == Standing.Status.WINNER_ONLY
    declaration = seat.declaration if winner_only else None
    return Conditions(
        seats=contest.seats,
        candidacies=_named_apart(seat),
        known=_known(seat, ballot_counts, night or Night.objects.get(election=election)),
        thresholds=thresholds_of(election.kind, by_election=contest.by_election),
        polls_closed=timezone.now() >= election.polls_close,
        announced_winners=declaration.ballot_counts.winners if declaration else (),
        typed=typed,
        system=seat.system,
    )


def _named_apart(seat: Seat) -> tuple[Candidacy, ...]:
    """Return the candidates as messages name them: with the party where two share a name.

    A list has the name of its party, as its box of votes has.
    """
    names = told_apart(seat.candidates)
    if seat.has_lists:
        names = {each.pk: list_name(seat, each) for each in seat.contest.candidates.all()}
    return tuple(replace(each, name=names[each.id]) for each in seat.contest.candidacies)


def _known(seat: Seat, ballot_counts: BallotCounts, night: Night) -> Known:
    standing, contest = seat.standing, seat.contest
    # Under the night's lock the annotation was read with the contest.
    alike = getattr(contest, "same_figures_as", None)
    if not hasattr(contest, "same_figures_as"):
        found = Contest.objects.filter(pk=contest.pk)
        (alike,) = found.values_list(same_figures_as(ballot_counts)).get()
    return Known(
        electorate=contest.electorate,
        verified_electorate=standing.verified_electorate,
        verified_papers=standing.verified_papers,
        last=seat.last_time,
        night=_night_so_far(seat, night),
        same_figures_as=alike or "",
    )


def _night_so_far(seat: Seat, night: Night) -> NightSoFar:
    """Return the other contests' tallies and turnout changes; two queries in a council."""
    regions = night.changes_by_region
    own = region_key(seat.contest)
    # Turnout falls in by-elections, so that they are compared with each other only.
    others = regions.pop(BY_ELECTIONS, TurnoutChanges())
    if own == BY_ELECTIONS:
        regions = {own: others}
    regions[own] = regions.get(own, TurnoutChanges()).plus(seat.standing.turnout_change, -1)
    return NightSoFar(
        tally=night.standing_tally.minus(seat.standing.added_to_tally),
        body_tally=_body_tally(seat),
        used=_used_in_body(seat),
        changes=all_changes(regions.values()),
        region_changes=regions[own] if own else TurnoutChanges(),
        regions=tuple(regions.values()),
    )


def _body_tally(seat: Seat) -> Tally:
    """The tally of the council's other contests; a query where councils have one."""
    if not seat.contest.election.rules.has_control:
        return Tally()
    row = BodyTally.objects.filter(body=seat.contest.body_id).first()
    return row.standing_tally.minus(seat.standing.added_to_tally) if row else Tally()


def _used_in_body(seat: Seat) -> tuple[float, ...]:
    """Return the part of their votes that electors used in the council's other such wards.

    It is a fraction of one for each ward of several seats whose ballot papers and votes are known.
    Costs a query where this one has several seats, and electors a vote for each.
    """
    contest = seat.contest
    if contest.seats == 1 or seat.system.votes_per_paper is not None:
        return ()
    others = (
        Standing.objects.filter(contest__body=contest.body_id, contest__seats__gt=1)
        .filter(contribution__complete=1)
        .exclude(contest=contest.pk)
        .annotate(papers=Coalesce("declaration__papers", "verified_papers"))
        .filter(papers__gt=0)
        .order_by("contest")
        .values_list("contribution__valid", "declaration__rejected", "papers", "contest__seats")
    )
    good = ((valid, papers - (rejected or 0), seats) for valid, rejected, papers, seats in others)
    return tuple(valid / (papers * seats) for valid, papers, seats in good if papers > 0)


#: The key in `Night.turnout_changes` of by-elections of all regions.
BY_ELECTIONS = "by-elections"


def region_key(contest: Contest) -> str:
    """Return the contest's key in `Night.turnout_changes`: by-elections, its region, or ""."""
    return BY_ELECTIONS if contest.by_election else str(contest.region_id or "")


def same_figures_as(ballot_counts: BallotCounts) -> Subquery | Value:
    """Return an annotation: the name of another contest with most of these figures.

    It is part of the query that reads the contest, so that publishing needs no further query.
    """
    figures = figures_to_compare(ballot_counts.votes.values())
    needed = min_shared_of_copy(figures)
    if needed is None:
        return Value("")
    # A subquery, lest SQLite goes through all contests of the election instead of the votes' index.
    standing_in = Standing.objects.filter(declaration=OuterRef("declaration"))
    published = (
        Total.objects.filter(votes__in=figures)
        .alias(standing_in=Subquery(standing_in.values("contest__election")))
        .filter(standing_in=OuterRef("election"))
        .exclude(declaration__contest=OuterRef("pk"))
        .order_by()
        .values("declaration__contest__name")
        .annotate(shared=Count("votes", distinct=True))
        .filter(shared__gte=needed)
    )
    return Subquery(published.order_by("-shared").values("declaration__contest__name")[:1])
