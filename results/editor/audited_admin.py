"""Admin mixin that records every addition, change and deletion in the audit trail."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import models
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest

from results import desk
from results.desk.changes import change_of
from results.models import Contest, Election

M = TypeVar("M", bound=models.Model)

#: Where a request carries what its form changed: the texts before and after.
CHANGES = "electiondesk.changes"


def changes_of(
    form: forms.BaseForm, formsets: Iterable[BaseFormSet[forms.Form]] | None
) -> tuple[str, str]:
    """Texts of every changed field of the form and its inlines: before, and after."""
    pairs = list(_pairs(form))
    for formset in formsets or ():
        for inline in getattr(formset, "forms", ()):
            if inline.has_changed():
                about = str(inline.instance)
                pairs += [(f"{about}: {name}", old, new) for name, old, new in _pairs(inline)]
    return (
        "; ".join(f"{name}: {old}" for name, old, _new in pairs),
        "; ".join(f"{name}: {new}" for name, _old, new in pairs),
    )


def _pairs(form: forms.BaseForm) -> Iterator[tuple[str, str, str]]:
    for name in form.changed_data:
        if name in SECRET:
            yield name, "", ""
            continue
        old = form.get_initial_for_field(form.fields[name], name)
        yield name, _short(old), _short(form.cleaned_data.get(name))


#: Fields whose values are never recorded.
SECRET = {"password", "password1", "password2", "key", "csrfmiddlewaretoken", "url"}


def _short(value: Any) -> str:
    if hasattr(value, "all"):
        value = list(value.all())
    if isinstance(value, list | tuple) or hasattr(value, "_iterable_class"):
        value = ", ".join(str(getattr(item, "pk", item)) for item in value)
    return str(getattr(value, "pk", value) if value is not None else "")[:500]


class AuditedAdminMixin(admin.ModelAdmin[M]):
    """Record what `log_addition`, `log_change` and `log_deletions` are called with."""

    def construct_change_message(
        self,
        request: HttpRequest,
        form: forms.Form,
        formsets: Iterable[BaseFormSet[forms.Form]],
        add: bool = False,
    ) -> list[dict[str, dict[str, list[str]]]]:
        request.META[CHANGES] = changes_of(form, formsets)
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, obj: M, message: object) -> LogEntry:
        _record(request, "added", obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: M, message: object) -> LogEntry:
        _record(request, "changed", obj, message if isinstance(message, str) else "")
        return super().log_change(request, obj, message)

    def log_withdrawal(self, request: HttpRequest, obj: M) -> LogEntry:
        """Record that readers no longer see the object."""
        _record(request, "withdrawn", obj)
        return super().log_change(request, obj, "Withdrawn.")

    def log_deletions(self, request: HttpRequest, queryset: models.QuerySet[M]) -> list[LogEntry]:
        for obj in queryset:
            _record(request, "deleted", obj)
        return super().log_deletions(request, queryset)


def _record(request: HttpRequest, action: str, obj: models.Model, message: str = "") -> None:
    before, after = request.META.get(CHANGES, ("", ""))
    election, contest = election_and_contest(obj)
    desk.record_action(
        request.user if request.user.is_authenticated else None,
        f"{obj._meta.verbose_name}: {action}",
        election=election,
        contest=contest,
        about=str(obj),
        before=before,
        after=message or after,
        change=change_of(obj),
    )


def election_and_contest(obj: models.Model) -> tuple[Election | None, Contest | None]:
    """The election and the contest that an object is or belongs to, if any."""
    contest = obj if isinstance(obj, Contest) else getattr(obj, "contest", None)
    election = obj if isinstance(obj, Election) else getattr(obj, "election", None)
    return (
        election if isinstance(election, Election) and election.pk else None,
        contest if isinstance(contest, Contest) and contest.pk else None,
    )
