"""Snapshots of an election's bodies with all their seats, before and now, and their control."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from results.arithmetic import BodySeats, Control, Holder, PartyTally, Tally
from results.arithmetic.holders import holders_up
from results.live.winnable_seats import standing_to_come, with_winnable
from results.models import Body, BodyTally, Contest, Election, LastVotes, SittingMember
from results.words.control_sentences import control_sentence
from results.words.party_names import PartyName, PartyNames, load_party_names
from results.words.party_seats import body_claims


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """The facts of a body that no result changes, only edits of details, candidates or holders.

    `contests` is how many this election has, of which `scheduled` are no by-elections; `up` is
    their seats. `holders` and `vacated` are seats by label, as in `BodySeats`, and
    `holders_known` is whether they are those of every contest.
    """

    body: Body
    contests: int
    up: int
    scheduled: int
    holders: Mapping[str, int] = field(default_factory=dict)
    vacated: Mapping[str, int] = field(default_factory=dict)
    holders_known: bool = False

    @property
    def seats(self) -> int | None:
        """The body's seats in all, as entered, or at least those of its contests.

        None for a body of which only by-elections are known.
        """
        if self.body.seats is not None:
            return max(self.body.seats, self.up)
        entered: int = sum(self.body.composition_before.values())
        if entered or self.scheduled:
            return max(entered, self.up)
        return None

    def with_tally(self, tally: Tally) -> BodySeats:
        return BodySeats(
            seats=self.seats,
            up=self.up,
            composition=self.body.composition_before,
            left=self.body.not_up,
            holders=self.holders,
            vacated=self.vacated,
            tally=tally,
            control_before=self.body.control_before,
            holders_known=self.holders_known,
        )


@dataclass(frozen=True, slots=True)
class BodyRow:
    """One party's seats of a body; `net` is None where it is not known."""

    party_name: PartyName
    before: int
    not_up: int
    won: int
    now: int
    still_held: int
    net: int | None
    party_tally: PartyTally
    share: Fraction | None
    share_change: Fraction | None


