"""The data that fragments of a night are rendered from, each part read at most once."""

from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from results.arithmetic import MilestoneKind
from results.arithmetic.night_line import night_line, span_of
from results.live.body_reader import BodyReader
from results.live.colours import current_stylesheet
from results.live.counting_areas import set_areas
from results.live.election_changes import ElectionChange, election_changes
from results.live.night_line import DeclaredSeats, NightChart
from results.live.party_table import PartyTable, party_table_of, with_last_time
from results.live.publications_reader import PublicationsReader
from results.live.revision_differences import RevisionChange, changes_in, revisions
from results.live.scoreboard_reader import ScoreboardReader
from results.live.seat import Seat, with_holders, with_results
from results.live.seat_bars import SeatComparison
from results.live.seat_summary import has_gain
from results.live.seats_to_watch import SeatsToCome, WatchList
from results.live.separate_results import summary_of
from results.live.upcoming import FirstResult, LatestResult, Upcoming
from results.models import (
    WITH_RESULT,
    Contest,
    Declaration,
    Election,
    Milestone,
    Night,
    Standing,
)
from results.words.control_sentences import Council, council_summary
from results.words.kinds import Words, words_of
from results.words.majority_sentences import majority_sentence
from results.words.night_sentences import NightFacts, NightSummary, is_led_by_first, night_summary
from results.words.seat_sentences import result_in_brief, result_sentence
from results.words.times import clock, expected_time, time_and_day

#: Number of counts listed as expected next.
EXPECTED = 5


