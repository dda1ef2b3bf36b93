"""What files say of which ballot a row belongs to, and which rows belong to one ballot."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from results.models.contest_lookup import plain_name

R = TypeVar("R")


class AmbiguousBallotError(ValueError):
    """A row might belong to several ballots. Its text says which, and what would tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """How a file identifies a ballot; what it does not say is empty, or None."""

    name: str
    code: str = ""
    body: str = ""
    ballot_paper_id: str = ""
    by_election: bool | None = None

    def may_be(self, other: "Ballot") -> bool:
        """Whether nothing that both say tells the two ballots apart.

        The same code in the same body is one area however its name is spelt; without a code in
        both, the names must be the same.
        """
        if self.ballot_paper_id and other.ballot_paper_id:
            return self.ballot_paper_id == other.ballot_paper_id
        if differ(plain_name(self.body), plain_name(other.body)):
            return False
        if None not in (self.by_election, other.by_election) and (
            self.by_election != other.by_election
        ):
            return False
        if self.code and other.code:
            return self.code == other.code
        return plain_name(self.name) == plain_name(other.name)

    def with_more(self, other: "Ballot") -> "Ballot":
        """This ballot, with what only the other says."""
        return replace(
            self,
            code=self.code or other.code,
            body=self.body or other.body,
            ballot_paper_id=self.ballot_paper_id or other.ballot_paper_id,
            by_election=other.by_election if self.by_election is None else self.by_election,
        )


def differ(first: Hashable, second: Hashable) -> bool:
    """Whether both are known and they are not the same."""
    return bool(first and second and first != second)


@dataclass(slots=True)
class BallotRows(Generic[R]):
    """A ballot with its rows, in the file's order."""

    ballot: Ballot
    rows: list[R]


def group_rows(rows: Iterable[tuple[Ballot, R]]) -> list[BallotRows[R]]:
    """Put the rows of each ballot together, in the order in which the ballots begin.

    A row that says less than others (no code, no ballot paper id) joins the only ballot that it may
    belong to. Raises AmbiguousBallotError if it might belong to several.
    """
    same: dict[Ballot, BallotRows[R]] = {}
    for ballot, row in rows:
        same.setdefault(ballot, BallotRows(ballot, [])).rows.append(row)
    # Those that say most come first, so that the others find whom they belong to.
    groups: list[BallotRows[R]] = []
    for group in sorted(same.values(), key=lambda group: _says(group.ballot), reverse=True):
        matches = [other for other in groups if group.ballot.may_be(other.ballot)]
        if len(matches) > 1:
            raise AmbiguousBallotError(several(group.ballot.name, [m.ballot for m in matches]))
        if matches:
            matches[0].rows += group.rows
            matches[0].ballot = matches[0].ballot.with_more(group.ballot)
        else:
            groups.append(group)
    order = {ballot: number for number, ballot in enumerate(same)}
    return sorted(groups, key=lambda group: order.get(group.ballot, len(order)))


def _says(ballot: Ballot) -> int:
    known = (ballot.ballot_paper_id, ballot.code, ballot.body, ballot.by_election is not None)
    return sum(map(bool, known))


def several(name: str, ballots: Iterable[Ballot]) -> str:
    """A sentence about a name that several ballots have."""
    described = ", ".join(sorted(map(_described, ballots)))
    return (
        f"“{name}” may be any of these ballots: {described}. "
        "Give the ballot paper id, or the body and the area's code"
    )


def _described(ballot: Ballot) -> str:
    details = [ballot.body, ballot.code, "by-election" if ballot.by_election else ""]
    return ballot.ballot_paper_id or ", ".join(filter(None, [ballot.name, *details]))
