"""Generate a draft story of a council: control, seats before and after, gains and losses.

As with drafts of single seats, it is never published by itself, every number is a fact with the
field it comes from, and unknown facts are left out.
"""

from collections.abc import Iterator
from functools import cached_property

from django.utils.translation import gettext as _, ngettext

from results.arithmetic import NO_OVERALL_CONTROL
from results.live.bodies import BodyRow, BodySnapshot
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import election_locale
from results.live.ward import Ward
from results.models import Contest, Election
from results.stories.council_wards import WardSentences
from results.stories.sentences import (
    Fact,
    Paragraph,
    Sentence,
    capitalized,
    fill,
    join,
    with_article,
)
from results.stories.story import Story
from results.words.control_sentences import control_sentence
from results.words.kinds import words_of
from results.words.night_sentences import not_held

#: The most parties whose seats a story gives one by one.
PARTIES = 8


class CouncilWriter:
    """Writer of the story of a council that has begun to declare, with its wards by name."""

    def __init__(self, body: BodySnapshot, wards: list[Ward]) -> None:
        self.body, self.seats = body, body.seats
        self.name = Fact(body.name, "body.name")
        self.wards = WardSentences(wards, words_of(body.body), body.party_names)

    @cached_property
    def leaders(self) -> list[BodyRow]:
        """The parties with seats now, the most first."""
        return [row for row in self.body.seated if row.now]

    @cached_property
    def is_final(self) -> bool:
        return self.seats.finished

    def party(self, row: BodyRow) -> Sentence:
        return Sentence(with_article(row.party_name.collective))

    def headline(self) -> Sentence:
        control = self.body.control
        sentence = control_sentence(self.body.name, control, self.body.party_names)
        if control.decided:
            return Sentence(sentence, (self.name,))
        if not self.leaders:
            return fill(_("%(body)s declares"), body=self.name)
        first, *others = [row for row in self.leaders if row.now == self.leaders[0].now]
        parties: dict[str, Fact | Sentence | str] = {
            "party": Sentence(first.party_name.collective),
            "body": self.name,
        }
        if not others:
            return fill(_("%(party)s ahead in %(body)s, control undecided"), **parties)
        level = join([Sentence(row.party_name.collective) for row in (first, *others)])
        template = _("%(parties)s level in %(body)s, control undecided")
        return fill(template, parties=level, body=self.name)

    def standfirst(self) -> Sentence:
        """Return a sentence on the largest party's seats, and those needed for control."""
        if not self.leaders or self.seats.seats is None:
            tally = self.body.tally
            declared = Fact(str(tally.declared), "tally.declared")
            up = Fact(str(self.body.facts.up), "contest.seats")
            template = _("%(declared)s of the %(up)s seats that were up have declared.")
            return fill(template, declared=declared, up=up)
        first = self.leaders[0]
        template = _(
            "%(party)s have %(now)s of the %(seats)s seats; %(threshold)s are needed for control."
        )
        sentence = fill(
            template,
            party=self.party(first),
            now=Fact(str(first.now), f"seats of {first.party_name.name} now"),
            seats=Fact(str(self.seats.seats), "body.seats"),
            threshold=Fact(str(self.seats.majority_threshold), "more than half of body.seats"),
        )
        return capitalized([sentence])[0]

    # --- Paragraphs ---------------------------------------------------------------------------

    def control(self) -> Iterator[Sentence | None]:
        """Yield sentences on who controlled the council before, and on seats still to come."""
        before = self.body.control.before
        if before == NO_OVERALL_CONTROL:
            yield Sentence(_("No party had overall control before the election."))
        elif before:
            name = with_article(self.body.party_names[before].collective)
            template = _("%(party)s controlled the council before the election.")
            yield fill(template, party=Sentence(name))
        if to_come := self.seats.to_come:
            template = ngettext(
                "%(n)s seat is still to be declared.",
                "%(n)s seats are still to be declared.",
                to_come,
            )
            yield fill(template, n=Fact(str(to_come), "seats to come"))
        if sentence := not_held(self.body.tally):
            tally = self.body.tally
            numbers = (tally.unopposed, tally.vacant, tally.postponed)
            yield Sentence(sentence, tuple(Fact(str(n), "tally") for n in numbers if n))

    def parties(self) -> Iterator[Sentence | None]:
        """Yield the seats of each party, before and now, and how many of them were not up."""
        known = self.is_final and bool(self.seats.before)
        shown = [row for row in self.body.seated if row.now or (known and row.before)]
        if known:
            yield from map(self._before_and_now, shown[:PARTIES])
        elif shown:
            yield self._so_far(shown[:PARTIES])
        if others := shown[PARTIES:]:
            rest = Fact(str(sum(row.now for row in others)), "seats of all others now")
            yield fill(_("All others have %(rest)s."), rest=rest)
        not_up = sum((self.seats.not_up or {}).values())
        if not_up:
            seats = Fact(str(not_up), "body.not_up")
            yield fill(
                ngettext(
                    "That includes %(seats)s seat that was not up for election.",
                    "That includes %(seats)s seats that were not up for election.",
                    not_up,
                ),
                seats=seats,
            )

    def now(self, row: BodyRow) -> Fact:
        field = f"seats of {row.party_name.name} now"
        return Fact(str(row.now) if row.now else _("none"), field)

    def _so_far(self, rows: list[BodyRow]) -> Sentence:
        """Return “The Greens have 12 seats so far, Labour 9 and the Conservatives 3.”"""
        first, *others = rows
        template = ngettext(
            "%(party)s have %(now)s seat so far", "%(party)s have %(now)s seats so far", first.now
        )
        parts = [fill(template, party=self.party(first), now=self.now(first))]
        parts += [
            fill("%(party)s %(now)s", party=self.party(row), now=self.now(row)) for row in others
        ]
        return fill("%(parts)s.", parts=join(parts))

    def _before_and_now(self, row: BodyRow) -> Sentence:
        name = row.party_name.name
        values: dict[str, Fact | Sentence | str] = {
            "party": self.party(row),
            "now": self.now(row),
            "before": Fact(str(row.before) if row.before else _("none"), f"seats of {name} before"),
        }
        change = row.now - row.before
        if not change:
            return fill(_("%(party)s have %(now)s, as before."), **values)
        values["change"] = Fact(str(abs(change)), f"net change of {name}")
        if change > 0:
            return fill(_("%(party)s have %(now)s, up %(change)s from %(before)s."), **values)
        return fill(_("%(party)s have %(now)s, down %(change)s from %(before)s."), **values)

    def net(self) -> Iterator[Sentence | None]:
        """Yield sentences on net gains and losses, on the seats with a result."""
        moved = [row for row in self.body.seated if row.net]
        gained = sorted((row for row in moved if (row.net or 0) > 0), key=_by_net)
        lost = sorted((row for row in moved if (row.net or 0) < 0), key=_by_net)
        if gained:
            yield fill(_("%(gains)s."), gains=join([self._gain(row) for row in gained]))
        if lost:
            yield fill(_("%(losses)s."), losses=join([self._loss(row) for row in lost]))
        yield self.wards.changed()

    def _gain(self, row: BodyRow) -> Sentence:
        net = Fact(str(row.net), f"net of {row.party_name.name}")
        return fill(_("%(party)s gained %(net)s overall"), party=self.party(row), net=net)

    def _loss(self, row: BodyRow) -> Sentence:
        net = Fact(str(-(row.net or 0)), f"net of {row.party_name.name}")
        return fill(_("%(party)s lost %(net)s overall"), party=self.party(row), net=net)


