"""The map of single-member seats in one of its modes, and the endpoints of its script."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from results.live.cached_snapshot import CachedSnapshot
from results.live.fragments import without_indentation
from results.live.map_key import MapKey, map_key
from results.live.map_marks import SeatMark, mode_of
from results.live.night_cache import CachedContest
from results.models import Contest, Election
from results.reader import page_cache
from results.reader.moved import contest_view
from results.reader.pages import Context, serve_rendered
from results.reader.public import public_election
from results.words.map_modes import majority_steps, mode_names, steps_of, ward_mode_names
from results.words.seat_brief import lines_of, state_of


def asked_mode(request: HttpRequest) -> str:
    """The mode of `?map=`; empty for the first mode and for an unknown one."""
    return mode_of(request.GET.get("map", ""))


def ward_map_context(election: Election, mode: str) -> Context:
    """Context of a map of wards, whose modes the stylesheet draws.

    Lists, and candidates by single transferable vote, have no majorities.
    """
    modes = ward_mode_names(with_majority=election.rules.has_majority_of_votes)
    known = mode if mode in dict(modes) else modes[0][0]
    return {"ward_modes": modes, "ward_mode": known, "majority_steps": majority_steps()}


def map_context(snapshot: CachedSnapshot, mode: str) -> Context:
    """Context of the map's template, except for the hexagons."""
    if snapshot.has_separate_results:
        return {"mode": ""}
    pair = snapshot.swing_pair
    return {
        "mode": mode,
        "map_modes": mode_names(with_swing=pair is not None),
        "swing_pair": pair,
        "steps": steps_of(pair, snapshot.party_names) if mode else {},
        "map_key": key_of(snapshot),
    }


def key_of(snapshot: CachedSnapshot) -> MapKey:
    some = (snapshot.parties_of(cached) for cached in snapshot.cached_contests)
    held = [label for label, seats in snapshot.held.items() if seats]
    return map_key(some, held, snapshot.party_names)


@require_safe
def map_modes(request: HttpRequest, election_slug: str) -> HttpResponse:
    """`{"epoch", "sequence", "codes", "pair", "keys", "key"}`, fetched once a mode is chosen.

    `codes` are of all contests in order of slug, three characters each, “---” without a result.
    `keys` explain the modes, and `key` is the list beside the map, as HTML. Without such a map, it
    is empty.
    """
    election = public_election(election_slug)
    return serve_rendered(request, election, _modes_json, content_type="application/json")


def _modes_json(snapshot: CachedSnapshot) -> str:
    if snapshot.shows_wards or snapshot.has_separate_results:
        return "{}"
    context = {
        "election": snapshot.election,
        "snapshot": snapshot,
        **map_context(snapshot, "gains"),
    }
    pair = snapshot.swing_pair
    contests = sorted(snapshot.cached_contests, key=lambda cached: cached.contest.slug)
    document = {
        "epoch": str(snapshot.night.epoch),
        "sequence": snapshot.night.sequence,
        "codes": "".join(SeatMark(one.standing, pair).code or "---" for one in contests),
        "pair": pair,
        "keys": without_indentation(render_to_string("reader/_mode_keys.html", context)),
        "key": without_indentation(render_to_string("reader/_map_key.html", context)),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


@require_safe
@contest_view
def seat_brief(request: HttpRequest, election: Election, contest: Contest) -> HttpResponse:
    """The name card of one seat or ward, which the map's script fetches."""

    def render(snapshot: CachedSnapshot) -> str:
        cached = snapshot.cached.contests[contest.pk]
        return cached.made("brief", partial(_brief, snapshot, cached))

    return serve_rendered(request, election, render, cache=page_cache.CHOICES)


def _brief(snapshot: CachedSnapshot, cached: CachedContest) -> str:
    contest, standing = cached.contest, cached.standing
    summary = standing.summary if standing and standing.has_result else {}
    context = {
        "contest": contest,
        "place": contest.region.local_name if contest.region else "",
        "election": snapshot.election,
        "is_declared": bool(summary),
        "at": standing.first_declared_at if summary and standing else contest.expected_at,
        "label": next((one["label"] for one in summary.get("elected", ())), ""),
        "state": _state(snapshot, contest, summary),
        "lines": [*lines_of(summary, snapshot.party_names), *_defending(snapshot, contest)],
    }
    return without_indentation(render_to_string("reader/_seat_brief.html", context))


def _state(snapshot: CachedSnapshot, contest: Contest, summary: Mapping[str, Any]) -> str:
    if snapshot.shows_wards:
        ward = snapshot.ward(contest)
        words = (
            (ward.in_short, ward.change) if ward.has_result else (_was(ward.before), ward.status)
        )
        return " · ".join(filter(None, words))
    standing = getattr(contest, "standing", None)
    if summary or standing is None:
        return state_of(summary, snapshot.party_names) if summary else _("To come")
    return str(standing.status_name)


def _defending(snapshot: CachedSnapshot, contest: Contest) -> list[str]:
    """“Defending: Labour” of a seat to come; empty where that is not known."""
    mark = SeatMark(getattr(contest, "standing", None), None, snapshot.defender_of(contest))
    if not mark.defender:
        return []
    return [_("Defending: %(party)s") % {"party": snapshot.party_names[mark.defender].name}]


def _was(holders: str) -> str:
    return _("was %(holders)s") % {"holders": holders} if holders else ""
