"""Find the people who stand in a constituency and on its region's list, where no ids tell it.

Nobody is elected from a list who has won a constituency: both candidacies have to be one person's.
"""

from collections import defaultdict
from collections.abc import Iterable

from results.arithmetic import INDEPENDENT
from results.exchange.name_slips import compared_name
from results.models import Candidate, Contest, Election, LastVotes, Person, SittingMember
from results.models.party_alias import spelling_key


def link_people(election: Election) -> list[str]:
    """Make a list's candidate and the region's candidate of that name and party one person.

    Return a sentence for each list's candidate of whom several constituencies of the region have
    the name and the party. People with different ids of Democracy Club's are different people.
    """
    regions = Contest.objects.filter(election=election, constituencies__isnull=False)
    lists = Candidate.objects.filter(contest__in=regions).select_related("contest", *_RELATED)
    if not lists:
        return []
    local = Candidate.objects.filter(contest__region_contest__in=regions)
    alike: dict[tuple[object, ...], list[Candidate]] = defaultdict(list)
    for candidate in local.select_related("contest", *_RELATED).order_by("contest", "pk"):
        alike[candidate.contest.region_contest_id, *_name_and_party(candidate)].append(candidate)
    unclear = []
    for listed in lists:
        same = alike.get((listed.contest_id, *_name_and_party(listed)), [])
        others = [each for each in same if _may_be_one(each, listed)]
        known = listed.person_id
        if known is not None and any(each.person_id == known for each in same):
            continue
        if len(others) == 1:
            _make_one(others[0], listed)
        elif others:
            unclear.append(_unclear(listed, others))
    return unclear


_RELATED = ("person", "party__tallied_with", "contest__election")


def _name_and_party(candidate: Candidate) -> tuple[str, str]:
    return spelling_key(compared_name(candidate.name)), candidate.label


def _may_be_one(candidate: Candidate, listed: Candidate) -> bool:
    numbers = {
        each.person.democracy_club_id
        for each in (candidate, listed)
        if each.person and each.person.democracy_club_id is not None
    }
    return len(numbers) < 2


def _make_one(candidate: Candidate, listed: Candidate) -> None:
    """Give both the person who has an id, or else the constituency's, or else a new one."""
    if candidate.person is None and listed.person is None:
        candidate.person = Person.objects.create(name=candidate.name)
        candidate.save(update_fields=["person"])
    has_id = listed.person is not None and listed.person.democracy_club_id is not None
    kept, given = (listed, candidate) if has_id or candidate.person is None else (candidate, listed)
    before, given.person = given.person, kept.person
    given.save(update_fields=["person"])
    if before is None:
        return
    # Holds of independents compare people: last time's winner is the same person as before.
    LastVotes.objects.filter(last_result__contest=given.contest_id, person=before).update(
        person=given.person
    )
    SittingMember.objects.filter(contest=given.contest_id, person=before).update(
        person=given.person
    )
    _delete_unused(before)


def _delete_unused(person: Person) -> None:
    """Delete a person whom nothing refers to any more."""
    used = (Candidate, LastVotes, SittingMember)
    if not any(model.objects.filter(person=person).exists() for model in used):
        person.delete()


def _unclear(listed: Candidate, others: Iterable[Candidate]) -> str:
    party = listed.party.name if listed.party else INDEPENDENT
    where = " and in ".join(each.contest.full_name for each in others)
    return (
        f"{listed.contest.full_name}: {listed.name} ({party}) stands in {where} as well: choose "
        "the same person for the list in the admin, or whoever wins there can be elected twice"
    )
