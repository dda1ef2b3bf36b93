"""Admin page that merges two parties: choose, see what changes, confirm with a reason."""

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
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
from results.models import Party
from results.models.party_alias import public_number

#: Values of `step`: show what would change, merge.
PREVIEW, MERGE = "preview", "merge"


class PartyField(forms.ModelChoiceField[Party]):
    """Tells parties of one name apart by number and address."""

    def label_from_instance(self, obj: Party) -> str:
        number = public_number(obj.electoral_commission_id)
        return f"{obj.name} ({', '.join(filter(None, [number, obj.slug]))})"


class MergeForm(forms.Form):
    into = PartyField(
        Party.objects.all(),
        label=gettext_lazy("Merge it into"),
        help_text=gettext_lazy("This party keeps its name, its colour and its address."),
    )
    reason = VisibleTextField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        help_text=gettext_lazy("Readers see it beside the results that change."),
        error_messages={"required": gettext_lazy("Say why: readers see it beside what changes.")},
    )
    confirm = forms.BooleanField(
        label=gettext_lazy("I have looked at what changes, and it cannot be undone."),
        required=False,
    )
    key = KeyField()


def may_merge(request: HttpRequest) -> bool:
    """Whether the user may change and delete parties, and correct published results."""
    permissions = ("change_party", "delete_party", "change_declaration")
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
    party = party or get_object_or_404(Party, pk=party_pk)
    form = MergeForm(request.POST or None)
    context: Context = {"party": party, "form": form}
    if request.method != "POST" or not form.is_valid():
        return _page(request, model_admin, context)
    step, into = request.POST.get("step", PREVIEW), form.cleaned_data["into"]
    try:
        if step == MERGE and form.cleaned_data["confirm"]:
            return _merge(request, party, form, model_admin)
        context |= {"into": into, "effects": desk.preview_merge(party, into)}
    except desk.DeskError as refusal:
        form.add_error("into", str(refusal))
    if step == MERGE:
        form.add_error("confirm", _("Tick the box once you have looked at what changes."))
    return _page(request, model_admin, context)


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


def _page(request: HttpRequest, model_admin: ModelAdmin[Party], context: Context) -> HttpResponse:
    party = context["party"]
    shared = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Merge %(party)s into another party") % {"party": party.name},
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "editor/party_merge.html", shared | context)
