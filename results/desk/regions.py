"""Allocate seats to regions' lists, counting those that their constituencies have filled.

A region's revision stores its constituencies as they were (`Declaration.constituencies`). When a
constituency is declared, corrected or withdrawn, its region gets another revision in the same
transaction, with the same counts, if its seats can be allocated now or go to others.
"""

from dataclasses import replace

from django.utils.translation import gettext as _

from results.arithmetic import BallotCounts, Constituencies
from results.arithmetic.claims import claim_of, kind_of_revision
from results.arithmetic.decisions import RevisionKind
from results.live.seat import Seat
from results.models import NOT_AWAITED, Candidate, Contest, Declaration


def constituencies_of(contest: Contest) -> Constituencies:
    """Return the results so far of a region's constituencies. Costs two queries.

    A region without constituencies waits for them to be linked.
    """
    won: dict[str, int] = {}
    winners: list[int] = []
    awaited = linked = 0
    rows = Contest.objects.filter(region_contest=contest).order_by()
    for status, summary in rows.values_list("standing__status", "standing__summary"):
        linked += 1
        awaited += status not in NOT_AWAITED
        for elected in (summary or {}).get("elected", ()):
            won[elected["label"]] = won.get(elected["label"], 0) + 1
            winners.append(elected["candidate"])
    people = Candidate.objects.filter(pk__in=winners).exclude(person=None).values("person")
    also_here = Candidate.objects.filter(contest=contest, person__in=people)
    return Constituencies(
        won=won,
        elected=tuple(also_here.order_by("pk").values_list("pk", flat=True)),
        awaited=awaited if linked else 1,
    )


def with_constituencies(seat: Seat, ballot_counts: BallotCounts) -> BallotCounts:
    """Return a region's counts with its present constituencies; any other contest's unchanged."""
    if not seat.system.region:
        return ballot_counts
    return replace(ballot_counts, constituencies=constituencies_of(seat.contest))


def reallocated(region: Seat) -> tuple[RevisionKind, BallotCounts] | None:
    """Return the revision that a published region needs after a change of a constituency.

    It is None where the region has no result, where it waits for constituencies before and after,
    and where they have decided the same as before.
    """
    declaration = region.declaration
    if declaration is None or not region.has_result or not region.system.region:
        return None
    published = declaration.ballot_counts
    now = with_constituencies(region, published)
    assert now.constituencies is not None
    before = published.constituencies or Constituencies(awaited=1)
    if now.constituencies == before or (before.awaited and now.constituencies.awaited):
        return None
    order = [candidacy.id for candidacy in region.contest.candidacies]
    claims = [
        claim_of(counts, seats=region.contest.seats, ballot_order=order, system=region.system)
        for counts in (published, now)
    ]
    return kind_of_revision(*claims), now


def reason_of_reallocation(constituency: Contest, kind: Declaration.Kind, reason: str) -> str:
    """Return the reason shown to readers beside a region's correction."""
    if kind == Declaration.Kind.WITHDRAWAL:
        words = _("The result of %(constituency)s was withdrawn: %(reason)s")
    elif kind == Declaration.Kind.CORRECTION:
        words = _("The result of %(constituency)s was corrected: %(reason)s")
    else:
        return _("The result of %(constituency)s was declared.") % {
            "constituency": constituency.full_name
        }
    return words % {"constituency": constituency.full_name, "reason": reason}
