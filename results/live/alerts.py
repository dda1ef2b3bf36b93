"""Build alerts for followers of a seat, a party or the night: one sentence each, as of now.

They are read from the log. There are none from before the close of poll, and none of a rehearsal.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from results.live.election_snapshot import ElectionSnapshot
from results.live.feed import milestone_line, publication_times
from results.live.fragments import election_locale
from results.live.revision_differences import elected_labels
from results.live.seat import with_results
from results.live.seat_summary import has_gain
from results.models import Bulletin, Contest, Declaration, Election, Milestone, Night
from results.words.party_names import PartyNames, load_party_names
from results.words.seat_sentences import result_sentence

DECLARED, GAIN, CORRECTED, WITHDRAWN = "declared", "gain", "corrected", "withdrawn"
#: A milestone of the night, such as a majority.
NIGHT = "night"

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


def alerts_since(night: Night, since: int) -> list[Alert]:
    """Return alerts of the bulletins after `since`, oldest first; only the newest of a contest.

    That way nobody is sent a result that was withdrawn or corrected before they saw it.
    """
    election = night.election
    if not may_alert(election):
        return []
    newest: dict[int, Bulletin] = {}
    for bulletin in _log(election, since):
        assert bulletin.contest_id is not None
        newest[bulletin.contest_id] = bulletin
    changed = [each for each in newest.values() if each.kind in _CHANGED]
    before = _labels_before(changed)
    party_names = load_party_names(election.date)
    with election_locale(election):
        items = [
            item
            for bulletin in newest.values()
            if (item := _item(bulletin, before.get(bulletin.contest_id or 0, ()), party_names))
        ]
        items += _milestones(night, since)
    return sorted(items, key=lambda item: (item.sequence, item.contest))


def _log(election: Election, since: int) -> Iterable[Bulletin]:
    log = Bulletin.objects.filter(
        election=election,
        sequence__gt=since,
        kind__in=[*_DECLARED, *_CHANGED],
        published_at__gte=election.polls_close,
        # Corrections of a whole election have no contest.
        contest__isnull=False,
        contest__part_of=None,
    )
    return log.defer("fragments").select_related("contest__standing").order_by("sequence")


def _item(bulletin: Bulletin, before: Iterable[str], party_names: PartyNames) -> Alert | None:
    """Return a bulletin's alert; None where a later bulletin has withdrawn the result."""
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
            kind, text = CORRECTED, _("Corrected: %(result)s.") % {"result": result}
    return Alert(
        sequence=bulletin.sequence,
        kind=kind,
        text=text,
        at=bulletin.published_at,
        contest=contest.slug,
        parties=tuple(sorted({*_changed_labels(standing.summary), *before})),
    )


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
