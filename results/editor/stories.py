"""Draft stories: a page with one contest's draft to copy, and a zip of an election's drafts."""

import io
import re
import zipfile
from collections.abc import Iterator
from itertools import chain

from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from electiondesk.site_origin import origin_for
from results.editor.admin_page import admin_page
from results.editor.base import require_permission
from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import election_locale
from results.live.seat import with_results
from results.models import Body, Contest, Election
from results.stories.council import council_stories_of, council_story_of
from results.stories.sentences import Fact, Sentence
from results.stories.story import Story, stories_of, story_of


def story_view(
    request: HttpRequest, contest_pk: int, *, model_admin: ModelAdmin[Contest]
) -> HttpResponse:
    """Show the draft story of one contest, from the present results."""
    require_permission(request, "results.view_contest")
    contest = get_object_or_404(with_results(Contest.objects.all()), pk=contest_pk)
    snapshot = ElectionSnapshot(contest.election)
    with election_locale(contest.election):
        story = story_of(snapshot, snapshot.seat(contest))
        if story and "as" in request.GET:
            return _download(request, contest.slug, contest.election, story)
        election = contest.election
        shared = _shared(
            request,
            story,
            page=contest.get_absolute_url(),
            embed=reverse("embed_seat", args=[election.slug, contest.slug]),
            card=reverse("seat_card", args=[election.slug, contest.slug]),
        )
        context = {
            **shared,
            "title": _("Draft story: %(contest)s") % {"contest": contest.full_name},
            "contest": contest,
            "election": contest.election,
            "story": story,
            "marked": list(_marked_paragraphs(story)) if story else [],
        }
        return admin_page(request, "editor/story.html", context, opts=model_admin.opts)


def council_story_view(
    request: HttpRequest, body_pk: int, *, model_admin: ModelAdmin[Election]
) -> HttpResponse:
    """Show the draft story of a whole council, from the present results."""
    require_permission(request, "results.view_contest")
    body = get_object_or_404(Body.objects.select_related("election"), pk=body_pk)
    snapshot = ElectionSnapshot(body.election)
    with election_locale(body.election):
        council = next((one for one in snapshot.shown_councils if one.body.pk == body.pk), None)
        story = council_story_of(snapshot, council) if council else None
        if story and "as" in request.GET:
            return _download(request, body.slug, body.election, story)
        names = [body.election.slug, body.slug]
        shared = _shared(
            request,
            story,
            page=reverse("body_page", args=names),
            embed=reverse("embed_body", args=names),
            card=reverse("body_card", args=names),
        )
        context = {
            **shared,
            "title": _("Draft story: %(council)s") % {"council": body.name},
            "election": body.election,
            "story": story,
            "marked": list(_marked_paragraphs(story)) if story else [],
        }
        return admin_page(request, "editor/story.html", context, opts=model_admin.opts)


#: Formats of a download: the file's extension and its content type.
FORMATS = {
    "text": ("txt", "text/plain; charset=utf-8"),
    "html": ("html", "text/html; charset=utf-8"),
    "markdown": ("md", "text/markdown; charset=utf-8"),
}


def _download(request: HttpRequest, slug: str, election: Election, story: Story) -> HttpResponse:
    """Return the draft as a file. Raises Http404 for an unknown format."""
    form = request.GET["as"]
    if form not in FORMATS:
        raise Http404(form)
    ending, content_type = FORMATS[form]
    name = f"{'REHEARSAL-' if election.rehearsal else ''}{slug}.{ending}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(getattr(story, form), content_type=content_type, headers=headers)


def _shared(
    request: HttpRequest, story: Story | None, *, page: str, embed: str, card: str
) -> dict[str, str]:
    """Texts to copy: a CMS's draft with the live result in it, a post, and the card's address.

    The arguments are paths of readers' pages.
    """
    if story is None:
        return {}
    origin = origin_for(request)
    frame = format_html(
        '<iframe src="{}" title="{}" data-election-desk width="100%" height="480" '
        'loading="lazy" style="border:0"></iframe>\n',
        origin + embed,
        story.headline.text,
    )
    return {
        "with_embed": story.html + frame,
        "page_url": origin + page,
        "post": f"{story.headline.text}\n\n{story.standfirst.text}\n\n{origin + page}",
        "card": origin + card,
    }


def all_stories(request: HttpRequest, election_pk: int) -> HttpResponse:
    """Download every draft of an election as a zip: as plain text, HTML and Markdown."""
    require_permission(request, "results.view_contest")
    election = get_object_or_404(Election, pk=election_pk)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        of_councils = ((f"councils/{slug}", story) for slug, story in council_stories_of(election))
        for slug, story in chain(stories_of(election), of_councils):
            for form, (ending, _content_type) in FORMATS.items():
                files.writestr(f"{slug}.{ending}", getattr(story, form))
    name = f"{'REHEARSAL-' if election.rehearsal else ''}stories-{election.slug}.zip"
    return HttpResponse(
        archive.getvalue(),
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _marked_paragraphs(story: Story) -> Iterator[tuple[str, SafeString]]:
    """The title and HTML of each paragraph, with the source field of every fact in it."""
    yield _("Headline"), _marked_sentences((story.headline,))
    yield _("Standfirst"), _marked_sentences((story.standfirst,))
    for paragraph in story.paragraphs:
        yield paragraph.about, _marked_sentences(paragraph.sentences)


def _marked_sentences(sentences: tuple[Sentence, ...]) -> SafeString:
    return format_html_join(" ", "{}", ((_marked_sentence(sentence),) for sentence in sentences))


def _marked_sentence(sentence: Sentence) -> SafeString:
    parts: list[tuple[str]] = []
    end = 0
    for start, fact in sorted(_positions(sentence).items()):
        parts.append((sentence.text[end:start],))
        parts.append((format_html('<abbr title="{}">{}</abbr>', fact.field, fact.text),))
        end = start + len(fact.text)
    return format_html_join("", "{}", [*parts, (sentence.text[end:],)])


def _positions(sentence: Sentence) -> dict[int, Fact]:
    """Return the facts by their offset in the text; no two of them overlap."""
    facts: dict[int, Fact] = {}
    for fact in sentence.facts:
        # Two facts may have the same text: each takes the first occurrence that is free.
        for match in re.finditer(re.escape(fact.text), sentence.text) if fact.text else ():
            start, end = match.span()
            if not any(at < end and start < at + len(other.text) for at, other in facts.items()):
                facts[start] = fact
                break
    return facts
