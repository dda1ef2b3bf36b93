"""Write a council's draft story about its wards: gains, ties, close results, turnout."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from django.utils.text import capfirst
from django.utils.translation import gettext as _, ngettext

from results.live.ward import Ward
from results.stories.sentences import Fact, Sentence, fill, join, with_article
from results.words.kinds import Words
from results.words.number_format import grouped, percent
from results.words.party_names import PartyNames

#: The most wards that are named one by one.
NAMED = 6


class WardSentences:
    """Writer of sentences on a council's wards with a result; `words` has the noun for them."""

    def __init__(self, wards: Sequence[Ward], words: Words, party_names: PartyNames) -> None:
        self.wards = [ward for ward in wards if ward.has_result]
        self.words, self.party_names = words, party_names

    @property
    def title(self) -> str:
        return capfirst(str(self.words.listed.many))

    def name(self, ward: Ward) -> Fact:
        return Fact(ward.name, "contest.name")

    def changed(self) -> Sentence | None:
        """In how many wards seats changed hands; None where no ward's holders are known."""
        compared = [ward for ward in self.wards if ward.changes is not None]
        if not compared:
            return None
        changed = sum(bool(ward.change) for ward in compared)
        number = self.words.listed.number(len(compared))
        wards = Fact(number, "contests with a result and known holders")
        if not changed:
            template = _("No seat changed hands in the %(wards)s that can be compared.")
            return fill(template, wards=wards)
        template = ngettext(
            "Seats changed hands in %(n)s of %(wards)s.",
            "Seats changed hands in %(n)s of %(wards)s.",
            changed,
        )
        return fill(template, n=Fact(str(changed), "contests with changes"), wards=wards)

    def notable(self) -> Iterator[Sentence | None]:
        """Yield sentences on wards that one party swept, the closest, and those decided by lot."""
        yield from self._swept()
        yield self._closest()
        lots = [fill("%(name)s", name=self.name(ward)) for ward in self._by_lot()]
        if lots:
            yield fill(_("The last seat was drawn by lot in %(names)s."), names=join(lots))

    def _swept(self) -> Iterator[Sentence]:
        """Yield by party the wards of several seats that it took entirely from others."""
        swept: dict[str, list[Ward]] = {}
        for ward in self.wards:
            labels = {*ward.elected}
            if ward.contest.seats < 2 or len(labels) != 1 or ward.changes is None:
                continue
            label = labels.pop()
            if label not in (ward.holders or ()) and len(ward.elected) == ward.contest.seats:
                swept.setdefault(label, []).append(ward)
        for label, wards in sorted(swept.items(), key=lambda item: (-len(item[1]), item[0])):
            names = [fill("%(name)s", name=self.name(ward)) for ward in wards[:NAMED]]
            if more := len(wards) - NAMED:
                names += [fill(_("%(n)s more"), n=Fact(str(more), "contests"))] if more > 0 else []
            party = Sentence(with_article(self.party_names[label].collective))
            yield fill(
                _("%(party)s took every seat from others in %(names)s."),
                party=party,
                names=join(names),
            )

    def _closest(self) -> Sentence | None:
        known = [(ward.majority, ward) for ward in self.wards if ward.majority is not None]
        if len(known) < 2:
            return None
        votes, ward = min(known, key=lambda pair: (pair[0] or 0, pair[1].name))
        values = {"name": self.name(ward), "votes": Fact(grouped(votes or 0), "majority")}
        if not votes:
            return None  # drawn by lot, which is said
        return fill(
            ngettext(
                "The closest result was in %(name)s, where %(votes)s vote decided the last seat.",
                "The closest result was in %(name)s, where %(votes)s votes decided the last seat.",
                votes,
            ),
            **values,
        )

    def _by_lot(self) -> list[Ward]:
        return [ward for ward in self.wards if ward.by_lot]

    def turnout(self) -> Iterator[Sentence | None]:
        """Yield a sentence on the highest and the lowest turnout.

        The turnout of all wards is not known, because electors may have several votes.
        """
        known = [(ward.turnout, ward) for ward in self.wards if ward.turnout is not None]
        if len(known) < 2:
            return
        by_turnout = sorted(known, key=lambda pair: (pair[0] or Fraction(), pair[1].name))
        (low, lowest), (high, highest) = by_turnout[0], by_turnout[-1]
        if low == high:
            return
        yield fill(
            _("Turnout was highest in %(first)s, %(high)s%%, and lowest in %(last)s, %(low)s%%."),
            first=self.name(highest),
            high=Fact(percent(high or Fraction()), "turnout"),
            last=self.name(lowest),
            low=Fact(percent(low or Fraction()), "turnout"),
        )
