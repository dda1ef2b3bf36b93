"""Everything that fragments of a night are rendered from, each part read at most once."""

from datetime import datetime
from functools import cached_property
from itertools import accumulate

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from results.arithmetic import (
    MilestoneKind,
    PartyTally,
    Tally,
    ends_of_bar,
    majority_threshold,
    two_largest,
)
from results.arithmetic.night_line import night_line, span_of
from results.live.body_reader import BodyReader
from results.live.colours import current_stylesheet
from results.live.counting_areas import set_areas
from results.live.election_changes import ElectionChange, election_changes
from results.live.night_line import DeclaredSeats, NightChart
from results.live.party_table import (
    BarPart,
    LabelsStanding,
    PartyRow,
    PartyTable,
    labels_standing,
    party_table_of,
    with_last_time,
)
from results.live.revision_differences import Change, changes_in, revisions
from results.live.seat import Seat, with_results
from results.live.seat_summary import has_gain
from results.live.separate_results import summary_of
from results.live.upcoming import FirstResult, LatestResult, Upcoming
from results.models import (
    OTHERS,
    WITH_RESULT,
    Contest,
    Declaration,
    Election,
    ExternalFigures,
    Group,
    Headline,
    Milestone,
    Night,
    Photo,
    Quote,
    Standing,
)
from results.words.control_sentences import Council, council_summary
from results.words.kinds import Words, words_of
from results.words.night_sentences import (
    MANY_DECLARED,
    NightFacts,
    NightSummary,
    majority_sentence,
    night_summary,
    ranked_labels,
)
from results.words.party_names import PartyName, PartyNames, load_party_names
from results.words.seat_sentences import result_in_brief, result_sentence
from results.words.times import clock

#: Counts listed as expected next.
EXPECTED = 5


