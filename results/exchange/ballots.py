"""Match a file's candidates with those on a ballot paper, and bring the ballot paper up to date.

A candidate's row is kept wherever it is the same candidate, because votes, quotes and submissions
that wait for review refer to it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import F, Prefetch, prefetch_related_objects

from results.desk.ballot_papers import why_candidate_stays, why_nobody_joins
from results.exchange.name_slips import compared_name
from results.models import (
    Candidate,
    Contest,
    LastVotes,
    Person,
    SittingMember,
)
from results.models.party_alias import spelling_key

PartyStanding = dict[str, Any]
#: Ids that one query names: SQLite has a limit of parameters.
IDS_A_QUERY = 500
#: Of each contest what `load_ballot` reads.
CANDIDATES = Prefetch(
    "candidates", Candidate.objects.select_related("party__tallied_with", "person")
)
#: Columns of a candidate that a file sets.
LOADED = (
    "person",
    "name",
    "description",
    "ballot_order",
    "list_position",
    "gender",
    "party",
    "standing_as",
)
RELATIONS = {"person": "person_id", "party": "party_id"}
#: A candidate as a file has them.
EntryT = TypeVar("EntryT")


class BallotRefused(ValueError):
    """The ballot paper cannot be changed to that of the file; the text is a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A candidate in a file's list; `earlier_ids` are person ids merged into `person_id`.

    `person_id` is None in a list that has none.
    """

    person_id: int | None
    name: str
    description: str
    standing: PartyStanding
    list_position: int | None = None
    earlier_ids: tuple[int, ...] = ()
    #: Empty where the file does not say.
    gender: str = ""

    @property
    def label(self) -> str:
        party = self.standing["party"]
        return str(party.label if party is not None else self.standing["standing_as"])


def paired(
    candidates: Sequence[Candidate],
    entries: Sequence[EntryT],
    rules: Iterable[Callable[[Candidate, EntryT], bool]],
) -> dict[int, Candidate]:
    """Return the candidate of each entry of a file, by its position; others have none.

    A rule says whether both may be the same. The rules come from the surest to the least sure, and
    one counts only where it fits one candidate and one entry of those that are left.
    """
    left = list(candidates)
    found: dict[int, Candidate] = {}
    for same in rules:
        open_entries = [number for number in range(len(entries)) if number not in found]
        fits = {
            number: [candidate for candidate in left if same(candidate, entries[number])]
            for number in open_entries
        }
        often = Counter(candidate.pk for alike in fits.values() for candidate in alike)
        for number, alike in fits.items():
            if len(alike) == 1 and often[alike[0].pk] == 1:
                found[number] = alike[0]
                left.remove(alike[0])
    return found


def match(candidates: Sequence[Candidate], listed: Sequence[Listed]) -> dict[int, Candidate]:
    """Return the candidate of each entry of a candidates file, by its position.

    By person id, by an id that was merged into it, by name and party; and where the candidate or
    the file has no person id, by name, or by a party that one candidate on each side is left of.
    """
    return paired(candidates, listed, _RULES)


def _number(candidate: Candidate) -> int | None:
    return candidate.person.democracy_club_id if candidate.person else None


def _without_id(candidate: Candidate, entry: Listed) -> bool:
    return entry.person_id is None or _number(candidate) is None


def _same_name(candidate: Candidate, entry: Listed) -> bool:
    own, theirs = map(compared_name, (candidate.name, entry.name))
    return spelling_key(own) == spelling_key(theirs)


#: Rules for the same candidate, the surest first.
_RULES: tuple[Callable[[Candidate, Listed], bool], ...] = (
    lambda candidate, entry: entry.person_id is not None and _number(candidate) == entry.person_id,
    lambda candidate, entry: _number(candidate) in entry.earlier_ids,
    lambda candidate, entry: _same_name(candidate, entry) and candidate.label == entry.label,
    lambda candidate, entry: _without_id(candidate, entry) and _same_name(candidate, entry),
    lambda candidate, entry: (
        _without_id(candidate, entry)
        and candidate.standing_as == "party"
        and candidate.label == entry.label
    ),
)


class People:
    """The people whom a file names by id, read at once."""

    def __init__(self, numbers: Iterable[int]) -> None:
        #: All person ids of the file.
        self.numbers = frozenset(numbers)
        self._known: dict[int, Person] = {}
        ordered = sorted(self.numbers)
        for start in range(0, len(ordered), IDS_A_QUERY):
            some = ordered[start : start + IDS_A_QUERY]
            self._add(Person.objects.filter(democracy_club_id__in=some))

    def find(self, number: int) -> Person | None:
        return self._known.get(number)

    def rename(self, person: Person, number: int) -> None:
        """Store a person under a new id."""
        if person.democracy_club_id is not None:
            self._known.pop(person.democracy_club_id, None)
        person.democracy_club_id = number
        person.save(update_fields=["democracy_club_id"])
        self._known[number] = person

    def create(self, entries: Iterable[Listed]) -> list[Person]:
        """Create a person for each entry."""
        people = Person.objects.bulk_create(
            Person(name=entry.name, democracy_club_id=entry.person_id) for entry in entries
        )
        self._add(people)
        return people

    def _add(self, people: Iterable[Person]) -> None:
        for person in people:
            if person.democracy_club_id is not None:
                self._known[person.democracy_club_id] = person


def prefetch_candidates(contests: Sequence[Contest]) -> None:
    """Read the candidates of these contests at once, for `load_ballot`."""
    for start in range(0, len(contests), IDS_A_QUERY):
        prefetch_related_objects(contests[start : start + IDS_A_QUERY], CANDIDATES)


def load_ballot(contest: Contest, listed: Sequence[Listed], people: People) -> None:
    """Make the file's list the contest's ballot paper, in the order of the list.

    Raises BallotRefused where a candidate who has votes or waits for review would go, or somebody
    would join a ballot paper with a result.
    """
    candidates = list(contest.candidates.all())
    found = match(candidates, listed)
    matched = {candidate.pk for candidate in found.values()}
    gone = [candidate for candidate in candidates if candidate.pk not in matched]
    _require_unused(gone)
    # Asked for now: editors publish while a large file is loaded. A new contest has no result.
    if candidates and len(found) < len(listed):
        reason = why_nobody_joins(contest)
        if reason:
            new = next(e for n, e in enumerate(listed) if n not in found)
            raise BallotRefused(f"{new.name}: {reason}")
    if gone:
        Candidate.objects.filter(pk__in=[candidate.pk for candidate in gone]).delete()
    placed = [found.get(number) or Candidate(contest=contest) for number in range(len(listed))]
    stored = {candidate.pk: _columns(candidate) for candidate in found.values()}
    _fill(placed, listed, people)
    changed = [each for each in found.values() if _columns(each) != stored[each.pk]]
    if any(each.ballot_order != stored[each.pk]["ballot_order"] for each in changed):
        # The order is unique: move everybody out of the way before the new order is stored.
        moved = Candidate.objects.filter(pk__in=matched)
        moved.update(ballot_order=F("ballot_order") + 10_000)
        changed = list(found.values())
    if changed:
        Candidate.objects.bulk_update(changed, LOADED)
    Candidate.objects.bulk_create(each for each in placed if each.pk is None)
    # The prefetched list is that of before.
    contest.refresh_from_db(fields=["candidates"])


def _columns(candidate: Candidate) -> dict[str, object]:
    # By the ids of rows: comparing these would read them.
    return {name: getattr(candidate, RELATIONS.get(name, name)) for name in LOADED}


def _fill(placed: Sequence[Candidate], listed: Sequence[Listed], people: People) -> None:
    """Give the candidates what the file says of them, in its order."""
    joining = []
    for order, (candidate, entry) in enumerate(zip(placed, listed, strict=True), start=1):
        if is_new_person(candidate, entry, people):
            joining.append((candidate, entry))
        else:
            candidate.person = person_of(candidate, entry, people)
        candidate.name, candidate.description = entry.name, entry.description
        candidate.ballot_order = order
        candidate.list_position = entry.list_position
        # What is known stays: an editor may have corrected it.
        candidate.gender = candidate.gender or entry.gender
        candidate.party = entry.standing["party"]
        candidate.standing_as = entry.standing["standing_as"]
    new = people.create(entry for _candidate, entry in joining)
    for (candidate, _entry), person in zip(joining, new, strict=True):
        candidate.person = person


def _require_unused(gone: Iterable[Candidate]) -> None:
    for candidate in gone:
        reason = why_candidate_stays(candidate)
        if reason:
            raise BallotRefused(f"{reason} {candidate.name} is not in the file")


def is_new_person(candidate: Candidate, entry: Listed, people: People) -> bool:
    """Whether the entry is of nobody whom the desk knows."""
    if candidate.person is not None:
        return False
    return entry.person_id is None or people.find(entry.person_id) is None


def person_of(candidate: Candidate, entry: Listed, people: People) -> Person | None:
    """Return the known person of an entry: a candidate's own, under the new id, if ids were merged.

    Democracy Club merges two records of one person: the lower id stays. The person's other
    candidacies follow unless the file still has the id that they had.
    """
    own = candidate.person
    if entry.person_id is None:
        return own
    person = people.find(entry.person_id)
    if own is None or own == person:
        return person
    is_merged = own.democracy_club_id is None or own.democracy_club_id not in people.numbers
    if person is None and is_merged:
        people.rename(own, entry.person_id)
        return own
    if person is None:
        (person,) = people.create([entry])
    # Holds of independents compare people: last time's winner is the same person as before.
    LastVotes.objects.filter(last_result__contest=candidate.contest_id, person=own).update(
        person=person
    )
    SittingMember.objects.filter(contest=candidate.contest_id, person=own).update(person=person)
    return person
