"""Build alerts for followers of a seat, a party or the night: one sentence each, as of now.

They are read from the log. There are none from before the close of poll, and none of a rehearsal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from results.live.election_snapshot import ElectionSnapshot
from results.live.feed import milestone_line, publication_times
from results.live.fragments import election_locale
from results.live.revision_differences import (
    differences,
    elected_labels,
    is_of_details,
    revisions,
)
from results.live.seat import with_results
from results.live.seat_summary import has_gain
from results.models import Bulletin, Contest, Declaration, Election, Milestone, Night
from results.words.party_names import PartyNames, load_party_names
from results.words.seat_sentences import result_sentence

DECLARED, GAIN, CORRECTED, WITHDRAWN = "declared", "gain", "corrected", "withdrawn"
#: A milestone of the night, such as a majority.
NIGHT = "night"
#: How many corrected details an alert names.
MOST_DETAILS = 3

_DECLARED = (Bulletin.Kind.DECLARATION, Bulletin.Kind.WINNER_ONLY, Bulletin.Kind.UNOPPOSED)
_CHANGED = (Bulletin.Kind.CORRECTION, Bulletin.Kind.WITHDRAWAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """An alert: one sentence, with the contest and the parties that it is about.

    `contest` is the slug of the contest, "" for the night's. `parties` are the labels that gained
    or lost a seat by it; of a correction or withdrawal, also those that had done so before it.
    """

    sequence: int
    kind: str
    text: str
    #: When it was published; None where that is not known.
    at: datetime | None
    contest: str = ""
    parties: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "sequence": self.sequence,
            "kind": self.kind,
            "text": self.text,
            "contest": self.contest,
            "parties": list(self.parties),
        }


def may_alert(election: Election) -> bool:
    """Whether this election has alerts at this moment."""
    return not election.rehearsal and timezone.now() >= election.polls_close


def alerts_since(night: Night, since: int, *, about: str | None = None) -> list[Alert]:
    """Return alerts of the bulletins after `since`, oldest first; only the newest of a contest.

    That way nobody is sent a result that was withdrawn or corrected before they saw it. `about` is
    the slug of the only contest that is wanted, "" for the night's own.
    """
    election = night.election
    if not may_alert(election):
        return []
    found: dict[int, list[Bulletin]] = {}
    for bulletin in _log(election, since, about):
        assert bulletin.contest_id is not None
        found.setdefault(bulletin.contest_id, []).append(bulletin)
    newest = [each[-1] for each in found.values()]
    before = _labels_before([each for each in newest if each.kind in _CHANGED])
    party_names = load_party_names(election.date)
    with election_locale(election):
        details = _corrected_details(found)
        items = [
            item
            for bulletin in newest
            if (key := bulletin.contest_id or 0)
            and (item := _item(bulletin, before.get(key, ()), details.get(key), party_names))
        ]
        items += [] if about else _milestones(night, since)
    return sorted(items, key=lambda item: (item.sequence, item.contest))


def _log(election: Election, since: int, about: str | None) -> Iterable[Bulletin]:
    log = Bulletin.objects.filter(
        election=election,
        sequence__gt=since,
        kind__in=[*_DECLARED, *_CHANGED],
        published_at__gte=election.polls_close,
        # Corrections of a whole election have no contest.
        contest__isnull=False,
        contest__part_of=None,
    )
    if about is not None:
        log = log.filter(contest__slug=about)
    return log.defer("fragments").select_related("contest__standing").order_by("sequence")


def _item(
    bulletin: Bulletin, before: Iterable[str], details: str | None, party_names: PartyNames
) -> Alert | None:
    """Return a bulletin's alert; None where a later bulletin has withdrawn the result.

    `details` is the sentence of a correction that leaves the result as it is.
    """
    contest = bulletin.contest
    assert contest is not None
    standing = contest.standing
    if bulletin.kind == Bulletin.Kind.WITHDRAWAL:
        kind = WITHDRAWN
        text = _("Withdrawn: what we published of %(seat)s.") % {"seat": contest.full_name}
    elif not standing.has_result:
        return None
    else:
        result = result_sentence(contest.full_name, standing.summary, party_names)
        kind = GAIN if has_gain(standing.summary) else DECLARED
        text = f"{result}."
        if bulletin.kind == Bulletin.Kind.CORRECTION:
            text = details or _("Corrected: %(result)s.") % {"result": result}
            kind = CORRECTED
    return Alert(
        sequence=bulletin.sequence,
        kind=kind,
        text=text,
        at=bulletin.published_at,
        contest=contest.slug,
        parties=tuple(sorted({*_changed_labels(standing.summary), *before})),
    )


def _corrected_details(found: Mapping[int, Sequence[Bulletin]]) -> dict[int, str]:
    """Return by contest what corrections have changed whose result is still the one before them.

    `found` are the bulletins of each contest, oldest first. Where another is among them, the result
    itself is still to be told. Costs two queries where there are such corrections.
    """
    corrected = {
        contest: bulletins
        for contest, bulletins in found.items()
        if all(each.kind == Bulletin.Kind.CORRECTION for each in bulletins)
    }
    if not corrected:
        return {}
    texts = {}
    log = revisions(Contest.objects.filter(pk__in=corrected))
    for key, declarations in groupby(log, attrgetter("contest_id")):
        first, changes = corrected[key][0].sequence, list(declarations)
        earlier = [each for each in changes if each.sequence < first]
        if earlier and is_of_details(earlier[-1], changes[-1]):
            texts[key] = _details_sentence(earlier[-1], changes[-1])
    return texts


def _details_sentence(before: Declaration, after: Declaration) -> str:
    words = {"seat": after.contest.full_name}
    changed = list(differences(before, after))
    if not 0 < len(changed) <= MOST_DETAILS:
        return f"{_('Corrected: details of %(seat)s') % words}."
    words["what"] = "; ".join(
        f"{each.name}: {each.before or '–'} → {each.after or '–'}" for each in changed
    )
    return _("Corrected: details of %(seat)s (%(what)s).") % words


def _changed_labels(summary: dict[str, Any]) -> set[str]:
    """Return the labels that gained a seat or lost one."""
    labels = set()
    for elected in summary.get("elected", ()):
        if elected["gained_from"] or not (elected["hold"] or elected.get("new", True)):
            labels |= {elected["label"], elected["gained_from"] or ""}
    return labels - {""}


def _labels_before(changed: list[Bulletin]) -> dict[int, set[str]]:
    """Return by contest the labels that gained or lost a seat by the revision before.

    Where the holders are not known, they are all that it elected. Costs three or more queries where
    anything was corrected or withdrawn, and none otherwise.
    """
    if not changed:
        return {}
    keys = [bulletin.contest_id for bulletin in changed if bulletin.contest_id is not None]
    contests = {each.pk: each for each in with_results(Contest.objects.filter(pk__in=keys))}
    previous = (
        Declaration.objects.filter(contest__in=keys, revision=F("contest__standing__revision") - 1)
        .select_related("contest__election")
        .prefetch_related("totals__candidate")
    )
    found: dict[int, set[str]] = {}
    for declaration in previous:
        now = contests[declaration.contest_id]
        held = {holder.label for holder in now.holders or ()}
        won = elected_labels(declaration)
        found[declaration.contest_id] = won ^ held if won and held else won
    return found


def _milestones(night: Night, since: int) -> list[Alert]:
    election = night.election
    rows = list(Milestone.objects.filter(election=election, undone_by=None, sequence__gt=since))
    times = publication_times(election, {row.sequence for row in rows}) if rows else {}
    snapshot = ElectionSnapshot(election, night)
    return [
        Alert(
            sequence=row.sequence,
            kind=NIGHT,
            at=times[row.sequence] if row.at else None,
            text=f"{milestone_line(snapshot, row)}.",
            parties=(row.label,) if row.label else (),
        )
        for row in rows
        if row.at is None or row.at >= election.polls_close
    ]
