"""Draft stories: one seat's to copy from, and those of a whole night in one file."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import election_locale
from results.live.seat import with_results
from results.models import Contest, Election
from results.stories.sentences import Sentence
from results.stories.story import Story, stories_of, story_of


def story_view(
    request: HttpRequest, contest_pk: int, *, model_admin: "ModelAdmin[Any]"
) -> HttpResponse:
    """The draft of one seat, as it would be told this second."""
    if not request.user.has_perm("results.view_contest"):
        raise PermissionDenied
    contest = get_object_or_404(with_results(Contest.objects.all()), pk=contest_pk)
    snapshot = ElectionSnapshot(contest.election)
    with election_locale(contest.election):
        story = story_of(snapshot, snapshot.seat(contest))
        context = {
            **model_admin.admin_site.each_context(request),
            "opts": model_admin.opts,
            "title": _("Draft story: %(contest)s") % {"contest": contest.name},
            "contest": contest,
            "election": contest.election,
            "story": story,
            "marked": list(_marked(story)) if story else [],
        }
        return TemplateResponse(request, "editor/story.html", context).render()


def all_stories(request: HttpRequest, election_pk: int) -> HttpResponse:
    """Every draft of a night in a zip, as plain text and as HTML."""
    if not request.user.has_perm("results.view_contest"):
        raise PermissionDenied
    election = get_object_or_404(Election, pk=election_pk)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        for slug, story in stories_of(election):
            files.writestr(f"{slug}.txt", story.text)
            files.writestr(f"{slug}.html", story.html)
    name = f"stories-{election.slug}.zip"
    if election.rehearsal:
        name = f"REHEARSAL-{name}"
    response = HttpResponse(packed.getvalue(), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _marked(story: Story) -> Iterator[tuple[str, SafeString]]:
    """Each paragraph with every figure marked and naming the field it comes from."""
    yield _("Headline"), _with_marks((story.headline,))
    yield _("Standfirst"), _with_marks((story.standfirst,))
    for paragraph in story.paragraphs:
        yield paragraph.about, _with_marks(paragraph.sentences)


def _with_marks(sentences: tuple[Sentence, ...]) -> SafeString:
    return format_html_join(" ", "{}", ((_one(sentence),) for sentence in sentences))


def _one(sentence: Sentence) -> SafeString:
    """Its facts where they stand in it, whatever order they are named in."""
    spans: list[tuple[int, int, str]] = []
    for fact in sentence.facts:
        start = sentence.text.find(fact.text)
        while any(begin < start + len(fact.text) and start < end for begin, end, _f in spans):
            start = sentence.text.find(fact.text, start + 1)
        if start >= 0 and fact.text:
            spans.append((start, start + len(fact.text), fact.field))
    parts: list[tuple[Any]] = []
    at = 0
    for begin, end, field in sorted(spans):
        parts.append((sentence.text[at:begin],))
        parts.append((format_html('<abbr title="{}">{}</abbr>', field, sentence.text[begin:end]),))
        at = end
    return format_html_join("", "{}", [*parts, (sentence.text[at:],)])
