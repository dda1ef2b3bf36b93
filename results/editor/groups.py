"""Groups of seats: chosen one by one, or pasted as a list of names."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results import desk
from results.editor.base import DetailsAdmin
from results.editor.republish import start_new_epochs
from results.models import Contest, Election, Group, Night, find_contests


class GroupForm(forms.ModelForm):  # type: ignore[type-arg]
    named = forms.CharField(
        label=gettext_lazy("add by name"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One seat a line: its name, its address or its official code."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        election = values.get("election") or getattr(self.instance, "election", None)
        chosen = values.get("contests")
        if election is None or chosen is None:
            return values
        if chosen.exclude(election=election).exists():
            self.add_error("contests", _("Choose seats of this election."))
            return values
        named, strangers = find_contests(election, values.get("named", "").splitlines())
        if strangers:
            names = ", ".join(f"“{name}”" for name in strangers[:5])
            self.add_error("named", _("No seat here is called %(names)s.") % {"names": names})
        elif named:
            values["contests"] = Contest.objects.filter(
                pk__in=[one.pk for one in (*named, *chosen)]
            )
        return values


@admin.register(Group)
class GroupAdmin(DetailsAdmin):
    """A change is published like any other: readers' lists and links follow."""

    form = GroupForm
    list_display = ("name", "election", "sort_order", "size")
    list_filter = (("election", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("election",)
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("contests",)
    fields = ("election", "name", "slug", "about", "sort_order", "contests", "named")

    @admin.display(description=gettext_lazy("seats"))
    def size(self, group: Group) -> int:
        return group.contests.count()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["election"] if obj else []

    def view_on_site(self, group: Group) -> str:
        return group.get_absolute_url()

    def look(self, obj: Group) -> Any:
        found = Group.objects.filter(pk=obj.pk).values_list("election", "slug", "name", "about")
        seats = Contest.objects.filter(groups=obj.pk).order_by("pk").values_list("pk", flat=True)
        sort_order = Group.objects.filter(pk=obj.pk).values_list("sort_order", flat=True).first()
        return (found[0], sort_order, tuple(seats)) if found else None

    def republish(self, obj: Group, before: Any, by: User) -> str:
        after = self.look(obj)
        if before == after:
            return _("Nothing that readers see has changed, so nothing was published.")
        election = Election.objects.get(pk=obj.election_id)
        if Night.objects.get(election=election).sequence == 0:
            return start_new_epochs([election])
        key = f"details-{uuid.uuid4()}"
        answer = desk.republish(election, (), by=by, idempotency_key=key, summary=obj.name)
        return _("Readers see the change: published as bulletin %(number)d.") % {
            "number": answer.sequence
        }
