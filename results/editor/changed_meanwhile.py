"""Refuse a form of the admin whose row somebody else has changed since the page was served.

Django stores every field of a form as it was sent: without this, the second of two editors puts
back what the first has changed, also in fields that the second never touched.
"""

import hashlib
import re
from collections.abc import Iterator
from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.forms.models import _get_foreign_key
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from results.editor.annotations import CleanedData, Context
from results.models import AuditEntry

M = TypeVar("M", bound=models.Model)

#: The hidden field with what was stored when the page was served.
FIELD = "_stored"
#: Attribute of a request with the refusal of its form.
REFUSAL = "electiondesk.changed_meanwhile"


class ChangedMeanwhileMixin(admin.ModelAdmin[M]):
    """Compares what is stored with what was stored when the form was served."""

    def compare_with_page(self, request: HttpRequest, obj: M) -> Context:
        """Context with what is stored; the request gets a refusal if that has changed."""
        stored = {name: _digest(value) for name, value in self._stored(request, obj)}
        sent = dict(re.findall(r"(\w+)=(\w+)", request.POST.get(FIELD, "")))
        # What is fixed once something is published is compared where both have it.
        changed = [name for name in sent if name in stored and sent[name] != stored[name]]
        if request.method == "POST" and changed:
            request.META[REFUSAL] = _refusal(obj)
        words = " ".join(f"{name}={digest}" for name, digest in stored.items())
        return {"stored_field": FIELD, "stored": words}

    def _stored(self, request: HttpRequest, obj: M) -> Iterator[tuple[str, Any]]:
        """What the form can change of the row, and the rows of its inlines."""
        fixed = set(self.get_readonly_fields(request, obj))
        for name in sorted({*flatten_fieldsets(self.get_fieldsets(request, obj))} - fixed):
            try:
                column = self.opts.get_field(str(name))
            except FieldDoesNotExist:  # a field of the form alone
                continue
            if column.many_to_many:
                yield name, sorted(getattr(obj, str(name)).values_list("pk", flat=True))
            elif column.concrete:
                yield name, column.value_from_object(obj)
        for inline in self.get_inline_instances(request, obj):
            if inline.has_change_permission(request, obj):
                key = _get_foreign_key(self.model, inline.model, fk_name=inline.fk_name)
                rows = inline.model._default_manager.filter(**{key.name: obj})
                yield inline.model.__name__, list(rows.order_by("pk").values_list())

    def get_form(
        self, request: HttpRequest, obj: M | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[M]]:
        form: type[forms.ModelForm[M]] = super().get_form(request, obj, change, **kwargs)
        words = request.META.get(REFUSAL)
        return _refused(form, str(words)) if words else form


def _digest(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:12]


def _refused(form: Any, words: str) -> type[forms.ModelForm[Any]]:
    """A class of forms as this one, which are not valid."""

    def clean(self: forms.Form) -> CleanedData:
        data: CleanedData = form.clean(self) or self.cleaned_data
        self.add_error(None, words)
        return data

    return type(form.__name__, (form,), {"clean": clean})


def _refusal(obj: models.Model) -> str:
    """Say who changed the row last, and what, as the log has it."""
    what = f"{obj._meta.verbose_name}: changed"
    entry = AuditEntry.objects.filter(what=what, about=str(obj)[:400]).first()
    if entry is None or not entry.after:
        words = _("This was changed while the page was open: nothing of yours is saved.")
    else:
        words = _(
            "%(who)s changed this at %(time)s, while the page was open (%(after)s): nothing of "
            "yours is saved."
        ) % {
            "who": entry.user,
            "time": f"{timezone.localtime(entry.at):%H:%M}",
            "after": entry.after,
        }
    return f"{words} " + _("Put it into the fields below as it should be, and save again.")
