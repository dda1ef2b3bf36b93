"""Differences between consecutive revisions of a declaration, value by value."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _, ngettext

from results.arithmetic import Candidacy, Outcome, Undecided, compute_outcome, system_of
from results.arithmetic.sorting import sort_key
from results.models import Contest, Declaration, Total
from results.words.nouns import listing
from results.words.number_format import grouped
from results.words.times import clock


@dataclass(frozen=True, slots=True)
class Difference:
    """One value before and after, as printed; an empty side was not known."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RevisionChange:
    """A revision and what it changed in the one before it."""

    contest: Contest
    declaration: Declaration
    differences: tuple[Difference, ...]
    before: Declaration | None = None

    @property
    def retraction(self) -> str:
        """The sentence that retracts a wrong winner; empty where those published still stand."""
        if self.before is None:
            return ""
        before, after = _winners(self.before), _winners(self.declaration)
        if before and self.is_withdrawal:
            return _("We said that %(then)s had won here. That is withdrawn.") % {
                "then": listing(before)
            }
        if not self.is_correction or not before:
            return ""
        if set(_elected(self.before)) != set(_elected(self.declaration)):
            return _taken_back(self.before, self.declaration)
        return " ".join(_party_retractions(self.before, self.declaration)) if after else ""

    @property
    def is_correction(self) -> bool:
        return self.declaration.kind == Declaration.Kind.CORRECTION

    @property
    def is_of_totals(self) -> bool:
        """Whether the revision changed incomplete totals, before there was a result."""
        return self.before is not None and self.before.incomplete

    @property
    def is_withdrawal(self) -> bool:
        return self.declaration.kind == Declaration.Kind.WITHDRAWAL


def revisions(contests: "QuerySet[Contest]") -> "QuerySet[Declaration]":
    """Return all revisions of these contests, oldest first, prefetched for `changes_in`."""
    totals = Total.objects.select_related("candidate").order_by("pk")
    return (
        Declaration.objects.filter(contest__in=contests)
        .select_related("contest__election", "by")
        .prefetch_related(Prefetch("totals", totals))
        .order_by("contest_id", "revision")
    )


def changes_in(declarations: Iterable[Declaration]) -> Iterator[RevisionChange]:
    """Yield the change by each revision after the first; `declarations` are as from `revisions`."""
    for before, after in pairwise(declarations):
        if before.contest_id == after.contest_id:
            yield RevisionChange(after.contest, after, tuple(differences(before, after)), before)


def _ballot_order(declaration: Declaration) -> tuple[list[int], list[Candidacy]]:
    """Return candidates' ids in ballot-paper order, and a revision's published candidacies."""
    totals = sorted(declaration.totals.all(), key=lambda total: total.candidate.ballot_order)
    order = [total.candidate_id for total in totals]
    candidacies = [
        Candidacy(id=row["id"], label=row["label"], list_position=row.get("list_position"))
        for row in _candidates_in(declaration)
    ]
    # In a list, only the first candidate has a total.
    order += [candidacy.id for candidacy in candidacies if candidacy.id not in order]
    return order, candidacies


def outcome_of(declaration: Declaration) -> Outcome | None:
    """The outcome of a revision's own counts; None if that cannot be decided."""
    order, candidacies = _ballot_order(declaration)
    contest = declaration.contest
    seats = (declaration.details or {}).get("seats", contest.seats)
    try:
        return compute_outcome(
            declaration.ballot_counts,
            seats=seats,
            ballot_order=order,
            # With the candidates as they were published; nobody is elected where votes are counted.
            system=contest.system
            if contest.is_counting_area
            else system_of(contest.election.kind, contest.method, candidacies),
        )
    except (Undecided, ValueError):
        return None


def _elected(declaration: Declaration) -> tuple[int, ...]:
    """Return ids of those a revision elects, in ballot-paper order; empty if not decided."""
    outcome = outcome_of(declaration)
    order, _candidacies = _ballot_order(declaration)
    return tuple(each for each in order if each in outcome.elected) if outcome else ()