class ElectionSnapshot(ScoreboardReader, BodyReader, PublicationsReader):
    """One election at one moment. Parts are read when first used and then cached."""

    def __init__(self, election: Election, night: Night | None = None) -> None:
        self.election = election
        self.night = night or Night.objects.get(election=election)
        self._histories: dict[int, list[RevisionChange]] = {}

    @cached_property
    def words(self) -> Words:
        """The election's words for its contests, bodies and people."""
        return words_of(self.election)

    @property
    def baseline(self) -> str:
        """The name of the baseline of holds and gains, such as “the last general election”."""
        if self.election.baseline == Election.Baseline.GENERAL:
            return str(self.words.last)
        return str(self.election.get_baseline_display())

    @cached_property
    def party_styles(self) -> str:
        """The URL of the current stylesheet of party colours."""
        _text, digest = current_stylesheet()
        return reverse("party_styles", args=[self.election.slug, digest])

    @cached_property
    def has_separate_results(self) -> bool:
        """Whether each contest stands by itself, so that seats are not added up."""
        if not self.election.rules.adds_up:
            return True
        return bool(self.covered["contests"]) and not self.covered["scheduled"]

    @property
    def only_comparison(self) -> SeatComparison | None:
        """The comparison of the night's only result with last time; None if there are several."""
        seats = self.separate_results
        return SeatComparison(seats[0]) if len(seats) == 1 else None

    @cached_property
    def separate_results(self) -> list[Seat]:
        """Every contest, in order of name, where each stands by itself; else none."""
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

    @cached_property
    def party_table(self) -> PartyTable:
        table = party_table_of(self.labels_standing, self.tally, self.party_rows, self.party_names)
        return with_last_time(table, self.held, self.exit_poll if self.whole_house else {})

    @cached_property
    def shows_exit_poll(self) -> bool:
        """Whether the table has a column of the exit poll's seats."""
        return self.whole_house and bool(self.exit_poll)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been declared, so that the seats defended are shown instead."""
        return not self.tally.declared and any(self.held.values()) and not self.words.list_vote

    @cached_property
    def milestones(self) -> list[Milestone]:
        """The milestones reached and not undone, newest first."""
        return list(Milestone.objects.filter(election=self.election, undone_by=None))

    @cached_property
    def majority_sentence(self) -> str:
        """The sentence on who has a majority or still can; empty for a part of a house."""
        if not self.whole_house:
            return ""
        passed = (row.at for row in self.milestones if row.reached == MilestoneKind.MAJORITY)
        at = self._clock(next(passed, None))
        return majority_sentence(
            self.tally,
            self.seats,
            self.party_names,
            chamber=self.words.chamber,
            passed_at=at,
        )

    def _clock(self, moment: datetime | None) -> str:
        """Return the time of day in the election's zone, such as “03:18”; empty for None."""
        return clock(moment, self.election.zone) if moment else ""

    @cached_property
    def declared_seats(self) -> DeclaredSeats:
        """The seats that each contest has filled, with the times."""
        return DeclaredSeats.read(self.election)

    @cached_property
    def night_chart(self) -> NightChart | None:
        """The seats through the night; None where they are not added up, or no time is known."""
        if self.has_separate_results or not self.seats:
            return None
        line = night_line(
            self.declared_seats.by_minute,
            finished=bool(self.tally.declared) and not self.to_come,
            seats=self.seats,
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

    @property
    def first_expected_at(self) -> datetime | None:
        """When the next result is expected; None where that is not known."""
        return self.expected[0].expected_at if self.expected else None

    @cached_property
    def night_summary(self) -> NightSummary:
        return self._summary(self.first_expected_at)

    @cached_property
    def late_summary(self) -> NightSummary | None:
        """The summary from the time on at which the first result was expected, if none has come.

        None where the summary has no such time. Pages are cached, and no bulletin says that a time
        has passed: a script shows it then.
        """
        if not (self.first_expected_at and self.is_before_the_first):
            return None
        late = self._summary(None)
        return None if late == self.night_summary else late

    def _summary(self, expected_at: datetime | None) -> NightSummary:
        first_at = expected_time(expected_at, self.election) if expected_at else ""
        if self.has_separate_results:
            return summary_of(self.separate_results, self.party_names, first_at, self.open_until)
        if self.election.rules.has_control and self.bodies:
            return council_summary(
                self.councils,
                self.tally,
                self.seats,
                self.party_names,
                first=self._only_result,
                first_at=first_at,
                open_until=self.open_until,
            )
        return night_summary(
            NightFacts(
                tally=self.tally,
                seats=self.seats,
                party_names=self.party_names,
                chamber=self.words.chamber,
                whole_house=self.whole_house,
                latest="" if self.whole_house else self.latest_result,
                first=self._first_result if self.whole_house else "",
                first_at=first_at,
                open_until=self.open_until,
                held=self._held_of_all,
                exit_poll=self.exit_poll,
                has_swing=self.election.rules.has_majority_of_votes,
            )
        )

    @property
    def _held_of_all(self) -> dict[str, int]:
        """The seats won last time by label; empty if those of a chamber's lists are not known.

        A party's seats in constituencies only would be shown as all that it had and defends.
        """
        is_part = bool(self.words.list_vote) and not self.holders_complete
        return {} if is_part else self.held

    @property
    def polls_closed(self) -> bool:
        """Whether a bulletin announced the close of poll, or the election was created after it."""
        return self.night.is_closed_for(self.election)

    @property
    def is_before_the_first(self) -> bool:
        """Whether no poll has declared; unopposed elections, known days before, do not count."""
        return self.tally.seats <= self.tally.unopposed

    @property
    def awaits_first(self) -> bool:
        """Whether polls have closed and no poll has declared."""
        return self.polls_closed and self.is_before_the_first

    @property
    def listed_expected(self) -> list[Contest]:
        """Those of the contests expected to declare next that pages list.

        One without a time only where every contest of the night has room: of many, the first by
        name would look chosen. A House never, and a single result leads its own page with its time.
        None of a closed night.
        """
        if self.election.final:
            return []
        if self.has_separate_results and len(self.expected) == 1:
            return []
        if self.covered["contests"] <= EXPECTED and not self.whole_house:
            return self.expected
        return [contest for contest in self.expected if contest.expected_at]

    @property
    def open_until(self) -> str:
        """The close of poll, such as “22:00 on 12 December”; empty once it has passed."""
        if self.polls_closed:
            return ""
        return time_and_day(self.election.polls_close, self.election.zone)

    @cached_property
    def seats_to_come(self) -> SeatsToCome:
        return SeatsToCome.read(self.contests)

    @cached_property
    def known_parts(self) -> dict[str, tuple[Any, SafeString]]:
        """What fragments of the night show, and their HTML, by id, as far as they are reused."""
        return {}

    @cached_property
    def seats_to_watch(self) -> WatchList | None:
        """The seats to come that decide on a majority; None where there are none."""
        if not (self.whole_house and self.election.rules.swing and self.swing_pair):
            return None
        won = {label: party.seats for label, party in self.tally.parties.items()}
        threshold, names = self.majority_threshold, self.party_names
        return self.seats_to_come.to_watch(won, self.swing_pair, threshold, names)

    @property
    def _first_result(self) -> str:
        """The first result in brief; empty once many have declared."""
        polled = self.tally.seats - self.tally.unopposed
        if not is_led_by_first(polled, self.seats):
            return ""
        first = self.first
        if first is None or not first.summary["elected"]:
            return ""
        return result_in_brief(first.name, first.summary, self.party_names)

    @property
    def _only_result(self) -> str:
        """The only result of a poll so far, in brief; empty without one, or with several."""
        first = self.first
        if first is None or not first.summary["elected"] or first.summary.get("to_fill"):
            return ""
        if len(first.summary["elected"]) < self.tally.seats - self.tally.unopposed:
            return ""
        return result_in_brief(first.name, first.summary, self.party_names)

    @cached_property
    def first(self) -> FirstResult | None:
        return FirstResult.read(self.election)

    @property
    def councils(self) -> list[Council]:
        """The bodies as needed for sentences about their control."""
        decided = {row.body_id: row.sequence for row in self.milestones}
        bodies = ((body, decided.get(body.body.pk, 0)) for body in self.bodies)
        return [Council(body.name, body.seats, sequence) for body, sequence in bodies]

    @property
    def headline(self) -> str:
        """The page's headline: the editor's, or else the one generated from the tally."""
        return self.editors_headline.text if self.editors_headline else self.night_summary.headline

    @cached_property
    def upcoming(self) -> Upcoming:
        return Upcoming.read(self.election)

    @cached_property
    def expected(self) -> list[Contest]:
        """The contests expected next, soonest first, those without a time last."""
        keys = list(self.upcoming.times)[:EXPECTED]
        missing = [key for key in keys if key not in self.known_expected]
        contests: QuerySet[Contest] = Contest.objects.select_related("standing")
        if self.shows_councils:
            contests = with_holders(contests, self.election)
        read = contests.in_bulk(missing)
        # Another snapshot may have the former ones, so that they are not changed in place.
        self.known_expected = {**self.known_expected, **read}
        return [self.known_expected[key] for key in keys]

    @cached_property
    def known_expected(self) -> dict[int, Contest]:
        """The contests read so far of those expected next, by key."""
        return {}

    @cached_property
    def corrections(self) -> list[RevisionChange | ElectionChange]:
        """Every correction and withdrawal of the night, newest first."""
        changed = Declaration.objects.filter(
            contest__election=self.election,
            kind__in=[Declaration.Kind.CORRECTION, Declaration.Kind.WITHDRAWAL],
        )
        contests = Contest.objects.filter(pk__in=changed.values("contest"))
        changes: list[RevisionChange | ElectionChange] = [
            change
            for change in changes_in(revisions(contests))
            if change.is_correction or change.is_withdrawal
        ]
        changes += election_changes(self.election)
        return sorted(changes, key=lambda change: -change.declaration.sequence)

    def history(self, seat: Seat) -> list[RevisionChange]:
        """All changes of one contest since its first declaration, newest first."""
        if seat.standing.revision < 2:
            return []
        key = seat.contest.pk
        if key not in self._histories:
            changes = changes_in(revisions(Contest.objects.filter(pk=key)))
            self._histories[key] = [*changes][::-1]
        return self._histories[key]

    def seat(self, contest: Contest) -> Seat:
        # Set to avoid a query of the election for each seat.
        contest.election = self.election
        return Seat(contest, self.party_names)
