"""Sentences of a headline: how many seats have declared, and which parties are up and down."""

from typing import Any

from django.utils.translation import gettext as _, ngettext

from results.arithmetic import NetChange
from results.words.party_names import PartyNames


def seats_declared(declared: int, seats: int) -> str:
    return ngettext(
        "%(declared)d of %(seats)d seats has declared",
        "%(declared)d of %(seats)d seats have declared",
        declared,
    ) % {"declared": declared, "seats": seats}


def changes_sentence(
    changes: tuple[NetChange | None, NetChange | None], declared: int, party_names: PartyNames
) -> str:
    """Return the largest rise and fall as “Conservatives up 30 seats, Labour down 37”.

    Where there is only one: “Conservatives up 12 seats after 140”; empty where there is none.
    """
    up, down = changes
    params: dict[str, Any] = {"declared": declared}
    if up:
        params |= {"risen": party_names[up.label].collective, "up": up.net}
    if down:
        params |= {"fallen": party_names[down.label].collective, "down": -down.net}
    if up and down:
        return _("%(risen)s up %(up)d\u00a0seats, %(fallen)s down %(down)d") % params
    if up:
        return _("%(risen)s up %(up)d\u00a0seats after %(declared)d") % params
    if down:
        return _("%(fallen)s down %(down)d\u00a0seats after %(declared)d") % params
    return ""
