"""Figures that others made, put in their labelled box: never before the close of poll."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from results.arithmetic import BLOCK, Finding, clean_text
from results.desk.errors import NotNow, Refused
from results.desk.press import Answer, Draft, publish
from results.live.scene import Scene
from results.models import Bulletin, BulletinKind, Election, Elsewhere, ElsewhereKind, Night


def elsewhere(
    election: Election,
    seats: Mapping[str, int],
    *,
    kind: ElsewhereKind,
    source: str,
    as_of: datetime,
    by: User,
    key: str,
) -> Answer:
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
        raise Refused([Finding("missing", BLOCK, "source", {})])

    def act(night: Night) -> Draft | Bulletin:
        if timezone.now() < election.polls_close:
            raise NotNow(_("The polls are still open: nothing of this may be public yet."))
        _insist_on_the_house(Scene(election, night), seats)
        standing = Elsewhere.objects.filter(election=election).order_by("-pk").first()
        if standing is not None and _same(standing, lines, kind, source, as_of):
            return Bulletin.objects.get(elsewhere=standing)
        entered = Elsewhere.objects.create(
            election=election,
            kind=kind,
            source=source,
            as_of=as_of,
            lines=lines,
            sequence=night.sequence + 1,
            by=by,
        )
        return Draft(
            kind=BulletinKind.ELSEWHERE,
            line=str(entered),
            elsewhere=entered,
            night_parts=("elsewhere",),
        )

    intent = {
        "act": "elsewhere",
        "kind": str(kind),
        "source": source,
        "as_of": as_of.isoformat(),
        "lines": lines,
    }
    return publish(election, by=by, key=key, intent=intent, act=act)


def _same(
    standing: Elsewhere, lines: list[dict[str, object]], kind: str, source: str, as_of: datetime
) -> bool:
    if not lines:
        return not standing.lines
    asked = (lines, str(kind), source, as_of)
    return (standing.lines, standing.kind, standing.source, standing.as_of) == asked


def _insist_on_the_house(scene: Scene, seats: Mapping[str, int]) -> None:
    most = scene.election.house_seats or scene.seats
    if sum(seats.values()) > most:
        raise Refused([Finding("too_many_seats", BLOCK, "figures", {"seats": most})])
