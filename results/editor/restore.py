"""Admin page that puts a withdrawn result back: what readers would see, then publish."""

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from results import desk
from results.editor.admin_page import admin_page
from results.editor.annotations import Context
from results.editor.base import editor_of, election_timezone
from results.editor.change_views import contest_to_change
from results.editor.idempotency import KeyField, new_key
from results.editor.night.links import return_address
from results.editor.preview import ChangePreview, preview_change
from results.forms import VisibleTextField
from results.models import Contest, Declaration, Standing
from results.models.text_limits import LONGEST_NOTE


class RestoreForm(forms.Form):
    """Form of a restoration with an internal note; `base_revision` is the withdrawal to undo."""

    note = VisibleTextField(
        label=gettext_lazy("Why it stands after all"),
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        max_length=LONGEST_NOTE,
        help_text=gettext_lazy(
            "For the record of the desk. Readers see the result again, and that it was withdrawn "
            "in between."
        ),
        error_messages={"required": gettext_lazy("Say why: the record keeps it.")},
    )
    base_revision = forms.IntegerField(widget=forms.HiddenInput)
    key = KeyField()


def withdrawn_revision(contest: Contest) -> Declaration | None:
    """The revision that was withdrawn last; None where a result stands, or there never was one."""
    if not Standing.objects.filter(contest=contest, status=Standing.Status.WITHDRAWN).exists():
        return None
    with_figures = Declaration.objects.filter(contest=contest).exclude(
        kind=Declaration.Kind.WITHDRAWAL
    )
    return with_figures.order_by("-revision").first()


def restore_view(
    request: HttpRequest, contest_pk: int, *, model_admin: ModelAdmin[Contest]
) -> HttpResponse:
    """Show what readers would see of the withdrawn result, or publish it again.

    Raises PermissionDenied without the permission to change declarations.
    """
    contest = contest_to_change(request, contest_pk)
    address = _return_address(request, contest)
    withdrawn = withdrawn_revision(contest)
    if withdrawn is None and request.method != "POST":
        messages.warning(request, _("No result is withdrawn here: there is nothing to restore."))
        return HttpResponseRedirect(address)
    with election_timezone(contest.election):
        revision = Standing.objects.get(contest=contest).revision
        form = RestoreForm(request.POST or None, initial={"base_revision": revision})
        if form.is_valid():
            refused = _publish(request, contest, withdrawn, form)
            if refused is None:
                return HttpResponseRedirect(address)
            form.add_error(None, refused)
        if withdrawn is None:
            messages.warning(request, _("A result stands here again: nothing was restored."))
            return HttpResponseRedirect(address)
        context = _context(request, contest, withdrawn, form)
        return admin_page(request, "editor/restore.html", context, opts=model_admin.opts)


def _return_address(request: HttpRequest, contest: Contest) -> str:
    """The night from which the page was opened, or the contest."""
    return return_address(request, reverse("admin:results_contest_change", args=[contest.pk]))


def _request(
    withdrawn: Declaration, form: RestoreForm | None, request: HttpRequest, revision: int
) -> desk.RevisionRequest:
    counts = withdrawn.ballot_counts
    first = Declaration.Kind.DECLARATION
    if withdrawn.kind == Declaration.Kind.UNOPPOSED:
        first = Declaration.Kind.UNOPPOSED
    elif not counts.complete:
        first = Declaration.Kind.WINNER_ONLY if counts.winners else Declaration.Kind.INCOMPLETE
    data = form.cleaned_data if form else {}
    return desk.RevisionRequest(
        kind=first,
        by=editor_of(request),
        idempotency_key=data.get("key") or new_key(),
        base_revision=data.get("base_revision", revision),
        declared_at=withdrawn.declared_at,
        recount=withdrawn.recount,
        source=withdrawn.source,
        note=data.get("note", ""),
        warning_reason=withdrawn.warning_reason or _("As it was published before."),
    )


def _publish(
    request: HttpRequest, contest: Contest, withdrawn: Declaration | None, form: RestoreForm
) -> str | None:
    """Publish it again; a sentence where that is refused."""
    if withdrawn is None:
        return None
    try:
        asked = _request(withdrawn, form, request, 0)
        result = desk.publish_result(contest, withdrawn.ballot_counts, asked)
    except desk.DeskError as refusal:
        return str(refusal)
    words = {"number": result.sequence, "summary": result.bulletin.summary}
    messages.success(request, _("Published again as bulletin %(number)d: %(summary)s") % words)
    return None


def _context(
    request: HttpRequest,
    contest: Contest,
    withdrawn: Declaration,
    form: RestoreForm,
) -> Context:
    preview: ChangePreview | None = None
    refusal = ""
    revision = Standing.objects.get(contest=contest).revision
    try:
        asked = _request(withdrawn, None, request, revision)
        preview = preview_change(contest, withdrawn.ballot_counts, asked)
    except desk.DeskError as exc:
        refusal = str(exc)
    last = Declaration.objects.filter(contest=contest, revision=revision).first()
    return {
        "title": _("Restore the withdrawn result: %(contest)s") % {"contest": contest.full_name},
        "contest": contest,
        "election": contest.election,
        "withdrawal": last,
        "preview": preview,
        "refusal": refusal,
        "form": form,
        "contest_address": reverse("admin:results_contest_change", args=[contest.pk]),
        "return_address": _return_address(request, contest),
    }
