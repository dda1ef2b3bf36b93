"""A column for the election in lists of several: nights have seats of the same names."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import admin
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from results.models import Contest, Election

M = TypeVar("M", bound=models.Model)
#: Parameters of lists that are filtered by one election.
ONE_ELECTION = frozenset({"election__id__exact", "contest__election__id__exact"})


def lists_several_elections(request: HttpRequest) -> bool:
    """Whether a list of contests, or of what is about them, may have those of several elections."""
    if not ONE_ELECTION.isdisjoint(request.GET):
        return False
    return len(Contest.objects.order_by().values("election").distinct()[:2]) > 1


class SeveralElectionsMixin(admin.ModelAdmin[M]):
    """Names the election beside the contest in a list of several elections."""

    def get_list_display(self, request: HttpRequest) -> list[str | Callable[[M], str | bool]]:
        shown = [*super().get_list_display(request)]
        if self._shows_contest_alone(shown) and lists_several_elections(request):
            shown.insert(shown.index("contest") + 1, "contest_election")
        return shown

    def _shows_contest_alone(self, shown: Any) -> bool:
        """Whether a list shows a contest without its election.

        The audit log shows its name alone.
        """
        if "contest" not in shown or "election" in shown:
            return False
        try:
            return self.opts.get_field("contest").is_relation
        except FieldDoesNotExist:
            return False

    @admin.display(description=_("election"), ordering="contest__election")
    def contest_election(self, row: Any) -> Election | None:
        return row.contest.election if row.contest else None
