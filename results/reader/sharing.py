"""Structured data for search engines: schema.org's LiveBlogPosting, NewsArticle, CollectionPage.

A page whose figures were corrected or withdrawn says so: https://schema.org/CorrectionComment
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from results.live.cached_snapshot import CachedSnapshot
from results.live.house_style import logo_address
from results.models import Bulletin, Contest, Election, HouseStyle
from results.reader.addresses import absolute
from results.reader.entries import FeedQuery, Only, ReaderEntry, entries

#: Entries of the feed that are included.
UPDATES = 5
#: Corrections of a page that are included, and of the page of all.
CORRECTIONS, ALL_CORRECTIONS = 10, 50
#: Characters that could end a script element.
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPage:
    """A part of a night with a page of its own: its path, its words, and its contests' keys."""

    path: str
    headline: str
    description: str
    within: Collection[int]


def live_blog(
    request: HttpRequest, snapshot: CachedSnapshot, *, card: str, part: SharedPage | None = None
) -> SafeString:
    """The live page, or that of a part of the night, as JSON-LD; empty for a rehearsal.

    `card` is the address of its picture.

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
        "headline": (part.headline if part else snapshot.headline_now)[:110],
        "description": part.description if part else snapshot.summary_now.standfirst,
        "image": [card],
        "inLanguage": election.page_language,
        "coverageStartTime": election.polls_close.isoformat(),
        "datePublished": election.polls_close.isoformat(),
        **_coverage_end(election),
        **_author(request, snapshot.house_style),
        **_publisher(request, snapshot.house_style),
        "liveBlogUpdate": [_update(request, entry) for entry in newest],
    }
    corrected = _corrections(snapshot, CORRECTIONS, within)
    known = [entry.modified_at for entry in newest if entry.at or entry.correction]
    known += [entry.modified_at for entry in corrected]
    if known:
        document["dateModified"] = max(known).isoformat()
    document |= _correction_comments(request, corrected)
    return _as_script(document)


def seat_article(
    request: HttpRequest, snapshot: CachedSnapshot, contest: Contest, *, headline: str, card: str
) -> SafeString:
    """A contest's page with a result, or with one that was withdrawn, as JSON-LD; else empty.

    `card` is the address of its picture.

    https://schema.org/NewsArticle
    """
    own = {contest.pk}
    corrected = _corrections(snapshot, CORRECTIONS, own)
    first = snapshot.cached.contests[contest.pk].first_sequence
    result = entries(snapshot, FeedQuery(limit=1, before=first + 1, within=own)) if first else []
    if snapshot.election.rehearsal or not (result or corrected):
        return mark_safe("")
    url = absolute(request, contest.get_absolute_url())
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": url,
        "url": url,
        "headline": headline[:110],
        "image": [card],
        "inLanguage": snapshot.election.page_language,
        **_author(request, snapshot.house_style),
        **_publisher(request, snapshot.house_style),
        **_correction_comments(request, corrected),
    }
    if result and result[0].at:
        document["datePublished"] = result[0].at.isoformat()
    if modified := [entry.modified_at for entry in [*result, *corrected] if entry.correction]:
        document["dateModified"] = max(modified).isoformat()
    return _as_script(document)


def corrections_collection(request: HttpRequest, snapshot: CachedSnapshot) -> SafeString:
    """The page of all corrections as JSON-LD, newest first; empty without any.

    https://schema.org/CollectionPage
    """
    election = snapshot.election
    corrected = _corrections(snapshot, ALL_CORRECTIONS)
    if election.rehearsal or not corrected:
        return mark_safe("")
    url = absolute(request, reverse("corrections_page", args=[election.slug]))
    document = {
        "@context": "https://schema.org",
        "@type": "CollectionPage",
        "@id": url,
        "url": url,
        "name": f"{_('Corrections')}: {election.local_name}"[:110],
        "inLanguage": election.page_language,
        "dateModified": max(entry.modified_at for entry in corrected).isoformat(),
        **_publisher(request, snapshot.house_style),
        "hasPart": [_comment(request, entry) for entry in corrected],
    }
    return _as_script(document)


def _as_script(document: dict[str, Any]) -> SafeString:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return mark_safe(text)  # noqa: S308 - escaped above


def _corrections(
    snapshot: CachedSnapshot, limit: int, within: Collection[int] | None = None
) -> list[ReaderEntry]:
    """The newest corrections and withdrawals: of the whole election, or of contests by keys."""
    query = FeedQuery(limit=limit, only=Only.CORRECTIONS, within=within)
    return entries(snapshot, query)[:limit]


def _correction_comments(request: HttpRequest, corrected: list[ReaderEntry]) -> dict[str, Any]:
    return {"correction": [_comment(request, entry) for entry in corrected]} if corrected else {}


def _comment(request: HttpRequest, entry: ReaderEntry) -> dict[str, Any]:
    return {
        "@type": "CorrectionComment",
        "headline": entry.heading[:110],
        "text": entry.correction,
        "url": absolute(request, f"{entry.path}#{entry.id}"),
        "datePublished": entry.modified_at.isoformat(),
    }


def _coverage_end(election: Election) -> dict[str, str]:
    """`coverageEndTime` of a closed night, which search engines would otherwise mark as live."""
    if not election.final:
        return {}
    last = Bulletin.newest_known_at(election)
    return {"coverageEndTime": last.isoformat()} if last else {}


def _author(request: HttpRequest, style: HouseStyle) -> dict[str, Any]:
    """The publisher as the author of an article, which names no one person; empty without a name.

    https://developers.google.com/search/docs/appearance/structured-data/article
    """
    if not style.name:
        return {}
    url = absolute(request, reverse("home_page"))
    return {"author": {"@type": "NewsMediaOrganization", "name": style.name, "url": url}}


def _publisher(request: HttpRequest, style: HouseStyle) -> dict[str, Any]:
    """The publisher as an organisation; empty if the house style has no name.

    https://schema.org/NewsMediaOrganization
    """
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
