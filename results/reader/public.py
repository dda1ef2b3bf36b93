"""Look up elections that readers may see: 404 for drafts, 410 for withdrawn elections."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string

from electiondesk.embed_frames import allow_frames_of_embeds, is_embed
from results.live.fragments import election_locale
from results.live.house_style import house_context
from results.models import Election, is_public
from results.models.languages import chosen_language
from results.reader.languages import NotInThisLanguage

ModelT = TypeVar("ModelT", bound=Model)

#: The address of the election that a signed-in editor looks at, whether it is public or not.
_previewed: ContextVar[str] = ContextVar("previewed", default="")


class ElectionWithdrawn(Http404):
    """The election was public and has been withdrawn; readers are told the reason."""

    def __init__(self, election: Election) -> None:
        self.election = election
        super().__init__(election.slug)


@contextmanager
def previewing(election: Election) -> Iterator[None]:
    """Treat this election as public within the context. Only for pages that are never cached."""
    token = _previewed.set(election.slug)
    try:
        yield
    finally:
        _previewed.reset(token)


def public_election(slug: str) -> Election:
    """Return the election with this address. Raises Http404, or ElectionWithdrawn."""
    return public_or_404(Election.objects.all(), slug, prefix="")


def public_or_404(
    rows: "QuerySet[ModelT]", election_slug: str, *, prefix: str = "election__", **lookup: object
) -> ModelT:
    """Return the one row of a public election. Raises Http404, or ElectionWithdrawn.

    Or NotInThisLanguage, where the reader's address asks for a language that the election does not
    have. `prefix` leads from the row to its election.
    """
    rows = rows.filter(**{f"{prefix}slug": election_slug}, **lookup)
    if _previewed.get() != election_slug:
        rows = rows.filter(is_public(prefix))
    language = chosen_language()
    row = (rows.filter(**{f"{prefix}second_language": language}) if language else rows).first()
    if row is not None:
        return row
    if language and rows.exists():
        raise NotInThisLanguage(election_slug)
    withdrawn = Election.objects.filter(
        slug=election_slug, visibility=Election.Visibility.WITHDRAWN
    ).first()
    raise ElectionWithdrawn(withdrawn) if withdrawn else Http404(election_slug)


def withdrawn_page(request: HttpRequest, election: Election) -> HttpResponse:
    """Answer 410 with the reason at any address of a withdrawn election."""
    context = {
        "language": election.page_language,
        "withdrawn": election,
        "is_framed": is_embed(request),
        **house_context(),
    }
    with election_locale(election):
        page = render_to_string("reader/withdrawn_page.html", context, request)
    response = HttpResponse(page, status=410)
    response.headers["Cache-Control"] = "public, max-age=0, s-maxage=2"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return allow_frames_of_embeds(request, response)
