"""JSON documents of what is beside the results: headline, exit poll, groups, expected contests."""

from collections.abc import Iterator

from django.urls import reverse

from results.api.documents import position
from results.live.cached_snapshot import CachedSnapshot, by_time_expected
from results.live.data import Document, public_status, utc
from results.live.night_cache import CachedContest
from results.reader.data_text import encode


def overview_text(snapshot: CachedSnapshot) -> str:
    """The headline and standfirst, others' figures, and the groups of contests."""
    summary = snapshot.night_summary
    document = {
        **position(snapshot.night),
        "headline": snapshot.headline,
        "headline_by_editor": snapshot.editors_headline is not None,
        "headline_by_rule": summary.headline,
        "standfirst": summary.standfirst,
        "external_figures": _external_figures(snapshot),
        "groups": list(_groups(snapshot)),
    }
    return encode(document)


def _external_figures(snapshot: CachedSnapshot) -> Document | None:
    figures = snapshot.external_figures
    if figures is None:
        return None
    return {
        "kind": figures.kind,
        "source": figures.source,
        "as_of": utc(figures.as_of),
        "parties": [
            {"party": party.abbreviation, "name": party.name, "seats": seats}
            for party, seats in snapshot.external_figures_rows
        ],
    }


def _groups(snapshot: CachedSnapshot) -> Iterator[Document]:
    slugs = {each.contest.pk: each.contest.slug for each in snapshot.cached_contests}
    for group in snapshot.groups:
        group.election = snapshot.election
        members = snapshot.cached.lists.members(group)
        yield {
            "slug": group.slug,
            "name": group.name,
            "about": group.about,
            "page": group.get_absolute_url(),
            "contests": [slugs[pk] for pk in members if pk in slugs],
        }


def expected_text(snapshot: CachedSnapshot, after: str, limit: int) -> str:
    """A page of the contests whose result is still to come, soonest first."""
    rest = snapshot.awaited(snapshot.cached_contests)
    if after:
        # That contest may have declared since the page that it ended.
        ended = {each.contest.slug: each for each in snapshot.cached_contests}.get(after)
        rest = [each for each in rest if ended and by_time_expected(each) > by_time_expected(ended)]
    page = rest[: limit + 1]
    shown = page[:limit]
    following = None
    if len(page) > limit:
        path = reverse("api:expected", args=[snapshot.election.slug])
        following = f"{path}?after={shown[-1].contest.slug}&limit={limit}"
    contests = [_expected(cached) for cached in shown]
    return encode({**position(snapshot.night), "next": following, "contests": contests})


def _expected(cached: CachedContest) -> Document:
    contest = cached.contest
    return {
        "contest": contest.slug,
        "name": contest.full_name,
        "status": public_status(cached.standing),
        "expected_at": utc(contest.expected_at),
    }
