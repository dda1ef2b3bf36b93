"""Admin page that merges two contests."""

from django import forms
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _, gettext_lazy

from results import desk
from results.editor import merging
from results.editor.annotations import FormData
from results.models import Contest


class ContestField(forms.ModelChoiceField[Contest]):
    """Field that distinguishes contests of the same name by body, code and address."""

    def label_from_instance(self, obj: Contest) -> str:
        details = ", ".join(filter(None, [obj.body.name, obj.code, obj.slug]))
        return f"{obj.name} ({details})"


class MergeForm(merging.MergeForm):
    into = ContestField(
        Contest.objects.none(),
        label=gettext_lazy("Merge it into"),
        help_text=gettext_lazy(
            "This contest keeps its name, its body and its address, and its own figures where both "
            "have some."
        ),
    )

    def __init__(self, contest: Contest, data: FormData | None = None) -> None:
        super().__init__(data)
        reason, into = self.fields["reason"], self.fields["into"]
        reason.help_text = _("The log keeps it; readers see it beside a result that changes.")
        reason.error_messages["required"] = _("Say why: the log keeps it.")
        others = Contest.objects.filter(election=contest.election_id).exclude(pk=contest.pk)
        assert isinstance(into, ContestField)
        into.queryset = others.select_related("body")


def merge_view(
    request: HttpRequest, contest_pk: int, *, model_admin: ModelAdmin[Contest]
) -> HttpResponse:
    """Run one step of a merge. Raises PermissionDenied."""
    page = merging.MergePage(
        rows=Contest.objects.select_related("election", "body"),
        template="editor/contest_merge.html",
        title=gettext_lazy("Merge %(name)s into another contest"),
        already_merged=gettext_lazy("That contest has been merged already."),
        form=lambda contest: MergeForm(contest, request.POST or None),
        preview=desk.preview_contest_merge,
        merge=desk.merge_contests,
    )
    return merging.merge_view(request, contest_pk, page, model_admin=model_admin)
