"""Admin pages of what cannot be undone: look at what it does, then confirm with a reason."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django import forms
from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from results import desk
from results.editor.admin_page import admin_page
from results.editor.annotations import Context
from results.editor.idempotency import KeyField
from results.forms import VisibleTextField
from results.words.validation_messages import message_text

F = TypeVar("F", bound="IrreversibleForm")
M = TypeVar("M", bound=Model)

#: The value of `step` that shows what would be done; the action's own does it.
PREVIEW = "preview"


class IrreversibleForm(forms.Form):
    """Form with a reason, and a tick to confirm that the preview was read."""

    reason = VisibleTextField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        error_messages={"required": gettext_lazy("Say why: it is public.")},
    )
    confirm = forms.BooleanField(
        label=gettext_lazy("I have looked at it, and it cannot be undone."), required=False
    )
    key = KeyField()


@dataclass(frozen=True, slots=True, kw_only=True)
class IrreversibleAction(Generic[F]):
    """An irreversible action: `preview` returns the template's context; `perform` performs it.

    Both may raise a DeskError. `step` is the value of the button that performs it, and `unticked`
    the error beside a box that is not ticked. A DeskError other than ValidationRefused is shown
    beside the field `refused_at`; None is for the whole form.
    """

    template: str
    title: StrOrPromise
    step: str
    unticked: StrOrPromise
    cancel_address: str
    preview: Callable[[F], Context]
    perform: Callable[[F], HttpResponse]
    refused_at: str | None = None
    #: What the template shows before the preview as well.
    about: Context = field(default_factory=dict)


def irreversible_view(
    request: HttpRequest, form: F, action: IrreversibleAction[F], *, model_admin: ModelAdmin[M]
) -> HttpResponse:
    """Run one step. The caller has checked the permission."""
    context: Context = {"form": form, **action.about}
    if request.method == "POST" and form.is_valid():
        is_asked = request.POST.get("step", PREVIEW) == action.step
        try:
            if is_asked and form.cleaned_data["confirm"]:
                return action.perform(form)
            context |= {**action.preview(form), "is_shown": True}
        except desk.ValidationRefused as exc:
            for message in exc.messages:
                form.add_error("reason", message_text(message))
        except desk.DeskError as exc:
            form.add_error(action.refused_at, str(exc))
        if is_asked:
            form.add_error("confirm", str(action.unticked))
    shared = {
        "title": action.title,
        "step": action.step,
        "cancel_address": action.cancel_address,
    }
    return admin_page(request, action.template, shared | context, opts=model_admin.opts)
