"""Match a file's candidates with those on a ballot paper, and bring the ballot paper up to date.

A candidate's row is kept wherever it is the same candidate, because votes, quotes and submissions
that wait for review refer to it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from results.desk.ballot_papers import why_candidate_stays, why_nobody_joins
from results.exchange.name_slips import compared_name
from results.models import Candidate, Contest, LastVotes, Person, SittingMember
from results.models.party_alias import spelling_key

Standing = dict[str, Any]
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
    standing: Standing
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


def load_ballot(contest: Contest, listed: Sequence[Listed], numbers: frozenset[int]) -> None:
    """Make the file's list the contest's ballot paper, in the order of the list.

    `numbers` are all person ids of the file. Raises BallotRefused where a candidate who has votes
    or waits for review would go, or somebody would join a ballot paper with a result.
    """
    candidates = list(contest.candidates.select_related("party__tallied_with", "person"))
    found = match(candidates, listed)
    matched = {candidate.pk for candidate in found.values()}
    gone = [candidate for candidate in candidates if candidate.pk not in matched]
    _require_unused(gone)
    if len(found) < len(listed):
        reason = why_nobody_joins(contest)
        if reason:
            new = next(e for n, e in enumerate(listed) if n not in found)
            raise BallotRefused(f"{new.name}: {reason}")
    Candidate.objects.filter(pk__in=[candidate.pk for candidate in gone]).delete()
    # The order is unique: move everybody out of the way before the new order is stored.
    for number, pk in enumerate(sorted(matched)):
        Candidate.objects.filter(pk=pk).update(ballot_order=10_000 + number)
    for position, entry in enumerate(listed):
        candidate = found.get(position) or Candidate(contest=contest)
        candidate.person = person_of(candidate, entry, numbers)
        candidate.name, candidate.description = entry.name, entry.description
        candidate.ballot_order = position + 1
        candidate.list_position = entry.list_position
        # What is known stays: an editor may have corrected it.
        candidate.gender = candidate.gender or entry.gender
        candidate.party = entry.standing["party"]
        candidate.standing_as = entry.standing["standing_as"]
        candidate.save()


def _require_unused(gone: Iterable[Candidate]) -> None:
    for candidate in gone:
        reason = why_candidate_stays(candidate)
        if reason:
            raise BallotRefused(f"{reason} {candidate.name} is not in the file")


def person_of(candidate: Candidate, entry: Listed, numbers: frozenset[int]) -> Person:
    """Return the person of an entry: a candidate's own, under the new id, if ids were merged.

    Democracy Club merges two records of one person: the lower id stays. The person's other
    candidacies follow unless the file still has the id that they had.
    """
    if entry.person_id is None:
        return candidate.person or Person.objects.create(name=entry.name)
    person = Person.objects.filter(democracy_club_id=entry.person_id).first()
    own = candidate.person
    if own is None or own == person:
        return person or Person.objects.create(name=entry.name, democracy_club_id=entry.person_id)
    is_merged = own.democracy_club_id is None or own.democracy_club_id not in numbers
    if person is None and is_merged:
        own.democracy_club_id = entry.person_id
        own.save(update_fields=["democracy_club_id"])
        return own
    if person is None:
        person = Person.objects.create(name=entry.name, democracy_club_id=entry.person_id)
    # Holds of independents compare people: last time's winner is the same person as before.
    LastVotes.objects.filter(last_result__contest=candidate.contest_id, person=own).update(
        person=person
    )
    SittingMember.objects.filter(contest=candidate.contest_id, person=own).update(person=person)
    return person
