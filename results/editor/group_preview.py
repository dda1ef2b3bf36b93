"""Preview of a group of contests: its page as readers would see it."""

from django.template.loader import render_to_string

from results.live.area_snapshot import AreaSnapshot
from results.live.cached_snapshot import CachedSnapshot
from results.live.fragments import election_locale
from results.live.night_cache import read_night
from results.live.targets import battleground_of, swing_in
from results.models import Group, Night

#: Rows of contests that a preview lists.
MAX_ROWS = 60


def group_document(group: Group) -> str:
    """The group's page as an HTML document: tally, swing needed, contests.

    Reads the whole night anew: what is saved only for the moment must not be kept for readers.
    """
    election = group.election
    night = Night.objects.get(election=election)
    snapshot = CachedSnapshot(election, read_night(election, night))
    area = AreaSnapshot(snapshot, group)
    with election_locale(election):
        context = {
            "election": election,
            "language": election.page_language,
            "group": group,
            "snapshot": snapshot,
            "area_snapshot": area,
            "party_styles": snapshot.party_styles,
            "swing": swing_in(area),
            "battleground": battleground_of(snapshot, area.cached_contests),
            "rows": [snapshot.row(contest) for contest in area.cached_contests[:MAX_ROWS]],
            "more": max(0, len(area.cached_contests) - MAX_ROWS),
        }
        return render_to_string("editor/group_preview_page.html", context)
