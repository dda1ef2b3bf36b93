"""Elections, regions and contests made from a file, or found where they are there already."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.utils.text import slugify

from results.exchange.errors import FileError, FileErrors
from results.models import Contest, Election, Region
from results.models.contest import PAGES_OF_THE_NIGHT

ZONE = ZoneInfo("Europe/London")
CLOSE = time(22, 0)


def import_user(name: str = "wire") -> User:
    """The account that answers for what comes from files: nobody can sign in with it."""
    user, made = User.objects.get_or_create(username=name, defaults={"is_active": False})
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


def find_or_make_election(
    slug: str,
    *,
    polling_day: date | None,
    name: str = "",
    rehearsal: bool = False,
    file: Path,
) -> Election:
    """The election at this address; made where there is none and the day is known."""
    found = Election.objects.filter(slug=slug).first()
    if found is not None:
        return found
    if polling_day is None:
        reason = f"does not say the day of the poll, and there is no election “{slug}”: give --date"
        raise FileErrors([FileError(file, 0, "", reason)])
    election = Election(
        slug=slug,
        name=name or f"General election, {polling_day.day} {polling_day:%B %Y}",
        date=polling_day,
        polls_close=datetime.combine(polling_day, CLOSE, ZONE).astimezone(UTC),
        rehearsal=rehearsal,
    )
    election.full_clean()
    election.save()
    return election


class Contests:
    """The contests of one election, found by code and then by address."""

    def __init__(self, election: Election) -> None:
        self.election = election
        contests = list(Contest.objects.filter(election=election))
        self._by_code = {contest.code: contest for contest in contests if contest.code}
        self._by_slug = {contest.slug: contest for contest in contests}
        self._regions = {region.slug: region for region in Region.objects.filter(election=election)}

    def __len__(self) -> int:
        return len(self._by_slug)

    def find(self, code: str, name: str) -> Contest | None:
        """Codes are compared first; a code that differs means another seat, whatever its name."""
        if code and code in self._by_code:
            return self._by_code[code]
        found = self._by_slug.get(slugify(name))
        return found if found is None or not (code and found.code) else None

    def find_or_make(
        self, code: str, name: str, *, region: str = "", nation: str = "", seats: int = 1
    ) -> Contest:
        # “!!!” is no region: it would have no address.
        region = region if slugify(region) else ""
        found = self.find(code, name)
        if found is None:
            found = Contest.objects.create(
                election=self.election,
                slug=self._free_slug(name),
                name=name,
                code=code,
                seats=seats,
                region=self._region(region, nation) if region else None,
            )
        elif (code and not found.code) or (region and found.region_id is None):
            found.code = found.code or code
            found.region = found.region or (self._region(region, nation) if region else None)
            found.save(update_fields=["code", "region"])
        self._by_slug[found.slug] = found
        if found.code:
            self._by_code[found.code] = found
        return found

    def _free_slug(self, name: str) -> str:
        slug = slugify(name)[:110] or "contest"
        while slug in self._by_slug or slug in PAGES_OF_THE_NIGHT:
            slug = f"{slug}-2"
        return slug

    def _region(self, name: str, nation: str) -> Region:
        slug = slugify(name)[:80]
        if slug not in self._regions:
            self._regions[slug] = Region.objects.create(
                election=self.election, slug=slug, name=name, nation=nation
            )
        return self._regions[slug]
