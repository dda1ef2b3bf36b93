"""The snapshot that readers' pages are rendered from, with contests from a per-process cache."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import cached_property, partial
from heapq import nsmallest
from operator import attrgetter
from typing import cast

from django.utils import timezone
from django.utils.safestring import SafeString

from results.arithmetic.night_line import SeatsDeclared
from results.live.bodies import BodyFacts, BodySnapshot, body_facts
from results.live.body_board import LabelsByBody, labels_by_body
from results.live.election_snapshot import EXPECTED, ElectionSnapshot
from results.live.feed import Row, rows_without_results
from results.live.fragments import render_row_and_hexagon, render_shade
from results.live.house_style import house_style
from results.live.map_marks import SeatMark, SeatParties
from results.live.night_cache import CachedContest, CachedNight, cached_night
from results.live.night_line import DeclaredSeats, seats_declared
from results.live.party_table import LabelsStanding
from results.live.seat_summary import has_gain
from results.live.seats_to_watch import NeededSwings, SeatsToCome
from results.live.upcoming import FirstResult
from results.live.winnable_seats import with_winnable
from results.models import (
    NOT_AWAITED,
    Body,
    Candidate,
    Contest,
    Election,
    ExternalFigures,
    Group,
    Headline,
    HouseStyle,
    Milestone,
    Night,
    PostcodeDistrict,
    Standing,
)
from results.words.kinds import Words
from results.words.night_sentences import NightSummary
from results.words.party_names import PartyNames, load_party_names
from results.words.seat_sentences import result_sentence


class CachedSnapshot(ElectionSnapshot):
    """An `ElectionSnapshot` at the bulletin of `cached`, with contests from the cache."""

    def __init__(
        self,
        election: Election,
        cached: CachedNight,
        style_version: str | None = None,
        now: datetime | None = None,
    ) -> None:
        super().__init__(election, cached.night)
        self.cached, self._style_version = cached, style_version
        self._now = now

    @classmethod
    def read(
        cls,
        election: Election,
        night: Night | None = None,
        style_version: str | None = None,
        now: datetime | None = None,
    ) -> "CachedSnapshot":
        """Return the snapshot at the bulletin of `night`, by default the newest, or a later one.

        `style_version` is that of the publisher's style where it has been read already; `now` the
        time of the version that a page is rendered at.
        """
        night = night or Night.objects.get(election=election)
        # Read again after the night, else parts of a new epoch are cached with details from before
        # it. One that is deleted meanwhile is shown as it was.
        election = Election.objects.filter(pk=election.pk).first() or election
        return cls(election, cached_night(election, night), style_version, now)

    @property
    def summary_now(self) -> NightSummary:
        """The summary at this time, for what no script replaces: only for pages, which are by time.

        A fragment has both, `night_summary` and `late_summary`.
        """
        late, at = self.late_summary, self.first_expected_at
        if late is None or at is None or at > (self._now or timezone.now()):
            return self.night_summary
        return late

    @property
    def headline_now(self) -> str:
        """The editor's headline, or else the one that the rules have at this time."""
        return self.editors_headline.text if self.editors_headline else self.summary_now.headline

    @cached_property
    def cached_contests(self) -> tuple[CachedContest, ...]:
        """The contests covered, in order of name; not their counting areas."""
        contests = self.cached.contests.values()
        return tuple(each for each in contests if each.contest.part_of_id is None)

    @cached_property
    def covered(self) -> dict[str, int]:
        # Cached, since no result changes it and counting 3,000 contests for each page is slow.
        memo = self.cached.lists.memo
        if "covered" not in memo:
            memo["covered"] = covered_by(self.cached_contests)
        return cast("dict[str, int]", memo["covered"])

    @cached_property
    def party_names(self) -> PartyNames:
        return self.cached.read_once("parties", partial(load_party_names, self.election.date))

    @cached_property
    def words(self) -> Words:
        return self.cached.read_once("words", lambda: self._read().words)

    @cached_property
    def editors_headline(self) -> Headline | None:
        return self.cached.read_once("headline", lambda: self._read().editors_headline)

    @cached_property
    def external_figures(self) -> ExternalFigures | None:
        return self.cached.read_once("figures", lambda: self._read().external_figures)

    @cached_property
    def milestones(self) -> list[Milestone]:
        return self.cached.read_once("milestones", lambda: self._read().milestones)

    def _read(self) -> ElectionSnapshot:
        """Return a snapshot of the same night that reads from the database."""
        return ElectionSnapshot(self.election, self.night)

    @cached_property
    def labels_standing(self) -> LabelsStanding:
        return self.cached.lists.labels_standing()

    @cached_property
    def house_style(self) -> HouseStyle:
        """The publisher's style, read once for all parts of a page."""
        return house_style(self._style_version)

    @cached_property
    def body_facts(self) -> dict[int, BodyFacts]:
        memo = self.cached.lists.memo
        if "bodies" not in memo:
            memo["bodies"] = body_facts(self.election)
        return cast("dict[int, BodyFacts]", memo["bodies"])

    @cached_property
    def candidates_by_body(self) -> LabelsByBody:
        memo = self.cached.lists.memo
        if "candidates" not in memo:
            memo["candidates"] = labels_by_body(self.election)
        return cast(LabelsByBody, memo["candidates"])

    def some_bodies(self, keys: Collection[int] | None) -> tuple[BodySnapshot, ...]:
        """Return the given bodies, or all, each cached until one of its contests changes."""
        return tuple(
            self._body(body, tuple(self.cached.some(members)))
            for body, members in self.cached.lists.by_body
            if keys is None or body.pk in keys
        )

    def _body(self, body: Body, contests: tuple[CachedContest, ...]) -> BodySnapshot:
        lists = self.cached.lists

        def make() -> BodySnapshot:
            facts = self.body_facts[body.pk]
            seats = facts.with_tally(lists.tally(body, contests))
            awaited = [each.contest.pk for each in contests if each.is_awaited]
            seats = with_winnable(seats, Candidate.objects.filter(contest__in=awaited))
            return BodySnapshot(facts, seats, self.party_names)

        return lists.made("body", body, contests, make)

    @property
    def has_postcodes(self) -> bool:
        """Whether seats can be found by postcode; cached until more than results changes."""
        return self.cached.read_once("postcodes", lambda: PostcodeDistrict.objects.exists())

    @property
    def has_regions(self) -> bool:
        """Whether the election has a page of regions, regional lists or groups."""
        return bool(self.cached.lists.regions or self.groups or self.regional_lists)

    @property
    def regional_lists(self) -> list[Contest]:
        """Regions with lists of their own: they are contests, and have a page each."""
        sections = (section for section, _contests in self.cached.lists.sections)
        return [section for section in sections if isinstance(section, Contest)]

    @cached_property
    def groups(self) -> list[Group]:
        return self.cached.lists.groups

    @cached_property
    def declared(self) -> list[CachedContest]:
        """Every contest with a result, in order of declaration."""
        declared = (cached for cached in self.cached_contests if cached.has_result)
        return sorted(declared, key=attrgetter("first_sequence"))

    @cached_property
    def seats_to_come(self) -> SeatsToCome:
        memo = self.cached.lists.memo
        if "last time" not in memo:
            memo["last time"] = NeededSwings.read(self.contests)
        keys = frozenset(cached.contest.pk for cached in self.waiting(self.cached_contests))
        return SeatsToCome(cast(NeededSwings, memo["last time"]), keys)

    @cached_property
    def declared_seats(self) -> DeclaredSeats:
        return DeclaredSeats.of(
            {
                cached.contest.pk: cached.made("seats", partial(_seats_of, cached))
                for cached in self.declared
            }
        )

    @cached_property
    def announced(self) -> list[CachedContest]:
        """Every contest or counting area with a result or some totals, in that order."""
        contests = self.cached.contests.values()
        every = (each for each in contests if each.has_result or each.is_incomplete)
        return sorted(every, key=attrgetter("first_sequence"))

    @cached_property
    def postponed(self) -> list[tuple[int, int]]:
        """The postponing bulletin and the key of each contest with a postponed poll."""
        contests = self.cached.contests.values()
        return [(each.postponed_in, each.contest.pk) for each in contests if each.postponed_in]

    @property
    def rows_without_results(self) -> list[Row]:
        """The rows of every entry of the feed but results, newest first."""
        return self.cached.read_once("rows", lambda: rows_without_results(self.election))

    @cached_property
    def feed_rows(self) -> list[Row]:
        """The rows of every entry of the feed, newest first."""
        results: list[Row] = [
            (cached.first_sequence, "result", cached.contest.pk) for cached in self.announced
        ]
        postponed: list[Row] = [(number, "postponed", pk) for number, pk in self.postponed]
        return sorted([*results, *postponed, *self.rows_without_results], key=_newest_first)

    @cached_property
    def latest_result(self) -> str:
        latest = max(self.declared, key=_time_declared, default=None)
        if latest is None:
            return ""
        contest = latest.contest
        return result_sentence(contest.full_name, contest.standing.summary, self.party_names)

    @cached_property
    def first(self) -> FirstResult | None:
        unopposed = Standing.Status.UNOPPOSED
        contests = (cached.contest for cached in self.declared)
        polled = (each for each in contests if each.standing.status != unopposed)
        return next(map(FirstResult.of, polled), None)

    @cached_property
    def gained(self) -> list[int]:
        return [
            cached.contest.pk
            for cached in self.declared
            if cached.made("gain", partial(has_gain, cached.contest.standing.summary))
        ]

    @cached_property
    def expected(self) -> list[Contest]:
        next_ones = nsmallest(EXPECTED, self.waiting(self.cached_contests), key=by_time_expected)
        return [cached.contest for cached in next_ones]

    def waiting(self, contests: Iterable[CachedContest]) -> Iterator[CachedContest]:
        """Yield those of the contests whose result is still to come."""
        return (
            cached for cached in contests if not cached.has_result and _is_awaited(cached.standing)
        )

    def awaited(self, contests: Iterable[CachedContest]) -> list[CachedContest]:
        """Return the contests whose result is still to come, soonest first."""
        return sorted(self.waiting(contests), key=by_time_expected)

    def expected_among(self, contests: Iterable[CachedContest], number: int) -> list[Contest]:
        """Return so many of them that have a time, soonest first; none of a closed night."""
        if self.election.final:
            return []
        waiting = (cached.contest for cached in self.awaited(contests))
        return [contest for contest in waiting if contest.expected_at][:number]

    def holders_of(self, contest: Contest) -> tuple[str, ...] | None:
        return self.cached.lists.holders.get(contest.pk)

    def row(self, cached: CachedContest) -> SafeString:
        """The contest's row in lists."""
        return self._row_and_hexagon(cached)[0]

    def hexagon(self, cached: CachedContest) -> SafeString:
        """The contest's hexagon on the map."""
        return self._row_and_hexagon(cached)[1]

    def shade(self, cached: CachedContest) -> SafeString:
        """The contest's hexagon in the map's modes but the first; empty for a ward."""

        def render() -> SafeString:
            return next(iter(render_shade(self, cached.contest).values()), SafeString(""))

        return cached.made("shade", render)

    def parties_of(self, cached: CachedContest) -> SeatParties:
        """The parties of a single-member seat for the map's key."""

        def read() -> SeatParties:
            return SeatMark(cached.standing, None, self.defender_of(cached.contest)).parties

        return cached.made("parties", read)

    def _row_and_hexagon(self, cached: CachedContest) -> tuple[SafeString, SafeString]:
        def render() -> tuple[SafeString, SafeString]:
            row, hexagon = render_row_and_hexagon(self, cached.contest).values()
            return row, hexagon

        return cached.made("row", render)


def covered_by(some: Collection[CachedContest]) -> dict[str, int]:
    """The number of the contests, of their seats, and of those that are no by-elections."""
    contests = [cached.contest for cached in some]
    return {
        "contests": len(contests),
        "seats": sum(contest.seats for contest in contests),
        "scheduled": sum(not contest.by_election for contest in contests),
    }


def _newest_first(row: Row) -> int:
    return -row[0]


def _time_declared(cached: CachedContest) -> tuple[float, int]:
    """Sort key of time of declaration, those without a time first, then of publication."""
    at = cached.declared_at
    return at.timestamp() if at else float("-inf"), cached.first_sequence


def _seats_of(cached: CachedContest) -> SeatsDeclared:
    standing = cached.contest.standing
    return seats_declared(standing.first_declared_at, standing.first_sequence, standing.summary)


def _is_awaited(standing: Standing | None) -> bool:
    """Whether a result is still to come."""
    return standing is None or standing.status not in NOT_AWAITED


def by_time_expected(cached: CachedContest) -> tuple[bool, float, int]:
    """Sort key that puts the soonest first and those without a time last."""
    at = cached.contest.expected_at
    return at is None, at.timestamp() if at else 0, cached.sort_order
