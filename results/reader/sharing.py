"""Structured data of the live page for search engines: schema.org's LiveBlogPosting."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from results.live.cached_snapshot import CachedSnapshot
from results.live.house_style import logo_address
from results.models import Bulletin, Election, HouseStyle
from results.reader.addresses import absolute
from results.reader.entries import FeedQuery, ReaderEntry, entries

#: Entries of the feed that are included.
UPDATES = 5
#: Characters that could end a script element.
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a night with a page of its own: its path, its words, and its contests' keys."""

    path: str
    headline: str
    description: str
    within: Collection[int]


def live_blog(
    request: HttpRequest, snapshot: CachedSnapshot, part: Part | None = None
) -> SafeString:
    """The live page, or that of a part of the night, as JSON-LD; empty for a rehearsal.

    https://schema.org/LiveBlogPosting
    """
    election = snapshot.election
    if election.rehearsal:
        return mark_safe("")
    url = absolute(request, part.path if part else election.get_absolute_url())
    within = part.within if part else None
    newest = entries(snapshot, FeedQuery(limit=UPDATES, within=within))
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "@id": url,
        "url": url,
        "headline": (part.headline if part else snapshot.headline)[:110],
        "description": part.description if part else snapshot.night_summary.standfirst,
        "inLanguage": election.page_language,
        "coverageStartTime": election.polls_close.isoformat(),
        "datePublished": election.polls_close.isoformat(),
        **_coverage_end(election),
        **_publisher(request),
        "liveBlogUpdate": [_update(request, entry) for entry in newest],
    }
    known = [entry.modified_at for entry in newest if entry.at or entry.correction]
    if known:
        document["dateModified"] = max(known).isoformat()
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return mark_safe(text)  # noqa: S308 - escaped above


def _coverage_end(election: Election) -> dict[str, str]:
    """When coverage ended; without it search engines would still mark a closed night as live."""
    if not election.final:
        return {}
    last = Bulletin.newest_known_at(election)
    return {"coverageEndTime": last.isoformat()} if last else {}


def _publisher(request: HttpRequest) -> dict[str, Any]:
    """Whose coverage it is, where the desk has been told.

    https://schema.org/NewsMediaOrganization
    """
    style = HouseStyle.load()
    if not style.name:
        return {}
    publisher: dict[str, Any] = {"@type": "NewsMediaOrganization", "name": style.name}
    if style.has_logo:
        publisher["logo"] = {
            "@type": "ImageObject",
            "url": absolute(request, logo_address(style)),
            "width": style.logo_width,
            "height": style.logo_height,
        }
    if style.corrections_address:
        publisher["correctionsPolicy"] = style.corrections_address
    return {"publisher": publisher}


def _update(request: HttpRequest, entry: ReaderEntry) -> dict[str, Any]:
    update: dict[str, Any] = {
        "@type": "BlogPosting",
        "headline": entry.heading[:110],
        "url": absolute(request, f"{entry.path}#{entry.id}"),
        "articleBody": entry.text or entry.heading,
    }
    if entry.at:
        update["datePublished"] = entry.at.isoformat()
    if entry.correction:
        update["dateModified"] = entry.modified_at.isoformat()
        update["correction"] = {
            "@type": "CorrectionComment",
            "text": entry.correction,
            "datePublished": entry.modified_at.isoformat(),
        }
    return update
