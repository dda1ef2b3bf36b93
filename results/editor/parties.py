"""Admin of parties, which all elections share."""

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from results.editor.base import DetailsAdmin
from results.editor.republish import start_new_epochs
from results.models import Candidate, Election, LastVotes, Party, SittingMember

#: Columns that readers' pages show or are computed from.
VISIBLE_COLUMNS = ("slug", "name", "collective", "abbreviation", "colour", "tallied_with")


@admin.register(Party)
class PartyAdmin(DetailsAdmin[Party, object]):
    list_display = ("name", "abbreviation", "collective", "tallied_with", "colour")
    list_filter = (("tallied_with", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("tallied_with",)
    search_fields = ("name", "abbreviation", "collective", "electoral_commission_id")
    prepopulated_fields = {"slug": ("abbreviation",)}
    fieldsets = (
        (None, {"fields": ("name", "collective", "abbreviation", "slug", "colour")}),
        (_("In the tallies"), {"fields": ("tallied_with", "electoral_commission_id")}),
    )

    def visible_of(self, obj: Party) -> object:
        return Party.objects.filter(pk=obj.pk).values_list(*VISIBLE_COLUMNS).first()

    def republish(self, obj: Party, before: object, by: User) -> str:
        # No page shows a new party yet, and a party can be deleted only if no page shows it.
        if before is None or not obj.pk:
            return ""
        return start_new_epochs(elections_with(obj) if self.visible_of(obj) != before else [])


def elections_with(party: Party) -> list[Election]:
    """Every election with a page that names the party, or one that is tallied with it."""
    named = Q(party=party) | Q(party__tallied_with=party)
    last = LastVotes.objects.filter(named).values("last_result__contest__election")
    now = Candidate.objects.filter(named).values("contest__election")
    sitting = SittingMember.objects.filter(named).values("contest__election")
    return list(Election.objects.filter(Q(pk__in=now) | Q(pk__in=last) | Q(pk__in=sitting)))
