"""Admin page that merges two parties."""

from django import forms
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _, gettext_lazy

from results import desk
from results.editor import merging
from results.editor.annotations import FormData
from results.models import Party
from results.models.party_alias import public_number


class PartyField(forms.ModelChoiceField[Party]):
    """Field that distinguishes parties of the same name by number and address."""

    def label_from_instance(self, obj: Party) -> str:
        number = public_number(obj.electoral_commission_id)
        return f"{obj.name} ({', '.join(filter(None, [number, obj.slug]))})"


class MergeForm(merging.MergeForm):
    into = PartyField(
        Party.objects.all(),
        label=gettext_lazy("Merge it into"),
        help_text=gettext_lazy("This party keeps its name, its colour and its address."),
    )

    def __init__(self, data: FormData | None = None) -> None:
        super().__init__(data)
        reason = self.fields["reason"]
        reason.help_text = _("Readers see it beside the results that change.")
        reason.error_messages["required"] = _("Say why: readers see it beside what changes.")


def merge_view(
    request: HttpRequest, party_pk: int, *, model_admin: ModelAdmin[Party]
) -> HttpResponse:
    """Run one step of a merge. Raises PermissionDenied."""
    page = merging.MergePage(
        rows=Party.objects.all(),
        template="editor/party_merge.html",
        title=gettext_lazy("Merge %(name)s into another party"),
        already_merged=gettext_lazy("That party has been merged already."),
        form=lambda _party: MergeForm(request.POST or None),
        preview=desk.preview_party_merge,
        merge=desk.merge_parties,
    )
    return merging.merge_view(request, party_pk, page, model_admin=model_admin)
