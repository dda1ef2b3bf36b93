"""Read Democracy Club's ids of elections and ballots: `local.northshire.hill.by.2019-05-02`.

https://elections.democracyclub.org.uk/reference_definition
"""

from dataclasses import dataclass, field
from datetime import date

from results.arithmetic import RULES, ElectionKind, Method, kind_of_area, same_family

#: Kinds of election by the first part of an id.
KINDS = {
    "parl": ElectionKind.UK_PARLIAMENT,
    "local": ElectionKind.COUNCIL,
    "mayor": ElectionKind.MAYOR,
    "pcc": ElectionKind.COMMISSIONER,
    "ref": ElectionKind.REFERENDUM,
    "senedd": ElectionKind.SENEDD,
    "naw": ElectionKind.SENEDD,
    "sp": ElectionKind.SCOTTISH_PARLIAMENT,
    "gla": ElectionKind.LONDON_ASSEMBLY,
    "nia": ElectionKind.NI_ASSEMBLY,
}
#: How seats are filled by the second part of an id, where one election has ballots of both kinds.
#: The whole Senedd is elected from lists since the Senedd Cymru (Members and Elections) Act 2024.
METHODS = {"c": Method.VOTES, "r": Method.LISTS, "a": Method.LISTS}
WITH_REGIONS = (ElectionKind.SENEDD, ElectionKind.SCOTTISH_PARLIAMENT, ElectionKind.LONDON_ASSEMBLY)
SENEDD_FROM_LISTS = date(2026, 4, 6)
#: Parts of ids that do not name a body: subtypes of elections, and by-elections.
NOT_BODIES = {"by", "a", "c", "r"}


@dataclass(frozen=True, slots=True)
class PollingDay:
    """Elections of one kind on one day; all councils that vote on one day are one poll.

    `prefix` is the first part of their ids. `kind` is that of one row: an id does not say how a
    council is elected.
    """

    polling_day: date
    prefix: str = ""
    kind: ElectionKind | None = field(default=None, compare=False)

    @property
    def election_id(self) -> str:
        return f"{self.prefix or 'election'}.{self.polling_day}"


def poll_of(election_id: str, polling_day: date, *, code: str = "") -> PollingDay:
    """The poll of a row by its id, or by the area's code if the id's kind is not known."""
    prefix = election_id.split(".")[0].strip().lower()
    kind, by_code = KINDS.get(prefix), kind_of_area(code)
    if kind is None:
        return PollingDay(polling_day, by_code or prefix, by_code)
    return PollingDay(
        polling_day, prefix, by_code if by_code and same_family(kind, by_code) else kind
    )


def method_of_ballot(ballot_id: str, polling_day: date) -> Method | None:
    """Method by which a ballot's seats are filled, by its id; None if the id does not say."""
    parts = ballot_id.strip().lower().split(".")
    kind = KINDS.get(parts[0])
    if kind not in WITH_REGIONS or len(parts) < 2:
        return None
    if kind is ElectionKind.SENEDD and polling_day >= SENEDD_FROM_LISTS:
        return Method.LISTS
    return METHODS.get(parts[1])


def body_name(election_id: str, organisation: str) -> str:
    """The body of a row: the kind's only one, else the organisation, else the id's; or ""."""
    parts = election_id.strip().lower().split(".")
    kind = KINDS.get(parts[0])
    if kind and RULES[kind].body:
        return RULES[kind].body
    if organisation or kind is None:
        return organisation
    named = [part for part in parts[1:] if part not in NOT_BODIES and not part[:1].isdigit()]
    return named[0].replace("-", " ").title() if named else ""


def bodies_of(ballot_paper_id: str, election_id: str, organisation: str) -> tuple[str, str]:
    """Return the body that identifies a row's ballot, and a new contest's body if that is "".

    The word in a ballot's id is no name: it may be “n” for Northshire, and the id identifies the
    ballot by itself.
    """
    name = body_name(ballot_paper_id or election_id, organisation)
    is_only_in_id = bool(ballot_paper_id) and not organisation and name not in ONLY_BODIES
    return ("", name) if is_only_in_id else (name, "")


#: Bodies that are the only one of their kind.
ONLY_BODIES = frozenset(rules.body for rules in RULES.values() if rules.body)


def is_by_election(ballot_paper_id: str) -> bool | None:
    """Whether a ballot is a by-election, as its id says; None without an id."""
    return ".by." in f"{ballot_paper_id.lower()}." if ballot_paper_id else None


def election_id_of(kind: str, polling_day: date) -> str:
    """The id of all elections of a kind on a day, such as `local.2026-05-07`."""
    prefixes = {each: prefix for prefix, each in reversed(KINDS.items())}
    same = next((each for each in prefixes if same_family(each, kind)), ElectionKind.UK_PARLIAMENT)
    return f"{prefixes[same]}.{polling_day}"
