"""The headline and the standfirst of a draft story: who has won, from whom, by how much."""

from django.utils.translation import gettext as _

from results.arithmetic import INDEPENDENT, SPEAKER
from results.live.seat import Row
from results.stories.facts import Facts
from results.stories.sentences import Fact, Sentence, listed, say
from results.words.number_format import grouped, percent


class Head(Facts):
    """Both, for every way in which a seat can be won."""

    def headline(self) -> Sentence:
        if len(self.seat.winners) > 1:
            return self._headline_of_several()
        line = self._won(self.first)
        if self.outcome and self.outcome.winner_only:
            return say(_("%(line)s; full figures to follow"), line=line)
        if self.outcome and self.outcome.by_lot:
            return say(_("%(line)s by lot after a tie"), line=line)
        if self.outcome and self.outcome.majority is not None:
            majority = Fact(grouped(self.outcome.majority), "majority")
            return say(_("%(line)s with a majority of %(majority)s"), line=line, majority=majority)
        return line

    def _won(self, row: Row) -> Sentence:
        """Who has won it, and from whom: “Jeremy Corbyn holds Islington North for Labour”."""
        names = {"name": self.name(row), "seat": self.place}
        result, label = row.result, row.party_name.label
        if label == SPEAKER:
            return say(_("The Speaker, %(name)s, is returned in %(seat)s"), **names)
        loser = result.gained_from if result else None
        if label == INDEPENDENT:
            return self._independent(row, names, loser)
        party = self.party_name(row.party_name)
        if result and result.hold:
            return say(_("%(name)s holds %(seat)s for %(party)s"), party=party, **names)
        if loser:
            lost = self._loser(loser)
            line = _("%(name)s gains %(seat)s for %(party)s from %(loser)s")
            return say(line, party=party, loser=lost, **names)
        return say(_("%(name)s wins %(seat)s for %(party)s"), party=party, **names)

    def _independent(self, row: Row, names: dict[str, Fact], loser: str | None) -> Sentence:
        result = row.result
        if result and result.hold:
            return say(_("%(name)s, an independent, holds %(seat)s"), **names)
        if loser and result and result.same_person:
            line = _("%(name)s keeps %(seat)s as an independent, a gain from %(loser)s")
            return say(line, loser=self._loser(loser), **names)
        if loser:
            line = _("%(name)s, an independent, gains %(seat)s from %(loser)s")
            return say(line, loser=self._loser(loser), **names)
        return say(_("%(name)s, an independent, wins %(seat)s"), **names)

    def _loser(self, label: str) -> Sentence:
        if label == SPEAKER:
            return Sentence(_("the Speaker"))
        if label == INDEPENDENT:
            return Sentence(_("an independent"))
        return self.party_name(self.snapshot.party_names[label])

    def _headline_of_several(self) -> Sentence:
        names = listed([say("%(name)s", name=self.name(row)) for row in self.seat.winners])
        return say(_("%(names)s are elected in %(seat)s"), names=names, seat=self.place)

    def standfirst(self) -> Sentence:
        row, votes = self.first, self.votes(self.first)
        if len(self.seat.winners) > 1:
            seats = Fact(str(len(self.seat.winners)), "contest.seats")
            return say(_("All %(seats)s seats are filled."), seats=seats)
        if votes is None:
            return say(
                _("%(name)s has won %(seat)s. The votes are not known yet."),
                name=self.name(row),
                seat=self.place,
            )
        if row.candidate_result.share is None:
            line = _("%(name)s took %(votes)s votes.")
            return say(line, name=self.name(row), votes=votes)
        share = Fact(percent(row.candidate_result.share), f"share of {row.candidate.name}")
        line = _("%(name)s took %(votes)s votes, %(share)s%% of those that were valid.")
        return say(line, name=self.name(row), votes=votes, share=share)
