"""Facts of one seat for a draft story, each with the field it comes from."""

from django.utils.translation import gettext as _

from results.arithmetic import INDEPENDENT, SPEAKER
from results.live.candidate_names import told_apart
from results.live.election_snapshot import ElectionSnapshot
from results.live.seat import Seat
from results.live.seat_row import SeatRow
from results.stories.sentences import Fact, Sentence, counted_votes, fill, join, with_article
from results.words.number_format import grouped
from results.words.party_names import PartyName


class SeatFacts:
    """A seat that has a result, and the facts that several sentences need."""

    def __init__(self, snapshot: ElectionSnapshot, seat: Seat) -> None:
        self.snapshot, self.seat = snapshot, seat
        self.outcome = seat.outcome
        self.first = seat.winners[0]
        self.seat_name = Fact(seat.contest.full_name, "contest.name")

    def votes(self, row: SeatRow) -> Fact | None:
        """Return the votes that elected or defeated a candidate; None if unknown or none did.

        First preferences elect nobody by themselves, and a list's votes are its party's.
        """
        of_list = self.seat.has_lists and row.candidate.list_position is not None
        if row.candidate_result.votes is None or self.seat.as_declared or of_list:
            return None
        return Fact(grouped(row.candidate_result.votes), f"votes of {row.candidate.name}")

    def counted_votes(self, row: SeatRow) -> Sentence | None:
        """Return “1,234 votes” as `votes` does, with the noun."""
        votes = self.votes(row)
        return None if votes is None else counted_votes(votes, row.candidate_result.votes or 0)

    def name(self, row: SeatRow) -> Fact:
        return Fact(row.candidate.name, "candidate.name")

    def names(self, rows: list[SeatRow]) -> Sentence:
        """Return “Ann Hall, Bob Rice and Cat Moss”, with the party where names are equal."""
        names = told_apart(self.seat.candidates)
        facts = [Fact(names[row.candidate.pk], "candidate.name") for row in rows]
        return join([fill("%(name)s", name=fact) for fact in facts])

    def party_name(self, party_name: PartyName) -> Sentence:
        """Return “the Conservatives”."""
        return Sentence(with_article(party_name.collective))

    def when_last(self) -> Sentence:
        """Return “in 2017”, or “last time” if the date is not known."""
        last = getattr(self.seat.contest, "last_result", None)
        if last is None or last.date is None:
            return Sentence(_("last time"))
        return fill(_("in %(year)s"), year=Fact(str(last.date.year), "last_result.date"))

    def name_and_party(self, row: SeatRow) -> Sentence:
        """Return “Nick Wakeling of the Liberal Democrats”, “Ann Hall, an independent,”."""
        name = self.name(row)
        if row.party_name.label == INDEPENDENT:
            return fill(_("%(name)s, an independent,"), name=name)
        if row.party_name.is_answer:
            return fill("%(name)s", name=name)
        if row.party_name.label == SPEAKER:
            return fill(_("the Speaker, %(name)s,"), name=name)
        return fill(_("%(name)s of %(party)s"), name=name, party=self.party_name(row.party_name))
