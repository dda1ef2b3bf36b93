"""The page of a night: every election of one polling day, and the newest results of all."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from electiondesk import release
from results.live.cached_snapshot import CachedSnapshot
from results.live.fragments import election_locale
from results.live.house_style import house_context
from results.live.night_cache import CachedContest
from results.live.polling_day import SAVED, elections_of
from results.models import Bulletin, Election, HouseStyle, Night
from results.reader import page_cache
from results.reader.addresses import absolute, path_of
from results.reader.compression import coding_for, compress
from results.reader.expected_times import replace_passed, times_passed
from results.reader.pages import CACHE_CONTROL
from results.reader.priority import renderings
from results.words.seat_sentences import result_sentence

#: Results of all elections together that the page lists, newest first.
NEWEST = 12


class DayConverter:
    """A polling day in an address: `2026-05-07`."""

    regex = r"\d{4}-\d\d-\d\d"

    def to_python(self, text: str) -> date:
        """Parse the day. A ValueError, for a day that no calendar has, makes no route match."""
        return date.fromisoformat(text)

    def to_url(self, day: date) -> str:
        return day.isoformat()


@dataclass(frozen=True, slots=True)
class NewResult:
    """A contest's result as a sentence, and when it was declared, None if that is not known."""

    election: Election
    cached: CachedContest
    sentence: str
    at: datetime | None

    @property
    def sort_key(self) -> tuple[float, int]:
        at = self.at.timestamp() if self.at else float("-inf")
        return at, self.cached.first_sequence


@require_safe
def night_page(request: HttpRequest, day: date) -> HttpResponse:
    elections = elections_of(day)
    if not elections:
        raise Http404(day)
    coding = coding_for(request.headers.get("Accept-Encoding", ""))
    is_saved = SAVED in request.META
    version = version_of(elections) + "-saved" * is_saved
    etag = f'"{version}{coding and "-"}{coding}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        url = absolute(request, path_of(request))
        render = partial(_render, url, day, elections, is_saved=is_saved)
        page = page_cache.get_or_create(page_cache.make_key(url, version), render)
        body = page_cache.get_or_create(
            page_cache.make_key(url, version, coding), lambda: compress(page, coding)
        )
        response = HttpResponse(body, content_type="text/html; charset=utf-8")
        if coding:
            response.headers["Content-Encoding"] = coding
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = CACHE_CONTROL
    patch_vary_headers(response, ["Accept-Encoding"])
    if elections[0].rehearsal:
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def version_of(elections: Sequence[Election]) -> str:
    """Digest of what the page depends on: release, house style, each election's facts and log.

    And how many of the times at which results were expected are past.
    """
    style, now = HouseStyle.load().version, timezone.now()
    parts = [
        (
            *(each.pk, each.slug, each.name, each.kind, each.final),
            *(each.night.epoch, each.night.sequence, times_passed(each, each.night, now)),
        )
        for each in elections
    ]
    return hashlib.sha256(f"{release.fingerprint()} {style} {parts}".encode()).hexdigest()[:40]


def _render(url: str, day: date, elections: Sequence[Election], *, is_saved: bool) -> bytes:
    with renderings.turn(), election_locale(elections[0]):
        snapshots = [read_snapshot(election) for election in elections]
        is_final = all(each.final for each in elections)
        known = [Bulletin.newest_known_at(each) for each in elections if each.night.sequence]
        newest = sorted(
            (result for snapshot in snapshots for result in _results(snapshot)),
            key=lambda result: result.sort_key,
            reverse=True,
        )
        context = {
            "day": day,
            "night": elections[0],
            "snapshots": snapshots,
            "newest": newest[:NEWEST],
            "several": len(elections) > 1,
            "as_of": max((at for at in known if at), default=None),
            "is_final": is_final,
            "is_fetched_again": not (is_final or is_saved),
            "canonical": url,
            "language": elections[0].page_language,
            "party_styles": snapshots[0].party_styles,
            **house_context(),
        }
        page = render_to_string("reader/night_page.html", context)
        return replace_passed(page, timezone.now()).encode()


def read_snapshot(election: Election) -> CachedSnapshot:
    return CachedSnapshot.read(election, Night.objects.get(election=election))


def _results(snapshot: CachedSnapshot) -> list[NewResult]:
    """The newest results of one election."""
    results = []
    for cached in snapshot.declared:
        standing = cached.contest.standing
        sentence = result_sentence(cached.contest.full_name, standing.summary, snapshot.party_names)
        at = standing.first_declared_at
        results.append(NewResult(snapshot.election, cached, sentence, at))
    return sorted(results, key=lambda result: result.sort_key)[-NEWEST:]
