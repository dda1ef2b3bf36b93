"""Write the headline and the standfirst of a draft story, for every way of winning a seat."""

from django.utils.translation import gettext as _, ngettext

from results.arithmetic import ANSWER, INDEPENDENT, SPEAKER
from results.live.seat_row import SeatRow
from results.stories.facts import SeatFacts
from results.stories.sentences import Fact, Sentence, fill
from results.words.number_format import grouped, percent


class HeadlineWriter(SeatFacts):
    def headline(self) -> Sentence:
        if self.seat.contest.seats > 1:
            return self._several()
        result = self._result(self.first)
        if self.outcome and self.outcome.unopposed:
            return fill(_("%(result)s unopposed"), result=result)
        if self.outcome and self.outcome.winner_only and not self.seat.as_declared:
            return fill(_("%(result)s; full figures to follow"), result=result)
        if self.outcome and self.outcome.by_lot:
            return fill(_("%(result)s by lot after a tie"), result=result)
        if self.outcome and self.outcome.majority is not None:
            majority = Fact(grouped(self.outcome.majority), "majority")
            template = _("%(result)s with a majority of %(majority)s")
            return fill(template, result=result, majority=majority)
        return result

    def _several(self) -> Sentence:
        """Return who is elected to several seats: “Ann Hall and Bob Rice are elected in Abbey”."""
        winners = self.seat.winners
        if self.outcome and self.outcome.unopposed:
            template = ngettext(
                "%(names)s is elected unopposed in %(seat)s",
                "%(names)s are elected unopposed in %(seat)s",
                len(winners),
            )
        else:
            template = ngettext(
                "%(names)s is elected in %(seat)s",
                "%(names)s are elected in %(seat)s",
                len(winners),
            )
        return fill(template, names=self.names(winners), seat=self.seat_name)

    def _result(self, row: SeatRow) -> Sentence:
        """Return who has won, and from whom: “Jeremy Corbyn holds Islington North for Labour”."""
        names = {"name": self.name(row), "seat": self.seat_name}
        result, label = row.result, row.party_name.label
        if label == ANSWER:
            return fill(_("%(name)s has the most votes on %(seat)s"), **names)
        if label == SPEAKER:
            return fill(_("The Speaker, %(name)s, is returned in %(seat)s"), **names)
        loser = result.gained_from if result else None
        if label == INDEPENDENT:
            return self._independent(row, names, loser)
        party = self.party_name(row.party_name)
        if result and result.hold:
            return fill(_("%(name)s holds %(seat)s for %(party)s"), party=party, **names)
        if loser:
            template = _("%(name)s gains %(seat)s for %(party)s from %(loser)s")
            return fill(template, party=party, loser=self._loser(loser), **names)
        return fill(_("%(name)s wins %(seat)s for %(party)s"), party=party, **names)

    def without_poll(self, vacancies: int) -> Sentence:
        """Return a sentence that no poll was held, with the number of vacant seats."""
        if not vacancies:
            return Sentence(_("No more stood than there are seats, so that no poll was held."))
        template = ngettext(
            "Fewer stood than there are seats: no poll was held, and %(seats)s seat is vacant.",
            "Fewer stood than there are seats: no poll was held, and %(seats)s seats are vacant.",
            vacancies,
        )
        return fill(template, seats=Fact(str(vacancies), "contest.seats − candidates"))

    def _independent(self, row: SeatRow, names: dict[str, Fact], loser: str | None) -> Sentence:
        result = row.result
        if result and result.hold:
            return fill(_("%(name)s, an independent, holds %(seat)s"), **names)
        if loser and result and result.same_person:
            template = _("%(name)s keeps %(seat)s as an independent, a gain from %(loser)s")
            return fill(template, loser=self._loser(loser), **names)
        if loser:
            template = _("%(name)s, an independent, gains %(seat)s from %(loser)s")
            return fill(template, loser=self._loser(loser), **names)
        return fill(_("%(name)s, an independent, wins %(seat)s"), **names)

    def _loser(self, label: str) -> Sentence:
        if label == SPEAKER:
            return Sentence(_("the Speaker"))
        if label == INDEPENDENT:
            return Sentence(_("an independent"))
        return self.party_name(self.snapshot.party_names[label])

    def _filled(self, filled: int) -> Sentence:
        """Return how many of several seats are filled; more may be declared at a later stage."""
        seats = Fact(str(self.seat.contest.seats), "contest.seats")
        if filled < self.seat.contest.seats:
            template = ngettext(
                "%(some)s of %(seats)s seats is filled.",
                "%(some)s of %(seats)s seats are filled.",
                filled,
            )
            return fill(template, some=Fact(str(filled), "elected"), seats=seats)
        if filled == 2:
            return Sentence(_("Both seats are filled."))
        return fill(_("All %(seats)s seats are filled."), seats=Fact(str(filled), "elected"))

    def standfirst(self) -> Sentence:
        if self.outcome and self.outcome.unopposed:
            return self.without_poll(self.outcome.vacancies)
        row, votes = self.first, self.counted_votes(self.first)
        if self.seat.contest.seats > 1:
            return self._filled(len(self.seat.winners))
        if votes is None:
            return fill(
                _("%(name)s has won %(seat)s. The votes are not known yet."),
                name=self.name(row),
                seat=self.seat_name,
            )
        if row.candidate_result.share is None:
            return fill(_("%(name)s took %(votes)s."), name=self.name(row), votes=votes)
        share = Fact(percent(row.candidate_result.share), f"share of {row.candidate.name}")
        template = _("%(name)s took %(votes)s, %(share)s%% of those that were valid.")
        return fill(template, name=self.name(row), votes=votes, share=share)