def _by_net(row: BodyRow) -> tuple[int, str]:
    return -abs(row.net or 0), row.party_name.label


def council_story_of(snapshot: ElectionSnapshot, body: BodySnapshot) -> Story | None:
    """The draft for a council; None before its first result."""
    if not body.begun:
        return None
    contests = Contest.objects.filter(body=body.body, part_of=None).select_related("standing")
    related = ("last_result__votes__party__tallied_with", "sitting_members__party__tallied_with")
    ordered = contests.prefetch_related(*related).order_by("sort_key", "pk")
    wards = [snapshot.ward(_within(contest, snapshot.election)) for contest in ordered]
    writer = CouncilWriter(body, wards)
    paragraphs = (
        Paragraph(_("Control"), capitalized(writer.control())),
        Paragraph(_("Seats"), capitalized(writer.parties())),
        Paragraph(_("Gains and losses"), capitalized(writer.net())),
        Paragraph(writer.wards.title, capitalized(writer.wards.notable())),
        Paragraph(_("Turnout"), capitalized(writer.wards.turnout())),
    )
    nonempty = tuple(paragraph for paragraph in paragraphs if paragraph.sentences)
    return Story(writer.headline(), writer.standfirst(), nonempty)


def _within(contest: Contest, election: Election) -> Contest:
    # Set to avoid a query of the election for each ward.
    contest.election = election
    return contest


def council_stories_of(election: Election) -> Iterator[tuple[str, Story]]:
    """Yield the slug and the draft of every council with a result, in order of name."""
    snapshot = ElectionSnapshot(election)
    for body in snapshot.shown_councils:
        with election_locale(election):
            story = council_story_of(snapshot, body)
        if story is not None:
            yield body.slug, story