def winners_of(declaration: Declaration) -> tuple[str, ...]:
    """Return names of those a revision elects, in ballot-paper order, as published."""
    names = _names_in(declaration)
    return tuple(names[each] for each in _elected(declaration))


def is_of_details(before: Declaration | None, after: Declaration) -> bool:
    """Whether a revision changed no figure, and nothing that the sentence of the result says."""
    if before is None or before.details is None or after.details is None:
        return False
    same_result = before.details.get("result") == after.details.get("result")
    return same_result and before.ballot_counts == after.ballot_counts


def newly_elected(before: Declaration, after: Declaration) -> tuple[str, ...]:
    """Return names of those whom a revision elects and the one before did not, as published."""
    names, then = _names_in(after), set(_elected(before))
    return tuple(names[each] for each in _elected(after) if each not in then)


def elected_labels(declaration: Declaration) -> set[str]:
    """Return labels of those a revision elects, as published; empty if not decided."""
    labels = {row["id"]: row["label"] for row in _candidates_in(declaration)}
    return {labels[each] for each in _elected(declaration) if each in labels}


def _winners(declaration: Declaration) -> tuple[str, ...]:
    """Return names of those a revision elects, sorted, as published."""
    return tuple(sorted(winners_of(declaration), key=sort_key))


def _taken_back(before: Declaration, after: Declaration) -> str:
    """Return the retraction that names only those elected who differ between two revisions."""
    then, now = set(_elected(before)), set(_elected(after))
    gone = [name for pk, name in _names_in(before).items() if pk in then - now]
    new = [name for pk, name in _names_in(after).items() if pk in now - then]
    if not gone:
        return ""
    words = {"then": listing(sorted(gone, key=sort_key))}
    if not new:
        return _("We said that %(then)s had won here. That was wrong.") % words
    words["now"] = listing(sorted(new, key=sort_key))
    return (
        ngettext(
            "We said that %(then)s had won here. That was wrong: %(now)s has won.",
            "We said that %(then)s had won here. That was wrong: %(now)s have won.",
            len(new),
        )
        % words
    )


def _names_in(declaration: Declaration) -> dict[int, str]:
    """Return candidates' names by id, as published with the revision."""
    published = {row["id"]: row["name"] for row in _candidates_in(declaration)}
    counted = {
        total.candidate_id: published.get(total.candidate_id, total.candidate.name)
        for total in declaration.totals.all()
    }
    return counted | published


def _counted_names(declaration: Declaration) -> dict[int, str]:
    """Return the names of what has votes, as published: of a list its party's, not a person's."""
    lists = {
        row["id"]: row["party"]
        for row in _candidates_in(declaration)
        if row.get("list_position") is not None
    }
    return _names_in(declaration) | lists


def _candidates_in(declaration: Declaration) -> list[dict[str, Any]]:
    """Return the ballot paper published with the revision; empty where it is not known."""
    rows: list[dict[str, Any]] = (declaration.details or {}).get("candidates", [])
    return rows


def differences(before: Declaration, after: Declaration) -> Iterator[Difference]:
    """Yield the values that differ between two revisions. A withdrawal removes all known ones."""
    names = _names(before, after)
    if before.kind == Declaration.Kind.WITHDRAWAL:
        # It keeps the time of what it withdraws, which was no declaration of what follows.
        del names["declared"]
    old, new = _printed_values(before), _printed_values(after)
    counts = [
        Difference(name, old.get(key, ""), new.get(key, ""))
        for key, name in names.items()
        if old.get(key, "") != new.get(key, "")
    ]
    details = list(_detail_differences(before, after))
    named = {(difference.before, difference.after) for difference in details}
    # A winner who was renamed is one difference, not two.
    yield from (each for each in counts if (each.before, each.after) not in named)
    yield from details
    if not counts:
        yield from _computed_differences(before, after)


