"""Nominations: the rows of a list of candidates, Democracy Club's or one's own."""

from dataclasses import dataclass

from results.arithmetic import ElectionKind, Method
from results.exchange.ballot_identity import BallotIdentity
from results.exchange.democracy_club_ids import PollingDay, method_of_ballot
from results.exchange.table import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Nomination:
    """One row of a list: one candidate of one contest.

    `person_id` and `seats` are None in a list that does not have them.
    """

    row: Row
    person_id: int | None
    name: str
    sort_name: str
    party: str
    party_id: str
    description: str
    ballot: BallotIdentity
    region: str
    seats: int | None
    poll: PollingDay
    #: Ids that Democracy Club has merged into `person_id`.
    earlier_ids: tuple[int, ...] = ()
    cancelled: bool = False
    list_position: int | None = None
    list_region: str = ""
    #: As a list of one's own says it, in a column for it; None where it is told by ids.
    own_method: Method | None = None

    @property
    def method(self) -> Method | None:
        """Method by which the ballot's seats are filled; None for the election's usual one."""
        if self.own_method is not None:
            return self.own_method
        by_id = method_of_ballot(election_id_of(self.row), self.poll.polling_day)
        if by_id is None and self.poll.kind in (ElectionKind.COUNCIL_STV, ElectionKind.NI_ASSEMBLY):
            return Method.DECLARED
        return by_id

    @property
    def region_of_lists(self) -> str:
        """The region whose lists count the seat; Democracy Club's `nuts1` is another kind."""
        return self.list_region or ("" if self.own_method is None else self.region)

    @property
    def ids(self) -> set[str]:
        """Ids for `--election-id` to select the row: of its poll, body's election and ballot."""
        own = (self.poll.election_id, self.row.text("election_id"), self.row.text("election"))
        return {name.lower() for name in (*own, self.ballot.ballot_paper_id)}


def election_id_of(row: Row) -> str:
    """Democracy Club's id of the row's ballot, or else of its election; "" without either."""
    return row.text("ballot_paper_id") or row.text("election_id") or row.text("election")
