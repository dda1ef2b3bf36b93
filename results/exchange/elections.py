"""Find or create the elections and people that files name."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User

from results.arithmetic import ElectionKind, rules_of, same_family
from results.desk.accounts import system_user
from results.exchange.errors import FileError, FileErrors
from results.models import Election, Person

UK_ZONE = ZoneInfo("Europe/London")
POLLS_CLOSE = time(22, 0)
#: Default name of a new election, by its kind.
TITLES = {
    ElectionKind.UK_PARLIAMENT: "General election",
    ElectionKind.UK_PARLIAMENT_BY_ELECTION: "By-elections",
    ElectionKind.COUNCIL: "Council elections",
    ElectionKind.COUNCIL_STV: "Council elections",
    ElectionKind.MAYOR: "Mayoral elections",
    ElectionKind.COMMISSIONER: "Police and crime commissioner elections",
    ElectionKind.REFERENDUM: "Referendum",
    ElectionKind.SENEDD: "Senedd election",
    ElectionKind.SCOTTISH_PARLIAMENT: "Scottish Parliament election",
    ElectionKind.LONDON_ASSEMBLY: "London Assembly election",
    ElectionKind.NI_ASSEMBLY: "Northern Ireland Assembly election",
}


def import_user() -> User:
    """Return the account that results from files are published under."""
    return system_user("wire")


def find_or_create_election(
    slug: str,
    *,
    polling_day: date | None,
    name: str = "",
    file: Path,
    kind: ElectionKind | None = None,
    likely: ElectionKind | None = None,
    wanted: str = "",
    draft: bool = False,
) -> Election:
    """Return the election with this slug; a new one is public at once, or a draft.

    `polling_day` and `kind` are those of the file, None where it does not say; `likely` is the kind
    of a new election where the file does not, and `wanted` the one that was asked for, or "".
    Raises FileErrors if they are not the election's, or if nothing says of which day and kind a new
    election is.
    """
    if wanted and kind is not None and not same_family(kind, wanted):
        reason = f"is of another kind of election ({kind}), not of {wanted} (--kind)"
        raise FileErrors([FileError(file, 0, "", reason)])
    kind = ElectionKind(wanted) if wanted else kind
    existing = Election.objects.filter(slug=slug).first()
    if existing is not None:
        require_same_poll(existing, polling_day=polling_day, kind=kind, file=file)
        return existing
    if polling_day is None:
        reason = f"does not say the day of the poll, and there is no election “{slug}”: give --date"
        raise FileErrors([FileError(file, 0, "", reason)])
    kind = kind or likely
    if kind is None:
        kinds = ", ".join(ElectionKind)
        reason = (
            f"does not say of which kind of election it is, and there is no election “{slug}”: "
            f"give --kind, one of {kinds}"
        )
        raise FileErrors([FileError(file, 0, "", reason)])
    return _create_election(slug, kind, polling_day, name=name, draft=draft)


def _create_election(
    slug: str, kind: ElectionKind, polling_day: date, *, name: str, draft: bool
) -> Election:
    election = Election(
        slug=slug,
        name=name or f"{TITLES[kind]}, {in_full(polling_day)}",
        kind=kind,
        date=polling_day,
        polls_close=datetime.combine(polling_day, POLLS_CLOSE, UK_ZONE).astimezone(UTC),
        deposits=rules_of(kind).deposit_threshold is not None,
        visibility=Election.Visibility.DRAFT if draft else Election.Visibility.PUBLISHED,
    )
    election.full_clean()
    election.save()
    return election


def require_same_poll(
    election: Election, *, polling_day: date | None, kind: ElectionKind | None, file: Path
) -> None:
    """Raise FileErrors if a file is of another polling day or kind than the election."""
    here = f"“{election.slug}” is of {in_full(election.date)}"
    other = "Load it into an election of its own: give another address"
    if polling_day is not None and polling_day != election.date:
        reason = f"is of the poll of {in_full(polling_day)}; {here}. {other}"
        raise FileErrors([FileError(file, 0, "", reason)])
    if kind is not None and not same_family(kind, election.kind):
        reason = (
            f"is of another kind of election ({kind}); “{election.slug}” is {election.kind}. "
            f"{other}, or change the election’s kind in the admin if that is wrong"
        )
        raise FileErrors([FileError(file, 0, "", reason)])


def in_full(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def find_or_create_people(named: Iterable[tuple[int | None, str]]) -> list[Person]:
    """Return the people with these Democracy Club ids and names; without an id, new people."""
    listed = list(named)
    numbers = [number for number, _name in listed if number is not None]
    stored = Person.objects.filter(democracy_club_id__in=numbers) if numbers else ()
    known = {person.democracy_club_id: person for person in stored}
    people, new = [], []
    for number, name in listed:
        person = known.get(number) if number is not None else None
        if person is None:
            person = Person(democracy_club_id=number, name=name)
            new.append(person)
            if number is not None:
                known[number] = person
        people.append(person)
    Person.objects.bulk_create(new)
    return people