def _computed_differences(before: Declaration, after: Declaration) -> Iterator[Difference]:
    """Yield differences of computed facts for the same counts: hold or gain, swing, deposits."""
    # Revisions of earlier releases have only names.
    if not (before.details and after.details and before.details["result"]):
        return
    names = {"result": _("Result"), "swing": _("Swing"), "lost_deposits": _("Lost deposits")}
    for key, name in names.items():
        if before.details[key] == after.details[key]:
            continue
        then, now = _printed_detail(before, key), _printed_detail(after, key)
        if then != now:
            yield Difference(name, then, now)


def _printed_detail(declaration: Declaration, key: str) -> str:
    value: str | list[str] = (declaration.details or {})[key]
    if isinstance(value, str):
        return value
    # Earlier releases stored the first person of a list whose deposit was lost.
    lists = {
        row["name"]: row["party"]
        for row in _candidates_in(declaration)
        if row.get("list_position") is not None
    }
    return ", ".join(lists.get(name, name) for name in value)


def _detail_differences(before: Declaration, after: Declaration) -> Iterator[Difference]:
    """Yield differences of the names, parties and places published with two revisions."""
    if not before.details or not after.details:
        return
    whole = {
        "contest": _("Name"),
        "seats": _("Seats"),
        "body": _("Body"),
        "region": _("Region"),
    }
    then, now = before.details, after.details
    for key, name in whole.items():
        # Earlier releases did not store the body.
        if key in then and then[key] != now.get(key):
            yield Difference(name, str(then[key]), str(now.get(key, "")))
    old = {row["id"]: (place, row) for place, row in enumerate(_candidates_in(before), start=1)}
    for place, row in enumerate(_candidates_in(after), start=1):
        if row["id"] in old:
            yield from _candidate_differences(*old[row["id"]], place, row)


def _candidate_differences(
    old_place: int, old: Mapping[str, Any], place: int, new: Mapping[str, Any]
) -> Iterator[Difference]:
    who = {"name": new["name"]}
    if old["name"] != new["name"]:
        yield Difference(_("Candidate’s name"), old["name"], new["name"])
    if (old["label"], old["party"]) != (new["label"], new["party"]):
        yield Difference(_("Party of %(name)s") % who, old["party"], new["party"])
    if old["description"] != new["description"]:
        yield Difference(_("Description of %(name)s") % who, old["description"], new["description"])
    if old_place != place:
        name = _("Place of %(name)s on the ballot paper") % who
        yield Difference(name, str(old_place), str(place))


def _party_retractions(before: Declaration, after: Declaration) -> Iterator[str]:
    """Yield a sentence for each winner who was published with another party."""
    old = {row["id"]: row for row in _candidates_in(before)}
    elected = _elected(after)
    for row in _candidates_in(after):
        then = old.get(row["id"])
        if row["id"] in elected and then is not None and then["label"] != row["label"]:
            yield _("We said that %(name)s had won here for %(then)s. That was wrong: %(now)s.") % {
                "name": row["name"],
                "then": then["party"],
                "now": row["party"],
            }


def _names(*declarations: Declaration) -> dict[str, str]:
    """Return the printed name of each value by key, in page order."""
    return {
        "elected": _("Elected"),
        **{
            f"votes-{candidate}": name
            for declaration in declarations
            for candidate, name in _counted_names(declaration).items()
        },
        "declared": _("Time of declaration"),
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
        # In the election's time zone, since any may be active where a bulletin is created.
        zone = declaration.contest.election.zone
        printed["declared"] = clock(declaration.declared_at, zone)
    if declaration.turnout_announced is not None:
        printed["turnout"] = f"{declaration.turnout_announced.normalize():f}%"
    names = _names_in(declaration)
    drawn = ", ".join(names[total.candidate_id] for total in totals if total.drawn_by_lot)
    named = {"elected": ", ".join(_winners(declaration)), "lot": drawn}
    return printed | {key: names for key, names in named.items() if names}
