"""Admin page that withdraws words for good: see what is erased, confirm with a reason."""

from typing import TypeVar

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from results import desk
from results.editor.annotations import Context
from results.editor.base import editor_of
from results.editor.irreversible import IrreversibleAction, IrreversibleForm, irreversible_view
from results.forms import VisibleTextField
from results.models import WITHDRAW_FOR_GOOD, Publication

P = TypeVar("P", bound=Publication)


class ErasureForm(IrreversibleForm):
    """Form of an erasure, whose reason is shorter because it is part of a bulletin's summary."""

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


def may_erase(request: HttpRequest) -> bool:
    return request.user.has_perm(f"results.{WITHDRAW_FOR_GOOD}")


def erasure_view(request: HttpRequest, pk: int, *, model_admin: ModelAdmin[P]) -> HttpResponse:
    """Run one step. Raises PermissionDenied."""
    if not may_erase(request):
        raise PermissionDenied
    rows = model_admin.model._default_manager.select_related("election")
    publication: Publication = get_object_or_404(rows, pk=pk)
    list_address = reverse(f"admin:results_{model_admin.opts.model_name}_changelist")

    def erase(form: ErasureForm) -> desk.Erasure:
        data = form.cleaned_data
        return desk.withdraw_for_good(
            publication, by=editor_of(request), reason=data["reason"], idempotency_key=data["key"]
        )

    def preview(form: ErasureForm) -> Context:
        with transaction.atomic():
            erasure = erase(form)
            transaction.set_rollback(True)
        return {"erasure": erasure}

    def perform(form: ErasureForm) -> HttpResponse:
        words = _("Withdrawn for good: bulletin %(number)d.")
        done = words % {"number": erase(form).result.sequence}
        model_admin.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(list_address)

    action = IrreversibleAction(
        template="editor/erasure.html",
        title=gettext_lazy("Withdraw for good"),
        step="erase",
        unticked=gettext_lazy("Tick the box once you have looked at what is erased."),
        cancel_address=list_address,
        preview=preview,
        perform=perform,
    )
    return irreversible_view(
        request, ErasureForm(request.POST or None), action, model_admin=model_admin
    )
