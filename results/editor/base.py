"""What every page of the desk's admin has in common, and the two kinds there are of them:
details, which editors change and readers then see changed, and the record, which nobody edits.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import models, router, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.template.response import TemplateResponse
from django.utils import dateformat, timezone

from results.arithmetic import read_id
from results.editor.annotations import Context, DbField, InlineFormSet
from results.editor.audited_admin import AuditedAdminMixin
from results.editor.autocomplete import AutocompleteMixin
from results.editor.fields import MOMENTS, form_class_of
from results.models import Election, Night

M = TypeVar("M", bound=models.Model)
#: What an admin compares to see whether readers' pages change.
Visible = TypeVar("Visible")
FormField = TypeVar("FormField", bound=forms.Field | None)

# Nothing here is deleted by the dozen.
admin.site.disable_action("delete_selected")


class Tool(NamedTuple):
    """A link at the head of an object's page."""

    label: str
    address: str
    css: str = ""


class DeskAdmin(AutocompleteMixin[M], AuditedAdminMixin[M]):
    """Times in the election's own zone, and links to the object's other pages."""

    empty_value_display = "–"

    formfield_overrides: ClassVar[Mapping[type[DbField], Mapping[str, Any]]] = {
        models.DateTimeField: MOMENTS
    }

    def formfield_for_dbfield(
        self, db_field: DbField, request: HttpRequest, **kwargs: object
    ) -> forms.Field | None:
        options = form_class_of(db_field) | kwargs
        return without_side_doors(super().formfield_for_dbfield(db_field, request, **options))

    def election_of(self, obj: M) -> Election | None:
        """The election in whose zone the object's times are typed and shown."""
        return None

    def tools(self, request: HttpRequest, obj: M) -> Iterator[Tool]:
        """Links for the object's page."""
        yield from ()

    def response_action(  # type: ignore[override]  # action_location is of Django 6
        self, request: HttpRequest, queryset: models.QuerySet[M]
    ) -> HttpResponse | None:
        """What was ticked is looked up by number; what is no number was ticked on no page."""
        if not all(map(read_id, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            return HttpResponseBadRequest()
        return super().response_action(request, queryset)

    def _changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: Context | None,
    ) -> HttpResponse:
        obj = self.get_object(request, object_id) if object_id else None
        with in_zone_of(self.election_of(obj) if obj else None):
            extra = {"tools": list(self.tools(request, obj)) if obj else []}
            response: HttpResponse = super()._changeform_view(  # type: ignore[misc]  # not in stubs
                request, object_id, form_url, {**(extra_context or {}), **extra}
            )
            # Rendered here, since a template response is otherwise rendered out of this zone.
            return response.render() if isinstance(response, TemplateResponse) else response


def without_side_doors(field: FormField, *, add: bool = False) -> FormField:
    """A choice of something stored, without the icons that edit or delete it in passing."""
    widget = getattr(field, "widget", None)
    if isinstance(widget, RelatedFieldWidgetWrapper):
        widget.can_add_related = widget.can_add_related and add
        widget.can_change_related = widget.can_delete_related = widget.can_view_related = False
    return field


@contextmanager
def in_zone_of(election: Election | None) -> Iterator[None]:
    with timezone.override(election.zone if election else timezone.get_default_timezone()):
        yield


def stamp(moment: datetime, election: Election, pattern: str = "j M Y, H:i") -> str:
    """A time in the election's own zone. A night spans two dates, so the day is part of it."""
    return dateformat.format(timezone.localtime(moment, election.zone), pattern)


class RecordAdmin(DeskAdmin[M]):
    """Part of the record: to be read, never added to, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


class DetailsAdmin(DeskAdmin[M], Generic[M, Visible]):
    """Details that readers' pages show: what is visible of a change is published with it.

    Saving holds every night's lock, so that no declaration crosses it.
    """

    def look(self, obj: M) -> Visible | None:
        """What readers see of it, as stored at this moment; None for what is not stored yet."""
        raise NotImplementedError

    def republish(self, obj: M, before: Visible | None, by: User) -> str:
        """Publish what has changed since ``before``; what was done, in words, or nothing."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Context | None = None,
    ) -> HttpResponse:
        with self._held(request):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Context | None = None
    ) -> HttpResponse:
        with self._held(request):
            return super().delete_view(request, object_id, extra_context)

    @contextmanager
    def _held(self, request: HttpRequest) -> Iterator[None]:
        if request.method != "POST":
            yield
            return
        with transaction.atomic(using=router.db_for_write(self.model)):
            hold_the_nights()
            yield

    def save_model(self, request: HttpRequest, obj: M, form: Any, change: bool) -> None:
        form.seen = self.look(obj)
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: Any, formsets: list[InlineFormSet], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        self._tell(request, self.republish(form.instance, form.seen, editor_of(request)))

    def delete_model(self, request: HttpRequest, obj: M) -> None:
        seen = self.look(obj)
        super().delete_model(request, obj)
        self._tell(request, self.republish(obj, seen, editor_of(request)))

    def _tell(self, request: HttpRequest, words: str) -> None:
        if words:
            self.message_user(request, words, messages.INFO)


def hold_the_nights() -> None:
    """Take every night's lock, in one order for everybody; let go at the end of the transaction."""
    list(Night.objects.select_for_update().order_by("pk").values_list("pk"))


def require_permission(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied unless the user has the permission, as in `results.view_contest`."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def editor_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
