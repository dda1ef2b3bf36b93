"""Find or create the elections, regions, contests and people that files name."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.utils.text import slugify

from results.desk.accounts import system_user
from results.exchange.errors import FileError, FileErrors
from results.models import Contest, Election, Person, Region
from results.models.contest import PAGES_OF_THE_NIGHT

UK_ZONE = ZoneInfo("Europe/London")
POLLS_CLOSE = time(22, 0)


def import_user() -> User:
    """Return the account that results from files are published under."""
    return system_user("wire")


def find_or_create_election(
    slug: str, *, polling_day: date | None, name: str = "", file: Path
) -> Election:
    """Return the election with this slug. Raises FileErrors if a new one has no polling day."""
    existing = Election.objects.filter(slug=slug).first()
    if existing is not None:
        return existing
    if polling_day is None:
        reason = f"does not say the day of the poll, and there is no election “{slug}”: give --date"
        raise FileErrors([FileError(file, 0, "", reason)])
    election = Election(
        slug=slug,
        name=name or f"General election, {polling_day.day} {polling_day:%B %Y}",
        date=polling_day,
        polls_close=datetime.combine(polling_day, POLLS_CLOSE, UK_ZONE).astimezone(UTC),
    )
    election.full_clean()
    election.save()
    return election


def find_or_create_person(democracy_club_id: int | None, name: str) -> Person:
    """Return the person with this Democracy Club id; without an id, a new person."""
    if democracy_club_id is None:
        return Person.objects.create(name=name)
    return Person.objects.get_or_create(
        democracy_club_id=democracy_club_id, defaults={"name": name}
    )[0]


class Contests:
    """The contests of one election, found by code and then by slug."""

    def __init__(self, election: Election) -> None:
        self.election = election
        contests = list(Contest.objects.filter(election=election))
        self._by_code = {contest.code: contest for contest in contests if contest.code}
        self._by_slug = {contest.slug: contest for contest in contests}

    def find(self, code: str, name: str) -> Contest | None:
        """Return the contest with this code, else the one with this name, unless codes differ."""
        if code and code in self._by_code:
            return self._by_code[code]
        contest = self._by_slug.get(slugify(name))
        return contest if contest is None or not (code and contest.code) else None

    def find_or_create(
        self, code: str, name: str, *, region: str = "", nation: str = "", seats: int = 1
    ) -> Contest:
        """Return the contest, created if it is missing; an existing one gets what it lacks."""
        contest = self.find(code, name)
        if contest is None:
            contest = Contest.objects.create(
                election=self.election,
                slug=self._free_slug(name),
                name=name,
                code=code,
                seats=seats,
            )
        elif code and not contest.code:
            contest.code = code
            contest.save(update_fields=["code"])
        self.set_missing_region(contest, region, nation)
        self._by_slug[contest.slug] = contest
        if contest.code:
            self._by_code[contest.code] = contest
        return contest

    def set_missing_region(self, contest: Contest, region: str, nation: str) -> None:
        """Put a contest without a region into this one, unless its name could be no address."""
        if contest.region_id is None and slugify(region):
            contest.region = self._region(region, nation)
            contest.save(update_fields=["region"])

    def _free_slug(self, name: str) -> str:
        slug = slugify(name)[:110] or "contest"
        while slug in self._by_slug or slug in PAGES_OF_THE_NIGHT:
            slug = f"{slug}-2"
        return slug

    def _region(self, name: str, nation: str) -> Region:
        return Region.objects.get_or_create(
            election=self.election,
            slug=slugify(name)[:80],
            defaults={"name": name, "nation": nation},
        )[0]
