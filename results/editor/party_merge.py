"""Admin page that merges two parties: choose, see what changes, confirm with a reason."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from results import desk
from results.editor.annotations import Context
from results.editor.base import editor_of
from results.editor.irreversible import Act, IrreversibleForm, irreversible_view
from results.models import MERGE_DUPLICATES, Party
from results.models.party_alias import public_number


class PartyField(forms.ModelChoiceField[Party]):
    """Tells parties of one name apart by number and address."""

    def label_from_instance(self, obj: Party) -> str:
        number = public_number(obj.electoral_commission_id)
        return f"{obj.name} ({', '.join(filter(None, [number, obj.slug]))})"


class MergeForm(IrreversibleForm):
    into = PartyField(
        Party.objects.all(),
        label=gettext_lazy("Merge it into"),
        help_text=gettext_lazy("This party keeps its name, its colour and its address."),
    )
    field_order = ("into", "reason", "confirm")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason, confirm = self.fields["reason"], self.fields["confirm"]
        reason.help_text = _("Readers see it beside the results that change.")
        reason.error_messages["required"] = _("Say why: readers see it beside what changes.")
        confirm.label = _("I have looked at what changes, and it cannot be undone.")


def may_merge(request: HttpRequest) -> bool:
    """Whether the user may merge what is one, and correct published results."""
    permissions = (MERGE_DUPLICATES, "change_party", "change_declaration")
    return request.user.has_perms([f"results.{permission}" for permission in permissions])


def merge_view(
    request: HttpRequest, party_pk: int, *, model_admin: ModelAdmin[Party]
) -> HttpResponse:
    """Run one step of a merge. Raises PermissionDenied."""
    if not may_merge(request):
        raise PermissionDenied
    party = Party.objects.filter(pk=party_pk).first()
    if party is None and request.method == "POST":
        # A repeated request: it has been merged by the first one.
        messages.info(request, _("That party has been merged already."))
        return HttpResponseRedirect(reverse("admin:results_party_changelist"))
    duplicate = party or get_object_or_404(Party, pk=party_pk)

    def preview(form: MergeForm) -> Context:
        into = form.cleaned_data["into"]
        return {"into": into, "effects": desk.preview_merge(duplicate, into)}

    act = Act(
        template="editor/party_merge.html",
        title=_("Merge %(party)s into another party") % {"party": duplicate.name},
        step="merge",
        unticked=gettext_lazy("Tick the box once you have looked at what changes."),
        cancel_address=reverse("admin:results_party_change", args=[duplicate.pk]),
        preview=preview,
        carry_out=lambda form: _merge(request, duplicate, form, model_admin),
        refused_at="into",
        about={"party": duplicate},
    )
    return irreversible_view(request, MergeForm(request.POST or None), act, model_admin=model_admin)


def _merge(
    request: HttpRequest, party: Party, form: MergeForm, model_admin: ModelAdmin[Party]
) -> HttpResponse:
    data, into = form.cleaned_data, form.cleaned_data["into"]
    effects = desk.merge_parties(
        party,
        into,
        by=editor_of(request),
        reason=data["reason"],
        idempotency_key=data["key"],
    )
    words = {"party": party.name, "into": into.name, "results": len(effects.changed)}
    done = _("%(party)s is merged into %(into)s; %(results)d published results changed.") % words
    model_admin.message_user(request, done, messages.SUCCESS)
    return HttpResponseRedirect(reverse("admin:results_party_change", args=[into.pk]))
