"""Admin mixin that records every addition, change and deletion in the audit trail."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, tzinfo
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest
from django.utils import dateformat, timezone
from django.utils.choices import flatten_choices, normalize_choices
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from results import desk
from results.desk.changes import change_of
from results.editor.annotations import DbField
from results.editor.fields import form_class_of
from results.models import Contest, Election

M = TypeVar("M", bound=models.Model)

#: Attribute of a request with the changes of its form, as texts before and after.
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
    zone = _zone_of(form)
    for name in form.changed_data:
        label = _label(form, name)
        if name in SECRET:
            yield label, "", ""
            continue
        field = form.fields[name]
        old, new = form.get_initial_for_field(field, name), form.cleaned_data.get(name)
        if name in SECRET_ADDRESSES:
            old, new = (urlsplit(str(value or "")).hostname for value in (old, new))
        yield label, _value_text(field, old, zone), _value_text(field, new, zone)


def _label(form: forms.BaseForm, name: str) -> str:
    """The field's label; the column's own name, uncapitalised, if it has no label."""
    label = strip_tags(str(form[name].label or name))
    if isinstance(form, forms.BaseModelForm):
        with suppress(FieldDoesNotExist):
            column = form.instance._meta.get_field(name)
            verbose_name = str(getattr(column, "verbose_name", ""))
            return verbose_name if capfirst(verbose_name) == label else label
    return label


def _zone_of(form: forms.BaseForm) -> tzinfo | None:
    """Time zone of the election that the form belongs to; None for the active one."""
    if not isinstance(form, forms.BaseModelForm):
        return None
    election, contest = election_and_contest(form.instance)
    election = election or (contest.election if contest else None)
    return election.zone if election else None


#: Fields whose values are never recorded.
SECRET = {"password", "password1", "password2", "key", "csrfmiddlewaretoken"}
#: Addresses of which only the host is recorded: whoever has a webhook's address can post there.
SECRET_ADDRESSES = {"url"}


def _value_text(field: forms.Field, value: object, zone: tzinfo | None) -> str:
    """The value as text: names instead of primary keys, labels instead of stored words.

    Times are those of the clocks in `zone`.
    """
    if isinstance(value, datetime) and timezone.is_aware(value):
        return dateformat.format(timezone.localtime(value, zone), "j M Y, H:i")
    if isinstance(value, date):
        return dateformat.format(value, "j M Y")
    if isinstance(field, forms.ModelChoiceField):
        return ", ".join(_names(field, value))[:500]
    if isinstance(field, forms.ChoiceField):
        pairs: Iterator[tuple[object, object]] = flatten_choices(normalize_choices(field.choices))
        labels = {str(stored): strip_tags(str(label)) for stored, label in pairs}
        value = labels.get(str(value), value)
    if isinstance(value, bool):
        value = _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    return str(value if value is not None else "")[:500]


def _names(field: forms.ModelChoiceField[models.Model], value: object) -> list[str]:
    """Names of the rows that the value refers to: a row, a primary key, or several of either."""
    if value is None or value == "":
        return []
    several = value if isinstance(value, list | tuple | models.QuerySet) else [value]
    rows = [each for each in several if isinstance(each, models.Model)]
    keys = [each for each in several if not isinstance(each, models.Model)]
    if keys:
        assert field.queryset is not None
        rows += field.queryset.model._default_manager.filter(pk__in=keys)
    return [str(row) for row in rows]


class AuditedAdminMixin(admin.ModelAdmin[M]):
    """Records the changes that `log_addition`, `log_change` and `log_deletions` are called with.

    A `_to_field` in the address that is no column finds nothing: Django would raise an error for an
    empty one, and for the name of a reverse relation.
    """

    def to_field_allowed(self, request: HttpRequest, to_field: str) -> bool:
        is_column = any(field.name == to_field for field in self.opts.concrete_fields)
        return is_column and super().to_field_allowed(request, to_field)

    def formfield_for_dbfield(
        self, db_field: DbField, request: HttpRequest, **kwargs: object
    ) -> forms.Field | None:
        options = form_class_of(db_field) | kwargs
        return super().formfield_for_dbfield(db_field, request, **options)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> M | None:
        return super().get_object(request, object_id, from_field or None)

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

    def log_deletions(self, request: HttpRequest, queryset: models.QuerySet[M]) -> list[LogEntry]:
        for obj in queryset:
            _record(request, "deleted", obj)
        return super().log_deletions(request, queryset)


def add_to_history(
    request: HttpRequest, obj: models.Model, message: Any, flag: int = CHANGE
) -> LogEntry:
    """Add to the admin's own history what the publishing API has recorded in the audit trail."""
    assert isinstance(request.user, User)
    return LogEntry.objects.log_actions(request.user.pk, [obj], flag, message, single_object=True)


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
