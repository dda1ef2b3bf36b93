"""All that the fragments of one night are drawn from, each part read at most once."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from django.db.models import F, Sum
from django.urls import reverse

from results.arithmetic import Line, Tally, house_majority, majority_line
from results.live.changes import Change, changes_in, revisions
from results.live.colours import current_stylesheet
from results.live.seat import Seat
from results.models import (
    WITH_RESULT,
    Contest,
    Declaration,
    Election,
    Headline,
    Kind,
    Night,
    Quote,
    Status,
)
from results.words.faces import Face, Faces, all_faces
from results.words.night_lines import NightLine, night_line, ranked_labels
from results.words.seat_lines import result_line

EXPECTED = 5
#: A party without a seat has a line of its own from one declared vote in so many.
OWN_LINE_FROM = 100
LINES = 12


@dataclass(frozen=True, slots=True)
class PartyLine:
    """One row of the scoreboard. Shares are worked out only for the rows that are shown."""

    face: Face
    line: Line
    tally: Tally

    @property
    def share(self) -> Fraction | None:
        return self.tally.share(self.face.label)

    @property
    def share_change(self) -> Fraction | None:
        return self.tally.share_change(self.face.label)

    @property
    def earns_its_own_line(self) -> bool:
        """A seat won or lost, or one in a hundred of the declared votes."""
        won_or_lost = bool(self.line.seats or self.line.losses)
        return won_or_lost or self.line.votes * OWN_LINE_FROM >= self.tally.valid > 0


@dataclass(frozen=True, slots=True)
class BarPart:
    """One party's stretch of the seats bar, in seats from the left."""

    face: Face
    start: int
    seats: int


class Scene:
    """One election at one moment, for whoever draws it."""

    def __init__(self, election: Election, night: Night | None = None) -> None:
        self.election = election
        self.night = night or Night.objects.get(election=election)

    @cached_property
    def faces(self) -> Faces:
        return all_faces()

    @cached_property
    def party_styles(self) -> str:
        """The address of the parties' colours as they are now."""
        _text, mark = current_stylesheet()
        return reverse("party_styles", args=[self.election.slug, mark])

    @cached_property
    def tally(self) -> Tally:
        return self.night.standing_tally

    @cached_property
    def covered(self) -> dict[str, int]:
        """How many contests and seats this desk covers."""
        contests = Contest.objects.filter(election=self.election)
        return {
            "contests": contests.count(),
            "seats": contests.aggregate(all=Sum("seats"))["all"] or 0,
        }

    @property
    def seats(self) -> int:
        return self.covered["seats"]

    @property
    def whole_house(self) -> bool:
        """Whether a majority can be read off these seats."""
        return self.election.house_seats in (None, self.seats) and self.covered["contests"] > 2

    @property
    def line(self) -> int:
        return majority_line(self.seats)

    @property
    def to_come(self) -> int:
        return max(self.seats - self.tally.seats, 0)

    @cached_property
    def leader(self) -> PartyLine | None:
        return self.lines[0] if self.lines and self.lines[0].line.seats else None

    @property
    def majority(self) -> int | None:
        """The leading party's majority over all others; None while nobody has one."""
        if not self.whole_house or self.leader is None or self.leader.line.seats < self.line:
            return None
        return house_majority(self.leader.line.seats, self.seats)

    @cached_property
    def lines(self) -> list[PartyLine]:
        """Every label with seats or votes, ranked."""
        tally = self.tally
        return [
            PartyLine(face=self.faces[label], line=tally.lines[label], tally=tally)
            for label in ranked_labels(tally)
        ]

    @cached_property
    def own_lines(self) -> list[PartyLine]:
        return [line for line in self.lines if line.earns_its_own_line][:LINES]

    @cached_property
    def others(self) -> Line | None:
        """All labels without a line of their own, together."""
        own = {line.face.label for line in self.own_lines}
        rest = [line.line for line in self.lines if line.face.label not in own]
        if not rest:
            return None
        return Line(
            seats=sum(line.seats for line in rest),
            gains=sum(line.gains for line in rest),
            losses=sum(line.losses for line in rest),
            votes=sum(line.votes for line in rest),
        )

    @property
    def others_share(self) -> Fraction | None:
        if self.others is None or not self.tally.valid:
            return None
        return Fraction(self.others.votes, self.tally.valid)

    @cached_property
    def bar(self) -> list[BarPart]:
        """The first party from the left, the others from the right: both grow to the middle."""
        parts: list[BarPart] = []
        right = self.seats
        for place, line in enumerate(line for line in self.lines if line.line.seats):
            seats = line.line.seats
            if place == 0:
                parts.append(BarPart(line.face, 0, seats))
            else:
                right -= seats
                parts.append(BarPart(line.face, right, seats))
        return parts

    @property
    def gap(self) -> tuple[int, int]:
        """Where the undeclared stretch of the bar starts, and its length."""
        first = self.bar[0].seats if self.bar else 0
        return first, self.to_come

    @cached_property
    def latest_line(self) -> str:
        """The last result in a line: by the time of declaration, then as published."""
        contest = (
            Contest.objects.filter(election=self.election, standing__status__in=WITH_RESULT)
            .select_related("standing")
            .order_by(
                F("standing__first_declared_at").desc(nulls_last=True),
                F("standing__first_sequence").desc(),
            )
            .first()
        )
        return result_line(contest.name, contest.standing.summary, self.faces) if contest else ""

    @cached_property
    def night_line(self) -> NightLine:
        return night_line(
            self.tally,
            self.seats,
            self.faces,
            latest=self.latest_line,
            whole_house=self.whole_house,
        )

    @cached_property
    def editors_headline(self) -> Headline | None:
        """The editor's headline that stands; None where the last one was ended."""
        newest = Headline.objects.filter(election=self.election).order_by("-pk").first()
        return newest if newest and newest.text else None

    @property
    def headline(self) -> str:
        """The page's headline as it stands: an editor's, or the one written by rule."""
        return self.editors_headline.text if self.editors_headline else self.night_line.headline

    def voices_from(self, contest: Contest) -> list[Quote]:
        quotes = Quote.objects.current().filter(contest=contest)
        return list(quotes.select_related("contest", "candidate__party"))

    @cached_property
    def expected(self) -> list[Contest]:
        """The next counts, soonest first; those without a time come last."""
        waiting = Contest.objects.filter(election=self.election).exclude(
            standing__status__in=[*WITH_RESULT, Status.POSTPONED]
        )
        ordered = waiting.order_by(F("expected_at").asc(nulls_last=True), "name")
        return list(ordered.select_related("standing")[:EXPECTED])

    @cached_property
    def corrections(self) -> list[Change]:
        """Every correction and withdrawal of the night, newest first."""
        changed = Declaration.objects.filter(
            contest__election=self.election, kind__in=[Kind.CORRECTION, Kind.WITHDRAWAL]
        )
        contests = Contest.objects.filter(pk__in=changed.values("contest"))
        found = [
            change
            for change in changes_in(revisions(contests))
            if change.is_correction or change.is_withdrawal
        ]
        return sorted(found, key=lambda change: -change.declaration.sequence)

    def history(self, contest: Contest) -> list[Change]:
        """What has been changed in one seat since its first declaration, newest first."""
        mine: list[Declaration] = list(revisions(Contest.objects.filter(pk=contest.pk)))
        return list(changes_in(mine))[::-1]

    def seat(self, contest: Contest) -> Seat:
        # The election is this one: without this every seat would hold its own copy.
        contest.election = self.election
        return Seat(contest, self.faces)
