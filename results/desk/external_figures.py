"""Figures that others made, put in their labelled box: never before the close of poll."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from results.arithmetic import BLOCK, ValidationMessage, clean_text
from results.desk.errors import InvalidTransition, ValidationRefused
from results.desk.publishing import BulletinDraft, PublishResult, publish
from results.live.election_snapshot import ElectionSnapshot
from results.models import Bulletin, Election, ExternalFigures, Night


def external_figures(
    election: Election,
    seats: Mapping[str, int],
    *,
    kind: ExternalFigures.Kind,
    source: str,
    as_of: datetime,
    by: User,
    idempotency_key: str,
) -> PublishResult:
    """Publish seats by label of the tally as others have them; without any, end the box.

    Refused without a source, and with more seats than there are; NotNow before the close of poll:
    publishing an exit poll earlier is an offence (Representation of the People Act 1983, s. 66A).
    """
    source = clean_text(source)
    lines = [
        {"label": label, "seats": number}
        for label, number in sorted(seats.items(), key=lambda one: (-one[1], one[0]))
    ]
    if lines and not source:
        raise ValidationRefused([ValidationMessage("missing", BLOCK, "source", {})])

    def act(night: Night) -> BulletinDraft | Bulletin:
        if timezone.now() < election.polls_close:
            raise InvalidTransition(
                _("The polls are still open: nothing of this may be public yet.")
            )
        _require_house_total(ElectionSnapshot(election, night), seats)
        standing = ExternalFigures.objects.filter(election=election).order_by("-pk").first()
        if standing is not None and _same(standing, lines, kind, source, as_of):
            return Bulletin.objects.get(external_figures=standing)
        entered = ExternalFigures.objects.create(
            election=election,
            kind=kind,
            source=source,
            as_of=as_of,
            rows=lines,
            sequence=night.sequence + 1,
            by=by,
        )
        return BulletinDraft(
            kind=Bulletin.Kind.EXTERNAL_FIGURES,
            summary=str(entered),
            external_figures=entered,
            night_parts=("elsewhere",),
        )

    intent = {
        "act": "elsewhere",
        "kind": str(kind),
        "source": source,
        "as_of": as_of.isoformat(),
        "lines": lines,
    }
    return publish(election, by=by, idempotency_key=idempotency_key, intent=intent, act=act)


def _same(
    standing: ExternalFigures,
    lines: list[dict[str, object]],
    kind: str,
    source: str,
    as_of: datetime,
) -> bool:
    if not lines:
        return not standing.rows
    asked = (lines, str(kind), source, as_of)
    return (standing.rows, standing.kind, standing.source, standing.as_of) == asked


def _require_house_total(snapshot: ElectionSnapshot, seats: Mapping[str, int]) -> None:
    most = snapshot.election.house_seats or snapshot.seats
    if sum(seats.values()) > most:
        raise ValidationRefused(
            [ValidationMessage("too_many_seats", BLOCK, "figures", {"seats": most})]
        )
