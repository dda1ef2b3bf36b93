"""Write the draft story of a contest whose winners are declared, as by transferable vote.

Nobody is elected by first preferences only: they are given as such, and who took each seat at which
stage. While seats are open the story gives the number filled.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from results.live.seat_row import SeatRow
from results.stories.headline import HeadlineWriter
from results.stories.paragraphs import ParagraphWriter
from results.stories.sentences import Fact, Sentence, fill, join
from results.words.number_format import grouped


class TransferHeadlineWriter(HeadlineWriter):
    def standfirst(self) -> Sentence:
        alone = self.seat.contest.seats == 1 and len(self.seat.winners) == 1
        unopposed = self.outcome is not None and self.outcome.unopposed
        if not alone or unopposed:
            return super().standfirst()
        values = {"name": self.name(self.first), "seat": self.seat_name}
        return fill(_("%(name)s has won %(seat)s."), **values)


class TransferParagraphWriter(ParagraphWriter):
    def result(self) -> Iterator[Sentence | None]:
        yield self._declared()
        for row in self.seat.winners:
            yield self._elected_at(row)
            yield self._how_often(row)
        if self.outcome and self.outcome.quota is not None:
            quota = Fact(grouped(self.outcome.quota), "quota")
            yield fill(_("The quota was %(quota)s."), quota=quota)
        yield self._defeated()

    def _elected_at(self, row: SeatRow) -> Sentence:
        """Return “Ann Ash of Labour was elected on stage 1.”"""
        who, again = self.name_and_party(row), bool(row.candidate.sitting_member)
        stage = row.candidate_result.stage
        if stage is None:
            return fill(self._without_votes(reelected=again), who=who)
        template = (
            _("%(who)s was re-elected on stage %(stage)s.")
            if again
            else _("%(who)s was elected on stage %(stage)s.")
        )
        field = f"stage of {row.candidate.name}"
        return fill(template, who=who, stage=Fact(str(stage), field))

    def field_title(self) -> str:
        return _("First preferences")

    def field(self) -> Iterator[Sentence | None]:
        """Yield the candidates' first preferences, the most first, once they are known."""
        if self.outcome is None or self.outcome.valid is None:
            return
        parts: list[Sentence] = []
        for row in sorted(self.seat.rows, key=lambda row: -(row.candidate_result.votes or 0)):
            votes = row.candidate_result.votes or 0
            first = Fact(grouped(votes), f"first preferences of {row.candidate.name}")
            template = _("%(who)s %(votes)s") if parts else _("%(who)s had %(votes)s")
            parts.append(fill(template, who=self.name_and_party(row), votes=first))
        yield fill(_("Of the first preferences, %(list)s."), list=join(parts))

    def change(self) -> Iterator[Sentence | None]:
        """Yield nothing: first preferences compare with no party's votes last time."""
        yield from ()
