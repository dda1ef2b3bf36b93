"""Conflicts: what was published while a reporter's result was typed or on its way."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from results import desk
from results.live.candidate_names import told_apart
from results.live.seat import Seat
from results.models import Declaration, Standing
from results.words.full_stop import ended
from results.words.nouns import listing
from results.words.user_names import user_name


class PublishedMeanwhile(NamedTuple):
    """“Priya Rao published the winner only”, and the same with its bulletin and what it says."""

    title: str
    words: str


def published_meanwhile(seat: Seat, standing: Standing, reporter: User) -> PublishedMeanwhile:
    """Name the revision that stands now, and who published it.

    There is none, although the phone saw one, once the desk has gone back to older records.
    """
    declaration = standing.declaration
    if declaration is None:
        return PublishedMeanwhile(_("The desk has gone back to older records"), _("Ring the desk."))
    is_own = declaration.by_id == reporter.pk
    title = _("You have published here already") if is_own else _act(seat, standing, declaration)
    more = _details(seat, standing, declaration)
    values = {"what": title, "number": declaration.sequence, "more": more}
    if more:
        return PublishedMeanwhile(title, _("%(what)s, bulletin %(number)s: %(more)s") % values)
    return PublishedMeanwhile(title, _("%(what)s, bulletin %(number)s.") % values)


def _act(seat: Seat, standing: Standing, declaration: Declaration) -> str:
    """“Priya Rao withdrew what was published”."""
    values = {"name": user_name(declaration.by)}
    if declaration.withdrawn:
        return _("%(name)s withdrew what was published") % values
    if declaration.kind == Declaration.Kind.CORRECTION:
        return _("%(name)s published a correction") % values
    if standing.incomplete:
        return _("%(name)s published some totals") % values
    if standing.status == Standing.Status.WINNER_ONLY:
        if seat.contest.seats > 1:
            return _("%(name)s published the winners only") % values
        return _("%(name)s published the winner only") % values
    if declaration.ballot_counts.complete:
        return _("%(name)s published the full figures") % values
    return _("%(name)s published a result") % values


def _details(seat: Seat, standing: Standing, declaration: Declaration) -> str:
    """The winners of a winner only, and the reason of a correction or a withdrawal."""
    reason = ended(declaration.reason)
    if declaration.withdrawn or standing.status != Standing.Status.WINNER_ONLY:
        return reason
    winners = declaration.ballot_counts.winners
    names = [name for pk, name in told_apart(seat.candidates).items() if pk in winners]
    return f"{listing(names)}. {reason}".strip()


class Comparison(NamedTuple):
    """Rows of `{name, theirs, ours}` in ballot-paper order; whether figures of theirs stand."""

    rows: list[dict[str, Any]]
    has_theirs: bool


def compare_figures(
    seat: Seat, ours: Mapping[int, int | None], refusal: desk.StaleRevision
) -> Comparison:
    """Return the reporter's figures beside those that are published."""
    published = refusal.declaration
    stands = published is not None and not published.withdrawn
    theirs = published.ballot_counts.votes if published is not None and stands else {}
    rows = [
        {"name": name, "theirs": theirs.get(pk), "ours": ours.get(pk)}
        for pk, name in told_apart(seat.candidates).items()
    ]
    return Comparison(rows, any(row["theirs"] is not None for row in rows))


def may_follow(standing: Standing) -> bool:
    """Whether full figures may follow what was published: no result, or a winner only."""
    return not standing.has_result or standing.status == Standing.Status.WINNER_ONLY