@dataclass(frozen=True)
class BodySnapshot:
    """One body at one moment."""

    facts: BodyFacts
    seats: BodySeats
    party_names: PartyNames

    @property
    def body(self) -> Body:
        return self.facts.body

    @property
    def name(self) -> str:
        return self.facts.body.local_name

    @property
    def local_name(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        return self.facts.body.slug

    @property
    def tally(self) -> Tally:
        return self.seats.tally

    @property
    def control(self) -> Control:
        return self.seats.control

    @property
    def begun(self) -> bool:
        """Whether a contest with a poll has declared; unopposed elections do not count."""
        return self.tally.seats > self.tally.unopposed

    @property
    def shows_votes(self) -> bool:
        """Whether its table has columns of votes: figures are known, or seats are to come."""
        return bool(self.tally.complete or self.seats.to_come)

    @property
    def knows_before(self) -> bool:
        """Whether its table has columns of seats before and of what became of them.

        The seats before cannot be compared with those won while it is not known which are not up.
        """
        return bool(self.seats.before) and self.seats.not_up is not None

    @property
    def shows_share_changes(self) -> bool:
        """Whether its table of votes has a column of changes since last time."""
        return bool(self.seats.before or self.facts.holders) or self.tally.knows_share_changes

    @cached_property
    def rows(self) -> list[BodyRow]:
        """A row for each party that has or had a seat, or stood where votes are known."""
        seats, tally = self.seats, self.seats.tally
        others = sorted(
            {*tally.parties} - {*seats.labels},
            key=lambda label: (-tally.parties[label].votes, label),
        )
        return [self.row(label) for label in [*seats.labels, *others]]

    @property
    def control_sentence(self) -> str:
        """Text such as “Greens gain Hackney from Labour”; empty where that is not known."""
        return control_sentence(self.name, self.control, self.party_names)

    @property
    def seated(self) -> list[BodyRow]:
        """A row for each party with a seat before or now; none if seats not up are unknown."""
        if self.seats.not_up is None:
            return []
        return [self.row(label) for label in self.seats.labels]

    def row(self, label: str) -> BodyRow:
        seats, tally = self.seats, self.seats.tally
        party = tally.parties.get(label, PartyTally())
        return BodyRow(
            party_name=self.party_names[label],
            before=seats.before.get(label, 0),
            not_up=(seats.not_up or {}).get(label, 0),
            won=party.seats,
            now=seats.now.get(label, 0),
            still_held=seats.still_held.get(label, 0),
            net=seats.net(label),
            party_tally=party,
            share=tally.share(label),
            share_change=tally.share_change(label),
        )


def body_facts(election: Election, bodies: Iterable[int] | None = None) -> dict[int, BodyFacts]:
    """Read the facts of an election's bodies, or of those with the given keys, by key."""
    # Ordered here, because grouped rows do not follow the model's ordering.
    chosen = Body.objects.filter(election=election).order_by("sort_key", "pk")
    if bodies is not None:
        chosen = chosen.filter(pk__in=bodies)
    facts = {
        body.pk: BodyFacts(body, body.contest_count, body.up or 0, body.scheduled_count)
        for body in chosen.annotate(
            contest_count=Count("contests"),
            up=Sum("contests__seats"),
            scheduled_count=Count("contests", filter=Q(contests__by_election=False)),
        )
    }
    for each in facts.values():
        # Set to avoid a query of the election for each body's words.
        each.body.election = election
    holders: dict[int, Counter[str]] = {pk: Counter() for pk in facts}
    vacated: dict[int, Counter[str]] = {pk: Counter() for pk in facts}
    known: Counter[int] = Counter()
    for body, is_by_election, held in _holders(election, Contest.objects.filter(body__in=facts)):
        labels = [holder.label for holder in held]
        holders[body].update(labels)
        known[body] += bool(held)
        if is_by_election:
            vacated[body].update(labels)
    return {
        pk: replace(
            each,
            holders=dict(holders[pk]),
            vacated=dict(vacated[pk]),
            holders_known=known[pk] == each.contests,
        )
        for pk, each in facts.items()
    }


def claims_of_bodies(election: Election) -> dict[int, dict[str, str]]:
    """Return the published facts of each council of the election by key; see `body_claims`."""
    if not election.rules.has_control:
        return {}
    party_names = load_party_names(election.date)
    bodies = body_snapshots(election, body_facts(election), body_tallies(election), party_names)
    return {body.body.pk: body_claims(body.name, body.seats, party_names) for body in bodies}


def misfits(facts: BodyFacts, party_names: PartyNames) -> Iterator[str]:
    """Yield a sentence for each way in which a body's seats do not fit those that are up."""
    body, before, left = facts.body, facts.body.composition_before, facts.body.not_up
    seats = body.seats
    words = {"up": facts.up, "seats": seats, "before": sum(before.values())}
    if seats is None:
        if left:
            yield _("enter how many seats there are in all, since some are entered as not up")
        return
    if seats < facts.up:
        yield _("%(up)d seats are up: there cannot be only %(seats)d in all") % words
    elif sum(left.values()) > seats - facts.up:
        words |= {"left": sum(left.values()), "rest": seats - facts.up}
        yield _("%(left)d seats are entered as not up, but only %(rest)d are not up") % words
    elif seats > facts.up and words["before"] > seats:
        yield _("there were %(before)d seats before, but there are only %(seats)d in all") % words
    elif before and facts.with_tally(Tally()).not_up is None:
        yield from _short(facts, party_names)


def _short(facts: BodyFacts, party_names: PartyNames) -> Iterator[str]:
    """Yield sentences on parties with fewer seats before than they defend, if holders are known."""
    if sum(facts.holders.values()) < facts.up:
        return
    before = facts.with_tally(Tally()).before
    short = {label: up for label, up in facts.holders.items() if up > before.get(label, 0)}
    for label, up in short.items():
        words = {"party": party_names[label].name, "before": before.get(label, 0), "up": up}
        yield _("%(party)s held %(before)d seats before, fewer than the %(up)d that are up") % words
    if not short:
        yield _("after those that are up, more seats before are left than are not up")


def _holders(
    election: Election, contests: "QuerySet[Contest]"
) -> Iterable[tuple[int, bool, tuple[Holder, ...]]]:
    """Yield (body, is by-election, holders of the seats that are up) of each contest."""
    rows: dict[int, list[Holder]] = {}
    if election.baseline == Election.Baseline.SITTING:
        members = SittingMember.objects.filter(contest__in=contests)
        for member in members.select_related("party__tallied_with"):
            rows.setdefault(member.contest_id, []).append(member.holder)
    else:
        elected = LastVotes.objects.filter(last_result__contest__in=contests, elected=True)
        for vote in elected.select_related("party__tallied_with", "last_result"):
            rows.setdefault(vote.last_result.contest_id, []).append(vote.holder)
    keys = contests.filter(pk__in=rows).values_list("pk", "body", "by_election", "seats")
    for pk, body, is_by_election, seats in keys:
        yield body, is_by_election, holders_up(tuple(rows[pk]), seats) or ()


def body_tallies(election: Election, bodies: Iterable[int] | None = None) -> dict[int, Tally]:
    """Read the stored tallies of an election's bodies by key; one without a result has none."""
    rows = BodyTally.objects.filter(body__election=election)
    if bodies is not None:
        rows = rows.filter(body__in=bodies)
    return {row.body_id: row.standing_tally for row in rows}


def body_snapshots(
    election: Election,
    facts: Mapping[int, BodyFacts],
    tallies: Mapping[int, Tally],
    party_names: PartyNames,
) -> tuple[BodySnapshot, ...]:
    """The bodies in order of name, each with its tally."""
    snapshots = []
    for pk, each in facts.items():
        seats = each.with_tally(tallies.get(pk, Tally()))
        seats = with_winnable(seats, standing_to_come(election, pk))
        snapshots.append(BodySnapshot(each, seats, party_names))
    return tuple(snapshots)
