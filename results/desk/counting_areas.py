"""Copy a contest's ballot paper to its counting areas, and keep them equal."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from results.desk.errors import InvalidTransition
from results.models import Candidate, Contest, Total
from results.models.contest_lookup import plain_name

#: Columns that a candidate in a counting area shares with the whole contest's.
SHARED = (
    "name",
    "person_id",
    "party_id",
    "standing_as",
    "description",
    "ballot_order",
    "sitting_member",
    "list_position",
)


@transaction.atomic
def follow_ballot_paper(wholes: Iterable[Contest]) -> None:
    """Copy the candidates of these contests to each of their counting areas.

    Raises InvalidTransition where a removed candidate has votes in an area.
    """
    parts = Contest.objects.filter(part_of__in=[contest.pk for contest in wholes])
    for part in parts.select_related("part_of"):
        _follow(part)


def _follow(part: Contest) -> None:
    ballot = list(Candidate.objects.filter(contest=part.part_of_id).order_by("ballot_order"))
    own = list(Candidate.objects.filter(contest=part).order_by("ballot_order"))
    known = _paired(ballot, own)
    staying = list(known.values())
    gone = [each for each in own if each not in staying]
    with_votes = Total.objects.filter(candidate__in=gone).select_related("candidate").first()
    if with_votes is not None:
        words = {"name": with_votes.candidate.name, "area": part.full_name}
        raise InvalidTransition(_("%(name)s has votes in %(area)s: withdraw these first.") % words)
    Candidate.objects.filter(pk__in=[each.pk for each in gone]).delete()
    # Orders are unique, so that all candidates are moved away before the new order is stored.
    for number, each in enumerate(staying):
        Candidate.objects.filter(pk=each.pk).update(ballot_order=10_000 + number)
    for whole in ballot:
        candidate = known.get(whole.pk) or Candidate(contest=part, counts_for=whole)
        candidate.counts_for = whole
        for field in SHARED:
            setattr(candidate, field, getattr(whole, field))
        candidate.save()


def _paired(ballot: list[Candidate], own: list[Candidate]) -> dict[int, Candidate]:
    """Return an area's candidates by the id of the same candidate in the whole contest.

    Candidates of an area that was a contest by itself are matched by name and party.
    """
    paired = {whole.pk: each for whole in ballot for each in own if each.counts_for_id == whole.pk}
    unmatched = {
        (plain_name(each.name), each.label): each for each in own if each.counts_for_id is None
    }
    for whole in ballot:
        same = unmatched.pop((plain_name(whole.name), whole.label), None)
        if same is not None:
            paired.setdefault(whole.pk, same)
    return paired
