"""Publish pages again after an editor changed details, if readers see the change.

What readers see is rendered before and after and compared, so there is no list of fields to keep.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Field, Model, QuerySet
from django.utils.translation import gettext as _, ngettext

from results import desk
from results.editor.annotations import DbField
from results.editor.detail_corrections import DetailCorrections, has_published_result
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import render_row, render_seat, render_seat_quotes
from results.live.seat import Seat, with_results
from results.live.seat_summary import summary_of_seat
from results.models import WITH_RESULT, Contest, Election, Night
from results.words.party_names import load_party_names
from results.words.seat_sentences import result_sentence

#: Results that the correction of a rule lists.
LISTED = 20


@dataclass(frozen=True, slots=True)
class VisibleContest:
    """Visible facts of a contest, for comparison: on its own page and on the election's."""

    # No bulletin carries these: the contest's address, its name in titles, its order in lists, and
    # the body in whose tally it counts.
    identity: tuple[object, ...]
    fragments: dict[str, str]
    counted: tuple[object, ...]
    # Facts in the public log and in exports, which no page shows in full.
    stated: str


def visible_contest(contest_pk: int) -> VisibleContest | None:
    """Read the contest as it is stored; None where it is not."""
    contest = with_results(Contest.objects.filter(pk=contest_pk)).first()
    if contest is None:
        return None
    snapshot = ElectionSnapshot(contest.election)
    seat = snapshot.seat(contest)
    return VisibleContest(
        identity=(
            *(contest.slug, contest.full_name, contest.name_cy),
            *(contest.region_id, contest.body_id),
        ),
        fragments={
            **render_seat(snapshot, seat),
            **render_seat_quotes(snapshot, contest),
            **render_row(snapshot, contest),
        },
        counted=(
            *(contest.seats, summary_of_seat(seat), seat.contribution.to_json()),
            tuple(candidate.as_elected for candidate in contest.candidates.all()),
        ),
        stated=desk.stated_of(seat),
    )


def republish_contest(
    contest: Contest, before: VisibleContest | None, corrections: DetailCorrections
) -> str:
    """Publish what has changed since `before`; a sentence about what was done.

    A changed claim about a published result is published as a correction.
    """
    election = Election.objects.get(pk=contest.election_id)
    after = visible_contest(contest.pk) if contest.pk else None
    # Not only what this form changed: a file may have changed what was published before.
    # Its counting areas have its ballot paper.
    shown = [contest, *contest.parts.all()] if contest.pk else []
    corrected = desk.contests_corrected(shown)
    if before == after and not corrected:
        return nothing_published()
    words = ""
    if before is None or after is None or before.identity != after.identity:
        words = start_new_epochs([election])
    elif contest not in corrected:
        words = republish_fragments(election, shown, by=corrections.by)
    if corrected:
        corrections.correct_contests(election, corrected)
    return words


def republish_fragments(
    election: Election, contests: Sequence[Contest], *, by: User, summary: str = ""
) -> str:
    """Publish the fragments of some contests, or without any the night's; say what was done."""
    # Before the first bulletin there is no stream to keep complete, and nobody reads one that was
    # withdrawn.
    if not election.is_published or Night.objects.get(election=election).sequence == 0:
        return start_new_epochs([election])
    key = f"details-{uuid.uuid4()}"
    result = desk.republish(election, contests, by=by, idempotency_key=key, summary=summary)
    return _("Readers see the change: published as bulletin %(number)d.") % {
        "number": result.sequence
    }


def changed_values(
    model: type[Model],
    claimed: Sequence[str],
    before: object,
    after: object,
    columns: Sequence[str],
) -> list[tuple[str, str, str]]:
    """(label, before, after) of each claimed column that differs between two rows of values."""
    assert isinstance(before, tuple)
    assert isinstance(after, tuple)
    old, new = dict(zip(columns, before, strict=True)), dict(zip(columns, after, strict=True))
    changes = []
    for name in claimed:
        if old[name] != new[name]:
            column = model._meta.get_field(name.split("__")[0])
            assert isinstance(column, Field)
            label = str(column.verbose_name).capitalize()
            changes.append(
                (label, printed_value(column, old[name]), printed_value(column, new[name]))
            )
    return changes


def printed_value(column: DbField, value: object) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    choices = dict(column.flatchoices)
    return str(choices.get(value, "" if value is None else value))


def republish_elections(
    elections: Sequence[Election],
    changes: Sequence[tuple[str, str, str]],
    corrections: DetailCorrections,
    *,
    was_final: bool | None = None,
) -> str:
    """Publish details that many contests share, with `changes` of what readers were told.

    Elections without a published result need no correction: their open pages reload. Nor do those
    that were withdrawn, where nothing can be published. Contests
    whose candidates stand for another party now are corrected one by one.
    """
    published = [
        election
        for election in elections
        if changes and election.is_published and has_published_result(election)
    ]
    for election in published:
        contests = Contest.objects.filter(election=election, standing__status__in=WITH_RESULT)
        relabelled = desk.contests_corrected(contests, computed=False)
        resulting = _resulting_changes(election, contests)
        corrections.correct_election(election, [*changes, *resulting])
        corrections.correct_contests(election, relabelled)
    others = [election for election in elections if election not in published]
    return start_new_epochs(others, was_final=was_final)


def _resulting_changes(
    election: Election, contests: "QuerySet[Contest]"
) -> list[tuple[str, str, str]]:
    """Return (contest, before, after) of results whose sentence changes under the new rules.

    The standings must be as they were published last. Of more than `LISTED`, the rest is counted.
    """
    party_names, changes = load_party_names(election.date), []
    for contest in with_results(contests.order_by("sort_key", "pk")):
        seat = Seat(contest, party_names)
        then, now = (
            result_sentence(contest.full_name, summary, party_names)
            for summary in (seat.standing.summary, summary_of_seat(seat))
        )
        if then != now:
            changes.append((contest.full_name, then, now))
    return listed_changes(changes)


def listed_changes(changes: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return the first changes of results, and how many more there are."""
    more = len(changes) - LISTED
    if more <= 0:
        return list(changes)
    rest = ngettext("%(n)d more result", "%(n)d more results", more) % {"n": more}
    return [*changes[:LISTED], (rest, _("as before"), _("by the new rules"))]


def start_new_epochs(elections: Sequence[Election], *, was_final: bool | None = None) -> str:
    """Make every open page of the elections reload; a sentence about what was done.

    Pages of a night that is closed ask for nothing more; `was_final` says so of the time before,
    where that has changed.
    """
    for election in elections:
        desk.start_new_epoch(election)
    if not elections:
        return nothing_published()
    public = [election for election in elections if election.is_published]
    if not public:
        return _("Readers do not see this election, so nothing was published.")
    final = [each for each in public if (each.final if was_final is None else was_final)]
    live = [election for election in public if election not in final]
    sentences = []
    if live:
        text = _("Readers see the change: every open page of %(elections)s loads itself afresh.")
        sentences.append(text % {"elections": _names(live)})
    if final:
        text = _(
            "Readers see the change on the pages of %(elections)s. A page that is open already "
            "says “Final”: it changes when it is next loaded."
        )
        sentences.append(text % {"elections": _names(final)})
    return " ".join(sentences)


def _names(elections: Sequence[Election]) -> str:
    return ", ".join(election.name for election in elections)


def nothing_published() -> str:
    return _("Nothing that readers see has changed, so nothing was published.")
