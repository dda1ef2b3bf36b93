"""Merge two rows that stand for one thing: choose, preview the changes, confirm with a reason."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django_stubs_ext import StrOrPromise

from results.editor.annotations import Context, FormData
from results.editor.base import editor_of
from results.editor.irreversible import IrreversibleAction, IrreversibleForm, irreversible_view
from results.models import MERGE_DUPLICATES

M = TypeVar("M", bound=Model)


class MergeForm(IrreversibleForm):
    """A reason and a tick; a subclass adds `into`, the row that stays."""

    field_order = ("into", "reason", "confirm")

    def __init__(self, data: FormData | None = None) -> None:
        super().__init__(data)
        self.fields["confirm"].label = _("I have looked at what changes, and it cannot be undone.")


class MergeEffects(Protocol):
    """Effects of a merge; `changed` are the published results that differ afterwards."""

    @property
    def changed(self) -> Sequence[object]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePage(Generic[M]):
    """Configuration of merging rows of one model, with the publishing API's `preview` and `merge`.

    `title` takes `name`. `form` returns the form for a row that is merged into another.
    """

    rows: QuerySet[M]
    template: str
    title: StrOrPromise
    already_merged: StrOrPromise
    form: Callable[[M], MergeForm]
    preview: Callable[[M, M], MergeEffects]
    merge: Callable[..., MergeEffects]


def may_merge(request: HttpRequest, model_admin: ModelAdmin[M]) -> bool:
    """Whether the user may merge what is one, and correct published results."""
    change = f"change_{model_admin.opts.model_name}"
    permissions = (MERGE_DUPLICATES, change, "change_declaration")
    return request.user.has_perms([f"results.{permission}" for permission in permissions])


def _merged_text(name: str, into: object, results: int) -> str:
    words = {"name": name, "into": into, "results": results}
    return _("%(name)s is merged into %(into)s; %(results)d published results changed.") % words


def merge_view(
    request: HttpRequest, pk: int, page: MergePage[M], *, model_admin: ModelAdmin[M]
) -> HttpResponse:
    """Run one step of a merge. Raises PermissionDenied."""
    if not may_merge(request, model_admin):
        raise PermissionDenied
    addresses = f"admin:results_{model_admin.opts.model_name}"
    if request.method == "POST" and not page.rows.filter(pk=pk).exists():  # merged already
        messages.info(request, str(page.already_merged))
        return HttpResponseRedirect(reverse(f"{addresses}_changelist"))
    duplicate = get_object_or_404(page.rows, pk=pk)

    def preview(form: MergeForm) -> Context:
        into = form.cleaned_data["into"]
        return {"into": into, "effects": page.preview(duplicate, into)}

    def perform(form: MergeForm) -> HttpResponse:
        data, name = form.cleaned_data, str(duplicate)
        effects = page.merge(
            duplicate,
            data["into"],
            by=editor_of(request),
            reason=data["reason"],
            idempotency_key=data["key"],
        )
        messages.success(request, _merged_text(name, data["into"], len(effects.changed)))
        return HttpResponseRedirect(reverse(f"{addresses}_change", args=[data["into"].pk]))

    action = IrreversibleAction(
        template=page.template,
        title=page.title % {"name": duplicate},
        step="merge",
        unticked=gettext_lazy("Tick the box once you have looked at what changes."),
        cancel_address=reverse(f"{addresses}_change", args=[pk]),
        preview=preview,
        perform=perform,
        refused_at="into",
        about={"duplicate": duplicate},
    )
    return irreversible_view(request, page.form(duplicate), action, model_admin=model_admin)