class ElectionSnapshot(BodyReader):
    """One election at one moment. Parts are read when first used and then cached."""

    def __init__(self, election: Election, night: Night | None = None) -> None:
        self.election = election
        self.night = night or Night.objects.get(election=election)
        self._histories: dict[int, list[Change]] = {}

    @cached_property
    def words(self) -> Words:
        """What the election's contests, bodies and people are called."""
        return words_of(self.election)

    @property
    def baseline(self) -> str:
        """What holds and gains are measured against: “the last general election”."""
        if self.election.baseline == Election.Baseline.GENERAL:
            return str(self.words.last)
        return str(self.election.get_baseline_display())

    @cached_property
    def party_names(self) -> PartyNames:
        return load_party_names(self.election.date)

    @cached_property
    def party_styles(self) -> str:
        """The URL of the current stylesheet of party colours."""
        _text, digest = current_stylesheet()
        return reverse("party_styles", args=[self.election.slug, digest])

    @cached_property
    def tally(self) -> Tally:
        return self.night.standing_tally

    @property
    def contests(self) -> "QuerySet[Contest]":
        """The contests covered, without their counting areas; a subclass may narrow them."""
        return Contest.objects.filter(election=self.election, part_of=None)

    @cached_property
    def covered(self) -> dict[str, int]:
        """The number of contests, of seats, and of contests that are no by-elections."""
        return self.contests.aggregate(
            contests=Count("pk"),
            seats=Coalesce(Sum("seats"), 0),
            scheduled=Count("pk", filter=Q(by_election=False)),
        )

    @property
    def seats(self) -> int:
        return self.covered["seats"]

    @cached_property
    def has_separate_results(self) -> bool:
        """Whether each contest is a result of its own, so that seats are not added up."""
        if not self.election.rules.adds_up:
            return True
        return bool(self.covered["contests"]) and not self.covered["scheduled"]

    @cached_property
    def separate_results(self) -> list[Seat]:
        """Every contest, in order of name, where each is a result of its own; else none."""
        if not self.has_separate_results:
            return []
        contests = with_results(self.contests.order_by("sort_key", "pk"))
        seats = [self.seat(contest) for contest in contests]
        if self.election.rules.counting_areas:
            set_areas(seats)
        return seats

    @property
    def whole_house(self) -> bool:
        """Whether these are all the seats of a house, so that a majority is meaningful."""
        return (
            self.election.rules.has_majority
            and not self.has_separate_results
            and self.election.house_seats in (None, self.seats)
            and self.covered["contests"] > 2
        )

    @property
    def majority_threshold(self) -> int:
        return majority_threshold(self.seats)

    @property
    def to_come(self) -> int:
        """Seats that are still to be declared on this night: those postponed are not."""
        return self.tally.to_come(self.seats)

    @cached_property
    def leader(self) -> PartyRow | None:
        return next((row for row in self.party_rows[:1] if row.party_tally.seats), None)

    @cached_property
    def party_rows(self) -> list[PartyRow]:
        """Every label with seats or votes, ranked."""
        tally = self.tally
        return [
            PartyRow(
                party_name=self.party_names[label], party_tally=tally.parties[label], tally=tally
            )
            for label in ranked_labels(tally)
        ]

    @cached_property
    def party_table(self) -> PartyTable:
        table = party_table_of(self.labels_standing, self.tally, self.party_rows, self.party_names)
        return with_last_time(table, self.held, self.exit_poll if self.whole_house else {})

    @property
    def shows_exit_poll(self) -> bool:
        """Whether the table has a column of the exit poll's seats."""
        return self.whole_house and bool(self.exit_poll)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been declared, so that what is defended is shown instead."""
        return not self.tally.declared and any(self.held.values()) and not self.words.list_vote

    @cached_property
    def labels_standing(self) -> LabelsStanding:
        """What each label has at stake: the same until candidates or last results are edited."""
        return labels_standing(self.contests)

    @cached_property
    def milestones(self) -> list[Milestone]:
        """Milestones that the tally has reached and not fallen below again, newest first."""
        return list(Milestone.objects.filter(election=self.election, undone_by=None))

    @cached_property
    def majority_sentence(self) -> str:
        """Who has a majority and since when, or what is possible; empty for part of a house."""
        if not self.whole_house:
            return ""
        passed = (row.at for row in self.milestones if row.reached == MilestoneKind.MAJORITY)
        at = self._clock(next(passed, None))
        return majority_sentence(self.tally, self.seats, self.party_names, passed_at=at)

    def _clock(self, moment: datetime | None) -> str:
        """The time of day in the election's own zone, such as “03:18”; empty for None."""
        return clock(moment, self.election.zone) if moment else ""

    @cached_property
    def ends(self) -> tuple[PartyRow | None, PartyRow | None]:
        """The parties at the left and right end of the seats bar: the same nearly all night."""
        ranked = [row.party_name.label for row in self.party_rows if row.party_tally.seats]
        left, right = ends_of_bar(self.tally, self.held, ranked)
        return self._row_of(left), self._row_of(right)

    def _row_of(self, label: str | None) -> PartyRow | None:
        if label is None:
            return None
        party_tally = self.tally.parties.get(label, PartyTally())
        return PartyRow(self.party_names[label], party_tally, self.tally)

    @cached_property
    def bar(self) -> list[BarPart]:
        """The parts of the seats bar with seats: one from the left, the others from the right."""
        left, right = self.ends
        ends = [row.party_name.label for row in (left, right) if row]
        others = [row for row in self.party_rows if row.party_name.label not in ends]
        rows = [row for row in (right, *others) if row and row.party_tally.seats]
        from_right = accumulate(row.party_tally.seats for row in rows)
        parts = [
            BarPart(row.party_name, self.seats - end, row.party_tally.seats)
            for row, end in zip(rows, from_right, strict=True)
        ]
        if left and left.party_tally.seats:
            parts.insert(0, BarPart(left.party_name, 0, left.party_tally.seats))
        return parts

    @property
    def gap(self) -> tuple[int, int]:
        """Start and length of the bar's part without a winner, in seats."""
        left, _right = self.ends
        start = left.party_tally.seats if left else 0
        return start, max(self.seats - self.tally.seats, 0)

    @cached_property
    def declared_seats(self) -> DeclaredSeats:
        """The seats that every contest has filled, and when."""
        return DeclaredSeats.read(self.election)

    @cached_property
    def night_chart(self) -> NightChart | None:
        """The seats through the night; None where they are not added up, or no time is known."""
        if self.has_separate_results or not self.seats:
            return None
        line = night_line(
            self.declared_seats.by_contest.values(),
            finished=bool(self.tally.declared) and not self.to_come,
        )
        if line.end is None and self.tally.seats > self.tally.unopposed:
            return None
        ends = [row.party_name.label for row in self.ends if row]
        return NightChart(
            line=line,
            span=span_of(line, self.election.polls_close),
            labels=line.largest(ends if self.whole_house else ()),
            party_names=self.party_names,
            threshold=self.majority_threshold if self.whole_house else None,
            seats=self.seats,
        )

    @cached_property
    def latest(self) -> LatestResult | None:
        return LatestResult.read(self.election)

    @property
    def latest_result(self) -> str:
        """The latest result as a sentence; empty without one."""
        latest = self.latest
        return result_sentence(latest.name, latest.summary, self.party_names) if latest else ""

    @cached_property
    def gained(self) -> list[int]:
        """The keys of the contests where a seat changed hands."""
        standings = Standing.objects.filter(contest__in=self.contests, status__in=WITH_RESULT)
        return [
            contest
            for contest, summary in standings.values_list("contest_id", "summary")
            if has_gain(summary)
        ]

    @cached_property
    def night_summary(self) -> NightSummary:
        if self.has_separate_results:
            return summary_of(self.separate_results, self.party_names)
        first_at = self._clock(self.expected[0].expected_at) if self.expected else ""
        closes_at = self._clock(self.election.polls_close)
        if self.election.rules.has_control and self.bodies:
            return council_summary(
                self.councils,
                self.tally,
                self.seats,
                self.party_names,
                latest=self.latest_result,
                first_at=first_at,
                closes_at=closes_at,
            )
        return night_summary(
            NightFacts(
                tally=self.tally,
                seats=self.seats,
                party_names=self.party_names,
                whole_house=self.whole_house,
                latest="" if self.whole_house else self.latest_result,
                first=self._first_result if self.whole_house else "",
                first_at=first_at,
                closes_at=closes_at,
                held=self.held,
                exit_poll=self.exit_poll,
            )
        )

    @cached_property
    def swing_pair(self) -> tuple[str, str] | None:
        """The two parties that the map's swing is between, the same all night."""
        return two_largest(self.held)

    @property
    def held(self) -> dict[str, int]:
        """By label: the seats won last time."""
        return {label: held for label, (held, _candidates) in self.labels_standing.items()}

    @property
    def holders_unknown(self) -> bool:
        """Whether it is known of no contest who held it: gains and losses are blank then, not 0."""
        moved = any(party.gains or party.losses for party in self.tally.parties.values())
        return not moved and not any(self.held.values())

    @property
    def _first_result(self) -> str:
        """The first result in brief; empty once many have declared, when nothing is said of it."""
        polled = self.tally.seats - self.tally.unopposed
        if not 0 < polled < MANY_DECLARED:
            return ""
        first = self.first
        if first is None or not first.summary["elected"]:
            return ""
        return result_in_brief(first.name, first.summary, self.party_names)

    @cached_property
    def first(self) -> FirstResult | None:
        return FirstResult.read(self.election)

    @property
    def exit_poll(self) -> dict[str, int]:
        """By label: the seats that the exit poll gave; empty without one."""
        figures = self.external_figures
        if figures is None or figures.kind != ExternalFigures.Kind.EXIT_POLL:
            return {}
        return {row["label"]: row["seats"] for row in figures.rows if row["label"] != OTHERS}

    @property
    def councils(self) -> list[Council]:
        """The bodies for sentences about who controls them."""
        decided = {row.body_id: row.sequence for row in self.milestones}
        return [
            Council(body.name, body.seats, decided.get(body.body.pk, 0)) for body in self.bodies
        ]

    @cached_property
    def editors_headline(self) -> Headline | None:
        """The editor's current headline; None if there is none or it was withdrawn."""
        headline: Headline | None = Headline.objects.standing(self.election)
        return headline

    @cached_property
    def external_figures(self) -> ExternalFigures | None:
        """The newest exit poll or wire service's figures; None if withdrawn."""
        figures: ExternalFigures | None = ExternalFigures.objects.standing(self.election)
        return figures

    @cached_property
    def groups(self) -> list[Group]:
        """Groups of seats that an editor has defined, in the editor's order."""
        return list(Group.objects.filter(election=self.election))

    @property
    def external_figures_rows(self) -> list[tuple[PartyName, int]]:
        """`(party name, seats)` of the external figures, in their order."""
        rows = self.external_figures.rows if self.external_figures else ()
        others = PartyName(OTHERS, _("Others"), _("Others"), _("Oth"))
        return [
            (others if row["label"] == OTHERS else self.party_names[row["label"]], row["seats"])
            for row in rows
        ]

    @property
    def headline(self) -> str:
        """The page's headline: the editor's, or else the one generated from the tally."""
        return self.editors_headline.text if self.editors_headline else self.night_summary.headline

    def quotes_from(self, contest: Contest) -> list[Quote]:
        return list(contest.quotes.current().select_related("candidate__party"))

    def photos_from(self, contest: Contest) -> list[Photo]:
        return list(contest.photos.current())

    @cached_property
    def upcoming(self) -> Upcoming:
        return Upcoming.read(self.election)

    @cached_property
    def expected(self) -> list[Contest]:
        """The contests expected next, soonest first; those without a time come last."""
        keys = list(self.upcoming.times)[:EXPECTED]
        contests = Contest.objects.select_related("standing").in_bulk(keys)
        return [contests[key] for key in keys]

    @cached_property
    def corrections(self) -> list[Change | ElectionChange]:
        """Every correction and withdrawal of the night, newest first."""
        changed = Declaration.objects.filter(
            contest__election=self.election,
            kind__in=[Declaration.Kind.CORRECTION, Declaration.Kind.WITHDRAWAL],
        )
        contests = Contest.objects.filter(pk__in=changed.values("contest"))
        changes: list[Change | ElectionChange] = [
            change
            for change in changes_in(revisions(contests))
            if change.is_correction or change.is_withdrawal
        ]
        changes += election_changes(self.election)
        return sorted(changes, key=lambda change: -change.declaration.sequence)

    def history(self, seat: Seat) -> list[Change]:
        """All changes of one contest since its first declaration, newest first."""
        if seat.standing.revision < 2:
            return []
        key = seat.contest.pk
        if key not in self._histories:
            changes = changes_in(revisions(Contest.objects.filter(pk=key)))
            self._histories[key] = [*changes][::-1]
        return self._histories[key]

    def seat(self, contest: Contest) -> Seat:
        # Without this, every seat would query the election again.
        contest.election = self.election
        return Seat(contest, self.party_names)
