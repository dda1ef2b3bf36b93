"""Differences between consecutive revisions of a declaration, value by value."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from results.arithmetic import Undecided, compute_outcome
from results.models import Contest, Declaration
from results.words.number_format import grouped


@dataclass(frozen=True, slots=True)
class Difference:
    """One value before and after, as printed; an empty side was not known."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """A revision and what it changed in the one before it."""

    contest: Contest
    declaration: Declaration
    differences: tuple[Difference, ...]
    before: Declaration | None = None

    @property
    def retraction(self) -> str:
        """The sentence that takes the wrong winner back; empty unless a correction changed it."""
        if not self.is_correction or self.before is None:
            return ""
        before, after = _winners(self.before), _winners(self.declaration)
        if not before or not after or before == after:
            return ""
        return _("We said that %(then)s had won here. That was wrong: %(now)s has won.") % {
            "then": _(" and ").join(before),
            "now": _(" and ").join(after),
        }

    @property
    def is_correction(self) -> bool:
        return self.declaration.kind == Declaration.Kind.CORRECTION

    @property
    def is_withdrawal(self) -> bool:
        return self.declaration.kind == Declaration.Kind.WITHDRAWAL


def revisions(contests: "QuerySet[Contest]") -> "QuerySet[Declaration]":
    """All revisions of these contests, oldest first, with what `changes_in` reads."""
    return (
        Declaration.objects.filter(contest__in=contests)
        .select_related("contest__election")
        .prefetch_related("totals__candidate")
        .order_by("contest_id", "revision")
    )


def changes_in(declarations: Iterable[Declaration]) -> Iterator[Change]:
    """What each revision after a contest's first changed; `declarations` as from `revisions`."""
    for before, after in pairwise(declarations):
        if before.contest_id == after.contest_id:
            yield Change(after.contest, after, tuple(differences(before, after)), before)


def _winners(declaration: Declaration) -> tuple[str, ...]:
    """Names of those a revision elects, sorted; empty if that cannot be decided."""
    totals = sorted(declaration.totals.all(), key=lambda total: total.candidate.ballot_order)
    names = {total.candidate_id: total.candidate.name for total in totals}
    try:
        outcome = compute_outcome(
            declaration.ballot_counts, seats=declaration.contest.seats, ballot_order=list(names)
        )
    except (Undecided, ValueError):
        return ()
    return tuple(sorted(names[elected] for elected in outcome.elected))


def differences(before: Declaration, after: Declaration) -> Iterator[Difference]:
    """The values that differ between two revisions. A withdrawal removes every known one."""
    names = _names(before, after)
    old, new = _printed_values(before), _printed_values(after)
    for key, name in names.items():
        if old.get(key, "") != new.get(key, ""):
            yield Difference(name, old.get(key, ""), new.get(key, ""))


def _names(*declarations: Declaration) -> dict[str, str]:
    """The label of each value by key, in the order of the page."""
    return {
        **{
            f"votes-{total.candidate_id}": total.candidate.name
            for declaration in declarations
            for total in declaration.totals.all()
        },
        "declared": _("Time of declaration"),
        "elected": _("Announced as elected"),
        "lot": _("Drawn by lot"),
        "rejected": _("Rejected ballots"),
        "electorate": _("Electorate"),
        "turnout": _("Turnout as announced"),
        "papers": _("Ballot papers at verification"),
    }


def _printed_values(declaration: Declaration) -> Mapping[str, str]:
    """Every known value of a revision by key, as printed."""
    totals = list(declaration.totals.all())
    counts = {f"votes-{total.candidate_id}": total.votes for total in totals}
    counts |= {
        "rejected": declaration.rejected,
        "electorate": declaration.electorate,
        "papers": declaration.papers,
    }
    printed = {key: grouped(count) for key, count in counts.items() if count is not None}
    if declaration.declared_at is not None:
        # By the election's clock, whichever time zone is active where a bulletin is created.
        zone = declaration.contest.election.zone
        printed["declared"] = timezone.localtime(declaration.declared_at, zone).strftime("%H:%M")
    if declaration.turnout_announced is not None:
        printed["turnout"] = f"{declaration.turnout_announced.normalize():f}%"
    for key, flag in (("elected", "announced_elected"), ("lot", "drawn_by_lot")):
        names = ", ".join(total.candidate.name for total in totals if getattr(total, flag))
        if names:
            printed[key] = names
    return printed
