"""What a draft story is told from: one seat's figures and names, each a fact with its field."""

from django.utils.translation import gettext as _

from results.arithmetic import INDEPENDENT, SPEAKER
from results.live.election_snapshot import ElectionSnapshot
from results.live.seat import Row, Seat
from results.stories.sentences import Fact, Sentence, say, with_article
from results.words.number_format import grouped
from results.words.party_names import PartyName


class Facts:
    """One seat with a result, for whoever tells of it."""

    def __init__(self, snapshot: ElectionSnapshot, seat: Seat) -> None:
        self.snapshot, self.seat = snapshot, seat
        self.outcome = seat.outcome
        self.first = seat.winners[0]
        self.place = Fact(seat.contest.name, "contest.name")

    def votes(self, row: Row) -> Fact | None:
        if row.candidate_result.votes is None:
            return None
        return Fact(grouped(row.candidate_result.votes), f"votes of {row.candidate.name}")

    def name(self, row: Row) -> Fact:
        return Fact(row.candidate.name, "candidate.name")

    def party_name(self, party_name: PartyName) -> Sentence:
        return Sentence(with_article(party_name.collective))

    @property
    def last_time(self) -> str:
        """“2017”, or “last time” where the date is not known."""
        last = getattr(self.seat.contest, "last_result", None)
        return str(last.date.year) if last and last.date else ""

    def then(self) -> Sentence:
        year = self.last_time
        return (
            say(_("in %(year)s"), year=Fact(year, "last_result.date"))
            if year
            else Sentence(_("last time"))
        )

    def who(self, row: Row) -> Sentence:
        """“Nick Wakeling of the Liberal Democrats”, “Ann Hall, an independent”."""
        name = self.name(row)
        if row.party_name.label == INDEPENDENT:
            return say(_("%(name)s, an independent,"), name=name)
        if row.party_name.label == SPEAKER:
            return say(_("the Speaker, %(name)s,"), name=name)
        return say(_("%(name)s of %(party)s"), name=name, party=self.party_name(row.party_name))
