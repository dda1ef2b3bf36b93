"""Views that correct or withdraw a published result: form, preview, publish.

Each page carries everything typed to the next, so that nothing is stored between the steps.
"""

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from results import desk
from results.editor.base import editor_of, election_timezone
from results.editor.change_forms import ChangeForm, CorrectionForm
from results.editor.change_pages import FIGURES, PUBLISH, ChangePage
from results.editor.idempotency import new_key
from results.editor.preview import preview_change
from results.models import Contest


def may_change(request: HttpRequest) -> bool:
    return request.user.has_perm("results.change_declaration")


def contest_to_change(request: HttpRequest, contest_pk: int) -> Contest:
    """The contest with its election.

    Raises PermissionDenied without the permission to change declarations, and Http404.
    """
    if not may_change(request):
        raise PermissionDenied
    return get_object_or_404(Contest.objects.select_related("election"), pk=contest_pk)


def change_view(
    request: HttpRequest,
    contest_pk: int,
    *,
    form: type[ChangeForm],
    model_admin: ModelAdmin[Contest],
) -> HttpResponse:
    """Run one step of a correction or a withdrawal, chosen by `form` and `step` of the POST.

    Raises PermissionDenied without the permission to change declarations.
    """
    contest = contest_to_change(request, contest_pk)
    with election_timezone(contest.election):
        response = _step(ChangePage(request, contest, form, model_admin))
        # Rendered here: Django would render it later, outside the election's time zone.
        return response.render() if isinstance(response, TemplateResponse) else response


def _step(page: ChangePage) -> HttpResponse:
    if page.step not in ("", FIGURES) and _was_answered(page):
        # A repeated request gets its first answer, whatever is published by now, and so does its
        # preview that is loaded again.
        return _publish(page, page.open_form())
    if not page.seat.is_published:
        return _nothing_to_change(page)
    form = page.open_form()
    if page.step in ("", FIGURES) or not form.is_valid():
        return page.show_form(form)
    try:
        request = form.request(
            by=editor_of(page.request), idempotency_key=new_key(), asked_by=page.asked_by
        )
        preview = preview_change(page.contest, form.ballot_counts, request)
    except desk.DeskError as refusal:
        return _publish_if_answered(page, form) or _refused(page, form, refusal)
    if preview is None:
        return _publish_if_answered(page, form) or page.show_form(
            form,
            _("These are the figures as published: there is nothing to correct, nothing changed."),
        )
    confirmed = page.request.POST.get("confirm") == preview.winners_after
    if page.step == PUBLISH and (confirmed or not preview.winner_changes):
        return _publish(page, form)
    return page.show_preview(form, preview, unconfirmed=page.step == PUBLISH)


def _was_answered(page: ChangePage) -> bool:
    idempotency_key = page.request.POST.get("key", "")
    return desk.find_earlier_answer(editor_of(page.request), idempotency_key) is not None


def _publish_if_answered(page: ChangePage, form: ChangeForm) -> HttpResponse | None:
    """Answer a request whose duplicate was published while this one was being tried out.

    Trying out waits for the night's lock, which the first of two requests holds until it commits.
    """
    return _publish(page, form) if page.step == PUBLISH and _was_answered(page) else None


def _publish(page: ChangePage, form: ChangeForm) -> HttpResponse:
    if not form.is_valid():
        return page.show_form(form)
    request = form.request(
        by=editor_of(page.request),
        idempotency_key=form.cleaned_data["key"],
        asked_by=page.asked_by,
    )
    try:
        result = desk.publish_result(page.contest, form.ballot_counts, request)
    except desk.DeskError as refusal:
        return _refused(page, form, refusal)
    return page.published(result)


def _refused(page: ChangePage, form: ChangeForm, refusal: desk.DeskError) -> HttpResponse:
    """Show the form again with everything typed, and the reason for the refusal."""
    if isinstance(refusal, desk.ValidationRefused):
        if refusal.needs_reason:
            form.add_warnings(refusal.messages)
        else:
            form.add_messages(refusal.messages)
        return page.show_form(form)
    page.refresh()
    if isinstance(refusal, desk.BallotPaperChanged):
        return page.show_form(_follow_ballot_paper(page, form, refusal))
    if isinstance(refusal, desk.StaleRevision | desk.IdempotencyKeyReused):
        return page.show_overtaken()
    return page.leave(str(refusal)) if page.seat.is_published else _nothing_to_change(page)


def _follow_ballot_paper(page: ChangePage, form: ChangeForm, refusal: desk.DeskError) -> ChangeForm:
    """Return the form for the present ballot paper, with the reason for showing it again."""
    fresh = page.open_form()
    if not (isinstance(fresh, CorrectionForm) and fresh.is_valid() and fresh.follow_ballot_paper()):
        fresh.add_error(None, str(refusal))
    return fresh


def _nothing_to_change(page: ChangePage) -> HttpResponse:
    if page.step and page.seat.declaration is not None:
        return page.show_overtaken()
    return page.leave(_("There is no published result here to change."))
