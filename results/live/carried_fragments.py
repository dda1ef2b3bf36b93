"""The fragments that bulletins carry, for pages that need not render them again.

Only the ones that this release rendered, and only for pages in the language of the log.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from django.utils.safestring import SafeString, mark_safe

from electiondesk import release
from results.live.feed_list import is_entry
from results.live.fragments import NIGHT, Fragments, body_id, body_row_id
from results.models import Bulletin, Election

#: Entries of the feed that are kept: more than the live page has.
MOST_ENTRIES = 60
#: Parts of the whole night or of a council that pages take as they are. The feed's list is none,
#: because in bulletins it has no entries.
_PARTS = {*NIGHT, "corrections"} - {"feed"}
_OF_BODIES = (body_id(""), body_row_id(""))


@dataclass(frozen=True, slots=True)
class Carried:
    """A fragment as bulletin `sequence` carries it."""

    sequence: int
    html: SafeString


Entries = Mapping[str, Carried]


@dataclass(frozen=True, slots=True)
class CarriedFragments:
    """What some bulletins changed, by element id: each fragment as the last one carries it.

    A fragment that a page has to render itself is None.
    """

    by_id: Mapping[str, Carried | None]

    @classmethod
    def of(cls, election: Election, bulletins: Iterable[Bulletin]) -> "CarriedFragments":
        """Collect what `bulletins`, in their order, carry for the pages being read."""
        is_own_language = election.page_language == election.language
        by_id: dict[str, Carried | None] = {}
        for bulletin in bulletins:
            usable = is_own_language and bulletin.release == release.fingerprint()
            for name, html in bulletin.fragments.items():
                # Safe, because templates escaped it.
                safe = mark_safe(html) if usable and html else None  # noqa: S308
                by_id[name] = Carried(bulletin.sequence, safe) if safe else None
        return cls(by_id)

    def parts_after(self, parts: Fragments) -> Fragments:
        """Return the parts of pages after the bulletins, without those to be rendered."""
        unchanged = {name: html for name, html in parts.items() if name not in self.by_id}
        carried = {
            name: carried.html
            for name, carried in self.by_id.items()
            if carried and (name in _PARTS or name.startswith(_OF_BODIES))
        }
        return unchanged | carried

    def entries_after(self, entries: Entries) -> Entries:
        """Return the newest entries of the feed after the bulletins."""
        both = {name: entry for name, entry in entries.items() if name not in self.by_id}
        both |= {name: entry for name, entry in self.by_id.items() if entry and is_entry(name)}
        return dict(islice(both.items(), max(0, len(both) - MOST_ENTRIES), None))

    def row_and_hexagon(self, slug: str, version: int) -> tuple[SafeString, SafeString] | None:
        """Return a contest's row in lists and its hexagon, as of bulletin `version` or later.

        None where a page has to render them.
        """
        row, hexagon = self.by_id.get(f"row-{slug}"), self.by_id.get(f"hex-{slug}")
        if row is None or hexagon is None or min(row.sequence, hexagon.sequence) < version:
            return None
        return row.html, hexagon.html
