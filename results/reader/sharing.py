"""What a page tells search engines and other sites about itself: LiveBlogPosting, Open Graph."""

import json
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from results.live.election_snapshot import ElectionSnapshot
from results.live.feed import Entry, FeedQuery, entries
from results.models import Bulletin, Election
from results.reader.addresses import absolute
from results.reader.plain_text import corrections_as_text, plain_text

#: Updates of the page that are named one by one.
UPDATES = 15
#: Nothing in a script block may end it.
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def live_blog(request: HttpRequest, snapshot: ElectionSnapshot) -> SafeString:
    """The live page as schema.org's LiveBlogPosting; empty for a rehearsal, which nobody may find.

    https://schema.org/LiveBlogPosting
    """
    election = snapshot.election
    if election.rehearsal:
        return mark_safe("")
    address = absolute(request, election.get_absolute_url())
    shown = entries(snapshot, FeedQuery(limit=UPDATES))
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "@id": address,
        "url": address,
        "headline": snapshot.headline[:110],
        "description": snapshot.night_summary.standfirst,
        "inLanguage": election.language,
        "coverageStartTime": election.polls_close.isoformat(),
        "datePublished": election.polls_close.isoformat(),
        **_ended(election),
        "liveBlogUpdate": [_update(request, snapshot, entry) for entry in shown],
    }
    if shown:
        document["dateModified"] = max(_changed(entry) for entry in shown)
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return mark_safe(text)  # noqa: S308 — escaped above, and never taken for markup


def _ended(election: Election) -> dict[str, str]:
    """When the coverage ended: without it, search engines go on calling a closed night live."""
    if not election.final:
        return {}
    last = Bulletin.objects.filter(election=election).order_by("-sequence").first()
    return {"coverageEndTime": last.published_at.isoformat()} if last else {}


def _update(request: HttpRequest, snapshot: ElectionSnapshot, entry: Entry) -> dict[str, Any]:
    heading, words = plain_text(entry, snapshot)
    path = (
        entry.contest.get_absolute_url() if entry.contest else snapshot.election.get_absolute_url()
    )
    update: dict[str, Any] = {
        "@type": "BlogPosting",
        "headline": heading[:110],
        "url": absolute(request, f"{path}#{entry.id}"),
        "datePublished": entry.at.isoformat(),
        "articleBody": words or heading,
    }
    if entry.change is not None:
        update["dateModified"] = _changed(entry)
        update["correction"] = {
            "@type": "CorrectionComment",
            "text": corrections_as_text(entry.change),
            "datePublished": entry.change.declaration.created_at.isoformat(),
        }
    return update


def _changed(entry: Entry) -> str:
    return (entry.change.declaration.created_at if entry.change else entry.at).isoformat()
