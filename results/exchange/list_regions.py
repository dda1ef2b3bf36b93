"""Link constituencies of a candidates file to the region whose lists count their seats."""

from collections.abc import Iterable

from results.arithmetic import Method
from results.models import Contest, Election
from results.models.party_alias import spelling_key


def link_regions(election: Election, named: Iterable[tuple[Contest, str]] = ()) -> list[Contest]:
    """Set the region of each constituency that has none; return those that are left without.

    `named` are contests with the name of their region, "" for none given. Without a name it is the
    region that the contest is listed under, or the only one of the election, such as London. In
    kinds of election without such regions there is nothing to link.
    """
    if election.rules.method is not Method.VOTES:
        return []
    contests = list(Contest.objects.filter(election=election).select_related("region", "election"))
    regions = [contest for contest in contests if contest.elected_by is Method.LISTS]
    if not regions:
        return []
    by_name = {spelling_key(region.name): region for region in regions}
    names = {contest.pk: name for contest, name in named if name}
    left = []
    for contest in contests:
        if contest.elected_by is Method.LISTS or contest.region_contest_id is not None:
            continue
        listed = contest.region.name if contest.region else ""
        name = names.get(contest.pk) or listed
        region = by_name.get(spelling_key(name)) or (regions[0] if len(regions) == 1 else None)
        if region is None:
            left.append(contest)
            continue
        contest.region_contest = region
        contest.save(update_fields=["region_contest"])
    return left


def seats_not_counted(election: Election) -> list[str]:
    """Return a sentence about the constituencies whose seats no region's lists count, if any."""
    left = link_regions(election)
    if not left:
        return []
    contests = Contest.objects.filter(election=election).select_related("election")
    regions = [each.name for each in contests if each.elected_by is Method.LISTS]
    names = ", ".join(each.full_name for each in left)
    them = "its seat: name its region" if len(left) == 1 else "their seats: name their regions"
    known = ", ".join(sorted(regions))
    how = f"as the lists do ({known}) and load the file again"
    return [f"{names}: no lists count {them} {how}"]
