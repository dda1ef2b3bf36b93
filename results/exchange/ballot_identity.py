"""Identify the ballot that a row belongs to, and group the rows of each ballot."""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Generic, TypeVar

from results.models.contest_lookup import plain_name

R = TypeVar("R")


class AmbiguousBallotError(ValueError):
    """A row might belong to several ballots. The text names them, and what would decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotIdentity:
    """A file's identification of a ballot; what it does not say is empty, or None.

    `new_body` is the body of a new contest where the file names none: it is read from an id, as
    “Northshire” from `local.northshire.hill.2019-05-02`, and identifies nothing.
    """

    name: str
    code: str = ""
    body: str = ""
    new_body: str = field(default="", compare=False)
    ballot_paper_id: str = ""
    by_election: bool | None = None

    def may_be(self, other: "BallotIdentity") -> bool:
        """Whether the two ballots may be the same: they differ in nothing that both state.

        The same code in the same body is one area however its name is spelt; without a code in
        both, the names must be the same.
        """
        if self.ballot_paper_id and other.ballot_paper_id:
            return self.ballot_paper_id == other.ballot_paper_id
        if differ(plain_body(self.body), plain_body(other.body)):
            return False
        if None not in (self.by_election, other.by_election) and (
            self.by_election != other.by_election
        ):
            return False
        if self.code and other.code:
            return self.code == other.code
        return plain_area(self.name) == plain_area(other.name)

    def with_more(self, other: "BallotIdentity") -> "BallotIdentity":
        """Return this ballot, completed by what only the other states."""
        return replace(
            self,
            code=self.code or other.code,
            body=self.body or other.body,
            new_body=self.new_body or other.new_body,
            ballot_paper_id=self.ballot_paper_id or other.ballot_paper_id,
            by_election=other.by_election if self.by_election is None else self.by_election,
        )


#: Words that some sources add to the name of an area, and others leave out.
_AREA_NOUN = re.compile(r"(?<=.)-(ward|(electoral-)?division|((county|borough)-)?constituency)$")
#: The same for councils. Not “parish” and “town”: theirs lie within others of the same name.
_COUNCIL_NOUN = re.compile(
    r"^((royal|london)-borough-of|city-(and-county-)?of|county-of|council-of-the)-"
    r"|-(((london|metropolitan|royal)-)?(borough|county-borough|city|county|district)-)?council$"
    r"|-(london|metropolitan|county)-borough$"
)


@lru_cache(maxsize=20_000)
def plain_area(name: str) -> str:
    """An area's name for comparing: “Arsenal Ward” and “ARSENAL” are one."""
    return _AREA_NOUN.sub("", plain_name(name))


@lru_cache(maxsize=2_000)
def plain_body(name: str) -> str:
    """A body's name for comparing: “London Borough of Hackney” and “Hackney” are one."""
    plain = plain_name(name)
    return _COUNCIL_NOUN.sub("", plain) or plain


def differ(first: Hashable, second: Hashable) -> bool:
    """Whether both values are known and they differ."""
    return bool(first and second and first != second)


class BallotIndex(Generic[R]):
    """Things by their ballots; finds those that may be a given ballot."""

    def __init__(self) -> None:
        self._things: defaultdict[tuple[str, str], list[tuple[BallotIdentity, R]]] = defaultdict(
            list
        )

    def add(self, ballot: BallotIdentity, thing: R) -> None:
        for key in _keys(ballot):
            self._things[key].append((ballot, thing))

    def find(self, ballot: BallotIdentity) -> list[R]:
        """Things whose ballot may be this one, in the order in which they were added."""
        found: dict[int, R] = {}
        for key in _keys(ballot):
            for other, thing in self._things.get(key, ()):
                if ballot.may_be(other):
                    found[id(thing)] = thing
        return list(found.values())


def _keys(ballot: BallotIdentity) -> Iterator[tuple[str, str]]:
    """Yield index keys; two ballots that may be the same have at least one in common."""
    yield "name", plain_area(ballot.name)
    if ballot.code:
        yield "code", ballot.code
    if ballot.ballot_paper_id:
        yield "id", ballot.ballot_paper_id


@dataclass(slots=True)
class BallotRows(Generic[R]):
    """A ballot with its rows; `position` is that of its first row in the file."""

    ballot: BallotIdentity
    rows: list[R]
    position: int


def group_rows(rows: Iterable[tuple[BallotIdentity, R]]) -> list[BallotRows[R]]:
    """Put the rows of each ballot together, in the order in which the ballots begin.

    A row that says less than others (no code, no ballot paper id) joins the only ballot that it may
    belong to. Raises AmbiguousBallotError if it might belong to several.
    """
    same: dict[BallotIdentity, BallotRows[R]] = {}
    for position, (ballot, row) in enumerate(rows):
        same.setdefault(ballot, BallotRows(ballot, [], position)).rows.append(row)
    # The most complete come first, so that the others find the ballot that they belong to.
    index: BallotIndex[BallotRows[R]] = BallotIndex()
    groups: list[BallotRows[R]] = []
    for group in sorted(same.values(), key=lambda group: _says(group.ballot), reverse=True):
        matches = index.find(group.ballot)
        if len(matches) > 1:
            raise AmbiguousBallotError(several(group.ballot.name, [m.ballot for m in matches]))
        if matches:
            matches[0].rows += group.rows
            matches[0].ballot = matches[0].ballot.with_more(group.ballot)
        else:
            groups.append(group)
        index.add(group.ballot, matches[0] if matches else group)
    return sorted(groups, key=lambda group: group.position)


def _says(ballot: BallotIdentity) -> int:
    known = (ballot.ballot_paper_id, ballot.code, ballot.body, ballot.by_election is not None)
    return sum(map(bool, known))


def several(name: str, ballots: Iterable[BallotIdentity]) -> str:
    """A sentence about a name that several ballots have."""
    described = ", ".join(sorted(map(_described, ballots)))
    return (
        f"“{name}” may be any of these ballots: {described}. "
        "Give the ballot paper id, or the body and the area's code"
    )


def identification(ballot: BallotIdentity) -> str:
    """“Aford ward” (local.northshire.aford-ward.2019-05-02): the name, and identifying details."""
    more = _described(ballot)
    return f"“{ballot.name}”" + (f" ({more})" if more != ballot.name else "")


def _described(ballot: BallotIdentity) -> str:
    details = [ballot.body, ballot.code, "by-election" if ballot.by_election else ""]
    return ballot.ballot_paper_id or ", ".join(filter(None, [ballot.name, *details]))
