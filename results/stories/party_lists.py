"""Write the draft story of a contest of party lists, whose votes are not candidates' own."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from results.live.lists import ListRow
from results.stories.facts import SeatFacts
from results.stories.headline import HeadlineWriter
from results.stories.paragraphs import ParagraphWriter
from results.stories.sentences import Fact, Sentence, counted_votes, fill, join
from results.words import nouns
from results.words.number_format import grouped, percent


class ListFacts(SeatFacts):
    def list_name(self, row: ListRow) -> Sentence:
        """Return “the Conservatives” for a list, “Hal Hazel, an independent,” for a person."""
        if is_independent(row):
            return self.name_and_party(row.row)
        return self.party_name(row.party_name)

    def list_votes(self, row: ListRow) -> Fact | None:
        votes = row.candidate_result.votes
        return None if votes is None else Fact(grouped(votes), f"votes of list {row.name}")

    def counted_list_votes(self, row: ListRow) -> Sentence | None:
        """Return “1,234 votes”; None where they are not known."""
        votes = self.list_votes(row)
        return None if votes is None else counted_votes(votes, row.candidate_result.votes or 0)


def is_independent(row: ListRow) -> bool:
    """Whether a list is one independent candidate."""
    return row.row.candidate.list_position is None


class ListHeadlineWriter(ListFacts, HeadlineWriter):
    def headline(self) -> Sentence:
        """Return “Bangor: Labour 3, the Conservatives 2 and Hal Hazel 1”."""
        won = [row for row in self.seat.lists.rows if row.seats]
        if (self.outcome and self.outcome.unopposed) or not won:
            return super().headline()
        won.sort(key=lambda row: -row.seats)
        parts = [self._list_and_seats(row) for row in won]
        return fill(_("%(seat)s: %(parts)s"), seat=self.seat_name, parts=join(parts))

    def _list_and_seats(self, row: ListRow) -> Sentence:
        name = self.name(row.row) if is_independent(row) else self.party_name(row.party_name)
        seats = Fact(str(row.seats), f"seats of list {row.name}")
        return fill("%(name)s %(seats)s", name=name, seats=seats)


class ListParagraphWriter(ListFacts, ParagraphWriter):
    def result(self) -> Iterator[Sentence | None]:
        yield self._declared()
        for row in self.seat.lists.rows:
            if row.seats:
                yield self._won(row)
                yield from (self._how_often(each) for each in row.rows)
        yield self._last_seat()
        yield self._defeated()
        if self.outcome and self.outcome.winner_only and not self.outcome.unopposed:
            yield Sentence(_("The full figures are still to follow."))

    def _won(self, row: ListRow) -> Sentence:
        """Return “Labour had 900 votes, 60.8% of those that were valid, and won 1 seat: …”"""
        if is_independent(row):
            return self._independent_won(row)
        votes, share = self.counted_list_votes(row), row.candidate_result.share
        values: dict[str, Fact | Sentence | str] = {
            "list": self.list_name(row),
            "seats": Fact(nouns.SEAT.number(row.seats), f"seats of list {row.name}"),
            "names": self.names([each for each in row.rows if each.candidate_result.elected]),
        }
        if votes is None:
            return fill(_("%(list)s won %(seats)s: %(names)s."), **values)
        if share is None:
            template = _("%(list)s had %(votes)s and won %(seats)s: %(names)s.")
            return fill(template, votes=votes, **values)
        template = _(
            "%(list)s had %(votes)s, %(share)s%% of those that were valid, and won "
            "%(seats)s: %(names)s."
        )
        of_valid = Fact(percent(share), f"share of list {row.name}")
        return fill(template, votes=votes, share=of_valid, **values)

    def _independent_won(self, row: ListRow) -> Sentence:
        who, votes = self.list_name(row), self.counted_list_votes(row)
        if votes is None:
            again = bool(row.row.candidate.sitting_member)
            return fill(self._without_votes(reelected=again), who=who)
        return fill(_("%(who)s had %(votes)s and is elected."), who=who, votes=votes)

    def _last_seat(self) -> Sentence | None:
        """Return the sentence on the lists between which the last seat was decided by lot."""
        if self.outcome is None or not self.outcome.by_lot or not self.seat.lists.tied:
            return None
        names = [fill("%(name)s", name=Fact(name, "list")) for name in self.seat.lists.tied]
        template = _("The figures of %(names)s for the last seat were equal: it was drawn by lot.")
        return fill(template, names=join(names))

    def field(self) -> Iterator[Sentence | None]:
        """Yield sentences on lists without a seat, and on those that lost their deposit."""
        rest = [row for row in self.seat.lists.rows if not row.seats]
        known = [(row, votes) for row in rest if (votes := self.list_votes(row))]
        if known:
            yield fill("%(list)s.", list=join([self._had(*each) for each in known]))
        lost = [row for row in self.seat.lists.rows if row.candidate_result.lost_deposit]
        if lost:
            yield self.lost_deposits([self.list_name(row) for row in lost])

    def _had(self, row: ListRow, votes: Fact) -> Sentence:
        return fill(_("%(who)s had %(votes)s"), who=self.list_name(row), votes=votes)

    def change(self) -> Iterator[Sentence | None]:
        """Yield a sentence on the change of the first list's share."""
        yield from (self._share_change(row.row) for row in self.seat.lists.rows[:1])
        yield self._notional()
