"""Admin page that withdraws words for good: see what is erased, confirm with a reason."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from results import desk
from results.editor.annotations import Context
from results.editor.base import editor_of
from results.editor.idempotency import KeyField
from results.forms import VisibleTextField
from results.models import WITHDRAW_FOR_GOOD, Publication
from results.words.validation_messages import message_text

#: Values of `step`: show what would be erased, erase it.
PREVIEW, ERASE = "preview", "erase"


class ErasureForm(forms.Form):
    reason = VisibleTextField(
        label=gettext_lazy("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=gettext_lazy("It is public, in the log. Do not repeat the words."),
        error_messages={"required": gettext_lazy("Say why: the public log gives the reason.")},
    )
    confirm = forms.BooleanField(
        label=gettext_lazy("I have looked at what is erased, and it cannot be undone."),
        required=False,
    )
    key = KeyField()


def may_erase(request: HttpRequest) -> bool:
    return request.user.has_perm(f"results.{WITHDRAW_FOR_GOOD}")


def erasure_view(request: HttpRequest, pk: int, *, model_admin: ModelAdmin[Any]) -> HttpResponse:
    """Run one step. Raises PermissionDenied."""
    if not may_erase(request):
        raise PermissionDenied
    rows = model_admin.model._default_manager.select_related("election")
    publication: Publication = get_object_or_404(rows, pk=pk)
    form = ErasureForm(request.POST or None)
    context: Context = {"publication": publication, "form": form}
    if request.method != "POST" or not form.is_valid():
        return _page(request, model_admin, context)
    step = request.POST.get("step", PREVIEW)
    try:
        if step == ERASE and form.cleaned_data["confirm"]:
            return _erase(request, publication, form, model_admin)
        context |= {"erasure": _preview(request, publication, form)}
    except desk.ValidationRefused as refusal:
        for message in refusal.messages:
            form.add_error("reason", message_text(message))
    except desk.DeskError as refusal:
        form.add_error(None, str(refusal))
    if step == ERASE:
        form.add_error("confirm", _("Tick the box once you have looked at what is erased."))
    return _page(request, model_admin, context)


def _preview(request: HttpRequest, publication: Publication, form: ErasureForm) -> desk.Erasure:
    """Erase it, and roll back."""
    with transaction.atomic():
        erasure = desk.withdraw_for_good(
            publication,
            by=editor_of(request),
            reason=form.cleaned_data["reason"],
            idempotency_key=form.cleaned_data["key"],
        )
        transaction.set_rollback(True)
    return erasure


def _erase(
    request: HttpRequest,
    publication: Publication,
    form: ErasureForm,
    model_admin: ModelAdmin[Any],
) -> HttpResponse:
    data = form.cleaned_data
    erasure = desk.withdraw_for_good(
        publication, by=editor_of(request), reason=data["reason"], idempotency_key=data["key"]
    )
    words = _("Withdrawn for good: bulletin %(number)d.") % {"number": erasure.result.sequence}
    model_admin.message_user(request, words, messages.SUCCESS)
    return HttpResponseRedirect(_list_of(model_admin))


def _list_of(model_admin: ModelAdmin[Any]) -> str:
    return reverse(f"admin:results_{model_admin.opts.model_name}_changelist")


def _page(request: HttpRequest, model_admin: ModelAdmin[Any], context: Context) -> HttpResponse:
    shared = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Withdraw for good"),
        "list_address": _list_of(model_admin),
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "editor/erasure.html", shared | context)
