"""Link constituencies of a candidates file to the region whose lists count their seats."""

from collections.abc import Iterable, Mapping, Sequence

from results.arithmetic import ElectionKind, Method
from results.exchange.polls import BallotInFile
from results.models import Contest, Election, Standing
from results.models.party_alias import spelling_key

#: What files call the region of every constituency of a chamber, which has regions of its own.
NATIONS = frozenset(map(spelling_key, ("Scotland", "Wales")))


def link_regions(election: Election, ballots: Iterable[BallotInFile]) -> list[str]:
    """Set the region of each constituency; return a sentence for what is left open.

    It is the region that the file names, or that the contest is listed under; where neither names
    one, or in London, it is the only one of the election. What the file names puts right what was
    stored, unless a result counts on it. In kinds of election without such regions there is
    nothing to link.
    """
    if election.rules.method is not Method.VOTES:
        return []
    related = ("region", "election", "region_contest")
    contests = list(Contest.objects.filter(election=election).select_related(*related))
    regions = {
        spelling_key(each.name): each for each in contests if each.elected_by is Method.LISTS
    }
    if not regions:
        return []
    in_file = {ballot.contest.pk: ballot.region for ballot in ballots}
    left, notes = [], []
    for contest in contests:
        if contest.elected_by is Method.LISTS:
            continue
        named = _named(in_file.get(contest.pk, ""), election, regions)
        if contest.region_contest is not None:
            notes += _put_right(contest, contest.region_contest, named, regions) if named else []
            continue
        listed = contest.region.name if contest.region else ""
        region = _region(named or _named(listed, election, regions), regions)
        if region is None:
            left.append(contest)
        else:
            _link(contest, region)
    return [*notes, *_not_counted(left, regions.values())]


def _named(name: str, election: Election, regions: Mapping[str, Contest]) -> str:
    """The name if it is one of a region with lists, or may be meant for one; else ""."""
    key = spelling_key(name)
    is_other = election.kind == ElectionKind.LONDON_ASSEMBLY or key in NATIONS
    return "" if is_other and key not in regions else name


def _region(name: str, regions: Mapping[str, Contest]) -> Contest | None:
    """The region of this name; the only one there is where no name is given."""
    if name:
        return regions.get(spelling_key(name))
    return next(iter(regions.values())) if len(regions) == 1 else None


def _link(contest: Contest, region: Contest) -> None:
    contest.region_contest = region
    contest.save(update_fields=["region_contest"])


def _put_right(
    contest: Contest, stored: Contest, name: str, regions: Mapping[str, Contest]
) -> list[str]:
    """Link a constituency to the region of this name; return a sentence where that cannot be."""
    region = _region(name, regions)
    if region == stored:
        return []
    stays = f"{contest.full_name}: stays with the lists of {stored.name}, though the file names"
    if region is None:
        return [f"{stays} {name}: no list has that name"]
    counted = Standing.objects.filter(contest__in=[stored, region]).select_related("contest")
    for standing in counted:
        if standing.is_published:
            return [f"{stays} {name}: {standing.contest.name} has a result"]
    _link(contest, region)
    return []


def _not_counted(left: Sequence[Contest], regions: Iterable[Contest]) -> list[str]:
    """Return a sentence about the constituencies whose seats no region's lists count, if any."""
    if not left:
        return []
    names = ", ".join(each.full_name for each in left)
    them = "its seat: name its region" if len(left) == 1 else "their seats: name their regions"
    known = ", ".join(sorted(each.name for each in regions))
    how = f"as the lists do ({known}) and load the file again"
    return [f"{names}: no lists count {them} {how}"]
