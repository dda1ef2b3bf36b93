"""Reads of everything public as JSON, rendered once for each bulletin and cached like pages."""

import hashlib
from typing import Annotated
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from ninja.errors import ValidationError

from results.api import documents, schemas
from results.api.overview import expected_text, overview_text
from results.api.slugs import After, ContestSlug, ElectionSlug
from results.live.body_data import bodies_of
from results.live.cached_snapshot import CachedSnapshot
from results.live.data import head_of
from results.models import Contest, Election, contest_at
from results.reader import page_cache
from results.reader.compression import compressed
from results.reader.conditional import conditional_response
from results.reader.data_text import encode
from results.reader.pages import Render, serve_rendered
from results.reader.public import public_election

JSON = "application/json"
#: Cache-Control of the list of elections, whose ETag depends on no bulletin.
CACHE_FOR_TEN_SECONDS = "public, max-age=0, s-maxage=10"
#: Contests, entries or bulletins of one page.
PAGE, LONGEST_PAGE = 50, 200
#: Largest sequence: columns are 32-bit.
LARGEST = 2**31 - 1

Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="The length of a page.")]

router = Router(tags=["Results"])
PROBLEMS = dict.fromkeys((400, 404, 410, 422, 503), schemas.Problem)


def _serve(request: HttpRequest, election: Election, render: Render) -> HttpResponse:
    return serve_rendered(request, election, render, content_type=JSON)


def _serve_choice(
    request: HttpRequest, election: Election, render: Render, variant: str
) -> HttpResponse:
    """Serve what depends on the query, from the cache of readers' choices."""
    cache = page_cache.CHOICES
    return serve_rendered(
        request, election, render, content_type=JSON, variant=variant, cache=cache
    )


@router.get("/elections", response={200: schemas.Elections, **PROBLEMS})
def elections(request: HttpRequest) -> HttpResponse:
    """Every public election, the newest polling day first."""
    text = documents.elections_text(Election.public.all())
    etag = f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'

    def respond() -> HttpResponse:
        return compressed(request, text, content_type=JSON)

    return conditional_response(request, etag, CACHE_FOR_TEN_SECONDS, respond)


@router.get(
    "/elections/{election_slug}",
    response={200: schemas.ElectionSummary, **PROBLEMS},
    by_alias=True,
)
def election(request: HttpRequest, election_slug: ElectionSlug) -> HttpResponse:
    """The tally: seats, parties and bodies, and what was corrected of all contests together."""
    night = public_election(election_slug)
    return _serve(request, night, lambda snapshot: encode(head_of(snapshot)))


@router.get("/elections/{election_slug}/overview", response={200: schemas.Overview, **PROBLEMS})
def overview(request: HttpRequest, election_slug: ElectionSlug) -> HttpResponse:
    """The headline, an exit poll or a wire service’s figures, and the groups of contests."""
    night = public_election(election_slug)
    return _serve(request, night, overview_text)


@router.get(
    "/elections/{election_slug}/expected",
    response={200: schemas.Expected, **PROBLEMS},
    url_name="expected",
)
def expected(
    request: HttpRequest,
    election_slug: ElectionSlug,
    after: After = "",
    limit: Limit = PAGE,
) -> HttpResponse:
    """Contests whose result is still to come, soonest first, with the times given for them."""
    night = public_election(election_slug)
    _require_contest(night, after)

    def render(snapshot: CachedSnapshot) -> str:
        return expected_text(snapshot, after, limit)

    return _serve_choice(request, night, render, f"expected after={after}&limit={limit}")


@router.get(
    "/elections/{election_slug}/contests",
    response={200: schemas.Contests, **PROBLEMS},
    url_name="contests",
)
def contests(
    request: HttpRequest,
    election_slug: ElectionSlug,
    after: After = "",
    limit: Limit = PAGE,
) -> HttpResponse:
    """Contests with their candidates, results and corrections, a page at a time, by name."""
    night = public_election(election_slug)
    _require_contest(night, after)

    def render(snapshot: CachedSnapshot) -> str:
        return documents.contests_text(snapshot, after, limit)

    return _serve_choice(request, night, render, f"after={after}&limit={limit}")


