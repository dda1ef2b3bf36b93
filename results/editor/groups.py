"""Admin of groups of contests, which may be pasted as a list of names."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext as _, gettext_lazy

from results.editor.annotations import CleanedData
from results.editor.base import DetailsAdmin
from results.editor.detail_corrections import DetailCorrections
from results.editor.form_preview import FormPreviewMixin
from results.editor.group_preview import group_document
from results.editor.republish import nothing_published, republish_fragments
from results.models import Contest, Election, Group
from results.models.contest_lookup import ContestNames

#: Columns that readers' pages show.
VISIBLE_COLUMNS = ("election", "slug", "name", "name_cy", "about", "sort_order")


class GroupForm(forms.ModelForm[Group]):
    named = forms.CharField(
        label=gettext_lazy("Add by name"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "Paste the contests, one a line or with commas between: by name or by official code."
        ),
    )

    def clean(self) -> CleanedData:
        data = super().clean() or {}
        election = data.get("election") or getattr(self.instance, "election", None)
        selected = data.get("contests")
        if election is None or selected is None:
            return data
        if selected.exclude(election=election).exists():
            self.add_error("contests", _("Choose contests of this election."))
            return data
        names = ContestNames(election)
        lines = data.get("named", "").splitlines()
        found = names.find(name for line in lines for name in names.split(line))
        if found.unknown:
            unknown = ", ".join(f"“{name}”" for name in found.unknown[:5])
            text = _("No contest here is called %(names)s.") % {"names": unknown}
            similar = dict.fromkeys(
                contest.full_name for word in found.unknown[:5] for contest in names.similar(word)
            )
            if similar:
                text += " " + _("Is it %(names)s?") % {"names": _(" or ").join(similar)}
            self.add_error("named", text)
        if found.ambiguous:
            message = _("Several contests have the name; give the address of one. %(choices)s")
            self.add_error("named", message % {"choices": found.choices})
        if not found.contests and not selected and not self.errors:
            text = _("Choose contests, or paste their names: without any its page is empty.")
            self.add_error("contests", text)
        if found.contests and not self.errors:
            pks = [contest.pk for contest in (*found.contests, *selected)]
            data["contests"] = Contest.objects.filter(pk__in=pks)
        return data


@admin.register(Group)
class GroupAdmin(FormPreviewMixin[Group], DetailsAdmin[Group, object]):
    form = GroupForm
    list_display = ("name", "election", "sort_order", "size")
    list_filter = (("election", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("election",)
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("contests",)
    fields = ("election", "name", "name_cy", "slug", "about", "sort_order", "contests", "named")

    @admin.display(description=gettext_lazy("seats"))
    def size(self, group: Group) -> int:
        return group.contests.count()

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> list[str]:
        return ["election"] if obj else []

    def view_on_site(self, group: Group) -> str:
        return group.get_absolute_url()

    def preview_document(
        self, request: HttpRequest, obj: Group, form: forms.ModelForm[Group]
    ) -> str:
        return group_document(obj)

    def visible_of(self, obj: Group) -> object:
        columns = Group.objects.filter(pk=obj.pk).values_list(*VISIBLE_COLUMNS).first()
        contests = Contest.objects.filter(groups=obj.pk).order_by("pk").values_list("pk", flat=True)
        return (columns, tuple(contests)) if columns else None

    def republish(self, obj: Group, before: object, corrections: DetailCorrections) -> str:
        if before == self.visible_of(obj):
            return nothing_published()
        election = Election.objects.get(pk=obj.election_id)
        return republish_fragments(election, (), by=corrections.by, summary=obj.name)
