"""The stored data of one contest, before the arithmetic: its standing and its ballot paper."""

from functools import cached_property

from results.arithmetic import Candidacy, ElectoralSystem, LastTime, Method
from results.models import Candidate, Contest, Declaration, Standing
from results.words.kinds import Words, words_of
from results.words.party_names import PartyName, PartyNames
from results.words.seat_sentences import verification_sentence


class SeatStanding:
    """A contest with its standing and ballot paper, all prefetched from the database."""

    def __init__(self, contest: Contest, party_names: PartyNames) -> None:
        self.contest = contest
        self.party_names = party_names

    @cached_property
    def words(self) -> Words:
        """The words for the contest's area and for those elected."""
        return words_of(self.contest)

    @cached_property
    def standing(self) -> Standing:
        """The contest's standing; an unsaved, awaiting one if nothing was ever published."""
        return getattr(self.contest, "standing", None) or Standing(contest=self.contest)

    @cached_property
    def declaration(self) -> Declaration | None:
        return self.standing.declaration

    @cached_property
    def last_time(self) -> LastTime | None:
        last = getattr(self.contest, "last_result", None)
        return last.last_time if last else None

    @property
    def verification(self) -> str:
        """The sentence on the figures announced at verification; empty once there is a result."""
        if self.has_result:
            return ""
        standing = self.standing
        return verification_sentence(
            standing.verified_electorate, standing.verified_papers, standing.verified_turnout
        )

    @property
    def has_result(self) -> bool:
        return self.standing.has_result and self.declaration is not None

    @property
    def is_incomplete(self) -> bool:
        """Whether incomplete totals are published and no result, so that nobody is elected."""
        return self.standing.incomplete and self.declaration is not None

    @property
    def is_published(self) -> bool:
        """Whether a result or incomplete totals are published."""
        return self.has_result or self.is_incomplete

    @property
    def has_no_poll(self) -> bool:
        """Whether there is no count on this night: the poll is postponed or uncontested."""
        return self.standing.status in (Standing.Status.POSTPONED, Standing.Status.UNOPPOSED)

    @cached_property
    def system(self) -> ElectoralSystem:
        return self.contest.system

    @property
    def is_referendum(self) -> bool:
        """Whether electors vote for answers rather than candidates."""
        return self.contest.election.rules.method is Method.ANSWERS

    @property
    def voted_for(self) -> tuple[Candidacy, ...]:
        """The candidates who have votes of their own; only the first of each list has."""
        candidacies = self.contest.candidacies
        ids = {*self.system.with_votes([candidacy.id for candidacy in candidacies])}
        return tuple(candidacy for candidacy in candidacies if candidacy.id in ids)

    @property
    def has_lists(self) -> bool:
        """Whether electors vote for parties' lists."""
        return self.system.method is Method.LISTS

    @property
    def as_declared(self) -> bool:
        """Whether the winners are those the returning officer declares, not computed from votes."""
        return self.system.method is Method.DECLARED

    @property
    def has_several_votes(self) -> bool:
        """Whether a ballot paper has more than one vote."""
        return self.contest.seats > 1 and self.system.votes_per_paper is None

    @property
    def candidates(self) -> list[tuple[Candidate, PartyName]]:
        """The ballot paper, shown while there is no result."""
        return [
            (candidate, self.party_names[candidate.label])
            for candidate in self.contest.candidates.all()
        ]

    @property
    def candidate_names(self) -> dict[int, str]:
        """The names on the ballot paper by candidate id, in its order."""
        return {candidate.pk: candidate.name for candidate in self.contest.candidates.all()}