@router.get(
    "/elections/{election_slug}/contests/{contest_slug}",
    response={200: schemas.ContestDocument, **PROBLEMS},
)
def contest(
    request: HttpRequest, election_slug: ElectionSlug, contest_slug: ContestSlug
) -> HttpResponse:
    """One contest, by its address or that of a contest that was merged into it."""
    night = public_election(election_slug)
    found = _contest(night, contest_slug)

    def render(snapshot: CachedSnapshot) -> str:
        return documents.contest_text(snapshot, found) or "null"

    return _serve(request, night, render)


@router.get(
    "/elections/{election_slug}/contests/{contest_slug}/revisions",
    response={200: schemas.Revisions, **PROBLEMS},
)
def revisions(
    request: HttpRequest, election_slug: ElectionSlug, contest_slug: ContestSlug
) -> HttpResponse:
    """Every revision of a contest's result, oldest first, with what it changed and why."""
    night = public_election(election_slug)
    found = _contest(night, contest_slug)
    return _serve(request, night, lambda snapshot: documents.revisions_text(snapshot, found))


def _require_contest(night: Election, slug: str) -> None:
    """Raise ValidationError if a page of contests is to follow one that is not there."""
    if slug and contest_at(night, slug) is None:
        words = _("There is no contest %(slug)s.") % {"slug": slug}
        raise ValidationError(
            [{"type": "unknown_contest", "loc": ("query", "after"), "msg": words}]
        )


def _contest(night: Election, slug: str) -> Contest:
    """The contest at this address. Raises Http404; a counting area is part of its contest."""
    found = contest_at(night, slug)
    if found is None or found.is_counting_area:
        raise Http404(slug)
    return found


@router.get("/elections/{election_slug}/bodies", response={200: schemas.Bodies, **PROBLEMS})
def bodies(request: HttpRequest, election_slug: ElectionSlug) -> HttpResponse:
    """Councils and chambers with their own tally, and who controls them."""
    night = public_election(election_slug)

    def render(snapshot: CachedSnapshot) -> str:
        return encode({**documents.position(snapshot.night), "bodies": bodies_of(snapshot)})

    return _serve(request, night, render)


@router.get(
    "/elections/{election_slug}/feed", response={200: schemas.Feed, **PROBLEMS}, url_name="feed"
)
def feed(
    request: HttpRequest,
    election_slug: ElectionSlug,
    before: Annotated[
        int | None, Query(ge=1, le=LARGEST, description="Older than this bulletin.")
    ] = None,
    limit: Limit = PAGE,
) -> HttpResponse:
    """What happened, newest first: results, quotes, posts, milestones and corrections."""
    night = public_election(election_slug)

    def render(snapshot: CachedSnapshot) -> str:
        return documents.feed_text(snapshot, before, limit)

    return _serve_choice(request, night, render, f"before={before or ''}&limit={limit}")


@router.get(
    "/elections/{election_slug}/corrections", response={200: schemas.Corrections, **PROBLEMS}
)
def corrections(request: HttpRequest, election_slug: ElectionSlug) -> HttpResponse:
    """Every published figure that was wrong: what we said, what it is, when and why."""
    night = public_election(election_slug)

    def render(snapshot: CachedSnapshot) -> str:
        return documents.corrections_text(snapshot, head_of(snapshot))

    return _serve(request, night, render)


@router.get(
    "/elections/{election_slug}/changes",
    response={200: schemas.Changes, **PROBLEMS},
    url_name="changes",
)
def changes(
    request: HttpRequest,
    election_slug: ElectionSlug,
    since: Annotated[
        int, Query(ge=0, le=LARGEST, description="The last bulletin that you have.")
    ] = 0,
    epoch: Annotated[UUID | None, Query(description="The epoch that it is of.")] = None,
    limit: Limit = PAGE,
) -> HttpResponse:
    """What was published after a bulletin, oldest first: fetch the contests that it names."""
    night = public_election(election_slug)
    of = str(epoch or "")

    def render(snapshot: CachedSnapshot) -> str:
        return documents.changes_text(snapshot, since, of, limit)

    return _serve_choice(request, night, render, f"since={since}&epoch={of}&limit={limit}")
