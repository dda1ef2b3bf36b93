"""Base classes of the admin: for read-only records, and for details that are republished."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import flatten_fieldsets
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import models, router, transaction
from django.db.models.options import Options
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import dateformat, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from results import desk
from results.arithmetic import read_id
from results.desk.audit import form_has_entry
from results.editor.admin_page import admin_page
from results.editor.annotations import Context, DbField, Fieldsets, InlineFormSet
from results.editor.audited_admin import AuditedAdminMixin, election_and_contest
from results.editor.autocomplete import AutocompleteMixin
from results.editor.changed_meanwhile import ChangedMeanwhileMixin
from results.editor.deletion import DeletionMixin
from results.editor.detail_corrections import DetailCorrections, ReasonNeeded
from results.editor.fields import MOMENTS
from results.editor.night.links import likely_election
from results.editor.sent_once import SentOnceMixin
from results.editor.several_elections import SeveralElectionsMixin
from results.editor.unique_rows import UniqueRowsMixin
from results.models import Election

M = TypeVar("M", bound=models.Model)
#: Facts that an admin compares to find out whether readers' pages change.
Visible = TypeVar("Visible")
FormField = TypeVar("FormField", bound=forms.Field | None)

# Rows are deleted one at a time only, after a confirmation.
admin.site.disable_action("delete_selected")


class Tool(NamedTuple):
    """A link at the top of an object's page."""

    label: str
    address: str
    css: str = ""


def fieldsets_without(fieldsets: Fieldsets, names: Collection[str]) -> Fieldsets:
    """Fieldsets as `get_fieldsets` returns them, without some of their fields."""
    return [
        (title, {**options, "fields": [each for each in options["fields"] if each not in names]})
        for title, options in fieldsets
    ]


class SortedList(ChangeList):
    """Change list that sorts names in their natural order, equally on every database."""

    def get_ordering_field(self, field_name: Callable[..., Any] | str) -> Any:
        has_key = any(column.name == "sort_key" for column in self.lookup_opts.fields)
        name = "sort_key" if field_name == "name" and has_key else field_name
        return super().get_ordering_field(name)


class DeskAdmin(
    SentOnceMixin[M],
    SeveralElectionsMixin[M],
    AutocompleteMixin[M],
    ChangedMeanwhileMixin[M],
    UniqueRowsMixin[M],
    DeletionMixin[M],
    AuditedAdminMixin[M],
):
    """Show times in the election's time zone, and links to the object's other pages."""

    empty_value_display = "–"
    #: Title of the list, where it is not what the model is called in the plural.
    list_title: StrOrPromise = ""
    #: What several rows of the list are called, where the model's plural is the list itself.
    rows_name: StrOrPromise = ""

    formfield_overrides: ClassVar[Mapping[type[DbField], Mapping[str, Any]]] = {
        models.DateTimeField: MOMENTS
    }

    def formfield_for_dbfield(
        self, db_field: DbField, request: HttpRequest, **kwargs: object
    ) -> forms.Field | None:
        return without_related_links(super().formfield_for_dbfield(db_field, request, **kwargs))

    def changelist_view(
        self, request: HttpRequest, extra_context: Context | None = None
    ) -> HttpResponse:
        title = self.list_title or capfirst(self.opts.verbose_name_plural)
        context: Context = {"title": title, **(extra_context or {})}
        response: HttpResponse = super().changelist_view(request, context)
        return response

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        return SortedList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Refuse to filter a list by a column that its reader is not shown.

        Django allows every column of the model, by whose beginnings a secret can be guessed.
        """
        columns = {field.name for field in self.opts.concrete_fields} - {self.opts.pk.name}
        name = lookup.partition("__")[0].removesuffix("_id")
        is_hidden = name in columns and name not in self._shown_fields(request)
        return not is_hidden and super().lookup_allowed(lookup, value, request)

    def _shown_fields(self, request: HttpRequest) -> set[str]:
        """Names of what the list, its filters or the form show to this user."""
        filters = (each[0] if isinstance(each, tuple) else each for each in self.list_filter)
        filters = (getattr(each, "parameter_name", each) for each in filters)
        shown = (
            *self.get_list_display(request),
            *filters,
            *flatten_fieldsets(self.get_fieldsets(request)),
        )
        return {each.partition("__")[0] for each in shown if isinstance(each, str)}

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Choose the election that the editor is at, where the form needs one."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        columns = {field.name: field for field in self.opts.concrete_fields}
        if "election" in columns and not columns["election"].null:
            initial.setdefault("election", likely_election(request))
        return initial

    def election_of(self, obj: M) -> Election | None:
        """The election in whose time zone the object's times are shown and entered."""
        election, contest = election_and_contest(obj)
        return election or (contest.election if contest else None)

    def tools(self, request: HttpRequest, obj: M) -> Iterator[Tool]:
        """Links at the top of the object's page."""
        yield from ()

    def preview_address(self, request: HttpRequest, obj: M | None) -> str:
        """Address of the form's preview, empty for none; see `FormPreviewMixin`."""
        return ""

    def response_action(  # type: ignore[override]  # action_location is of Django 6
        self, request: HttpRequest, queryset: models.QuerySet[M]
    ) -> HttpResponse | None:
        """Answer 400 where a selected id is not a number: Django's lookup would raise an error."""
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
        with election_timezone(self.election_of(obj) if obj else None):
            extra: Context = {"tools": list(self.tools(request, obj)) if obj else []}
            extra["preview_address"] = self.preview_address(request, obj)
            if obj:
                extra |= self.compare_with_page(request, obj)
            response: HttpResponse = super()._changeform_view(  # type: ignore[misc]  # not in stubs
                request, object_id, form_url, {**(extra_context or {}), **extra}
            )
            # Rendered here: Django renders it later, outside of this time zone.
            return response.render() if isinstance(response, TemplateResponse) else response


def without_related_links(field: FormField, *, add: bool = False) -> FormField:
    """Remove the links that change, delete or view related objects; return the field."""
    widget = getattr(field, "widget", None)
    if isinstance(widget, RelatedFieldWidgetWrapper):
        widget.can_add_related = widget.can_add_related and add
        widget.can_change_related = widget.can_delete_related = widget.can_view_related = False
    return field


@contextmanager
def election_timezone(election: Election | None) -> Iterator[None]:
    with timezone.override(election.zone if election else timezone.get_default_timezone()):
        yield


def format_local_time(moment: datetime, election: Election, pattern: str = "j M Y, H:i") -> str:
    """A time in the election's time zone, with its day, since a night spans two dates."""
    return dateformat.format(timezone.localtime(moment, election.zone), pattern)


class RecordAdmin(DeskAdmin[M]):
    """Read-only admin: rows are not added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


class ListAdmin(DeskAdmin[M]):
    """Admin whose rows are changed by the actions of the list only: no form, nothing to delete."""

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


class DetailsAdmin(DeskAdmin[M], Generic[M, Visible]):
    """Admin of details that readers' pages show: a visible change is published when it is saved.

    Saving locks every night, so that no declaration is published meanwhile.
    """

    def visible_of(self, obj: M) -> Visible | None:
        """What readers see of the stored object, for comparison; None if it is not stored yet."""
        raise NotImplementedError

    def republish(self, obj: M, before: Visible | None, corrections: DetailCorrections) -> str:
        """Publish what has changed since `before`; a sentence for the editor, or an empty one.

        Changes that take back what readers were told go through `corrections`.
        """
        raise NotImplementedError

    def is_published(self, obj: M) -> bool:
        """Whether the record refers to the object, which must then keep its row and its address."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and self.is_published(obj))

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: M | None = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj and self.is_published(obj) else {**self.prepopulated_fields}

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Context | None = None,
    ) -> HttpResponse:
        try:
            with self._locked(request):
                return super().changeform_view(request, object_id, form_url, extra_context)
        except ReasonNeeded as asked:
            return reason_page(request, asked, self.opts)
        except desk.ElectionNotPublic as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Context | None = None
    ) -> HttpResponse:
        try:
            with self._locked(request):
                return super().delete_view(request, object_id, extra_context)
        except ReasonNeeded as asked:
            return reason_page(request, asked, self.opts)
        except desk.ElectionNotPublic as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    @contextmanager
    def _locked(self, request: HttpRequest) -> Iterator[None]:
        if request.method != "POST":
            yield
            return
        token = form_has_entry.set(True)
        try:
            with transaction.atomic(using=router.db_for_write(self.model)):
                desk.lock_all_nights()
                yield
        finally:
            form_has_entry.reset(token)

    def save_model(self, request: HttpRequest, obj: M, form: Any, change: bool) -> None:
        form.visible_before = self.visible_of(obj)
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: Any, formsets: list[InlineFormSet], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        self._republish(request, form.instance, form.visible_before)

    def delete_model(self, request: HttpRequest, obj: M) -> None:
        visible_before = self.visible_of(obj)
        super().delete_model(request, obj)
        self._republish(request, obj, visible_before)

    def _republish(self, request: HttpRequest, obj: M, before: Visible | None) -> None:
        corrections = DetailCorrections(request.POST, editor_of(request))
        words = self.republish(obj, before, corrections)
        self._inform(request, corrections.finish() or words)

    def _inform(self, request: HttpRequest, words: str) -> None:
        if words:
            self.message_user(request, words, messages.INFO)


def reason_page(request: HttpRequest, asked: ReasonNeeded, opts: "Options[Any]") -> HttpResponse:
    """Show what readers would see, and ask for the reason; nothing has been changed."""
    own = ("csrfmiddlewaretoken", f"{asked.form.prefix}-")
    context = {
        "title": _("What readers will see"),
        "form": asked.form,
        "preview": asked,
        "sent": [
            (name, value)
            for name, values in request.POST.lists()
            if not name.startswith(own)
            for value in values
        ],
        "form_address": request.get_full_path(),
    }
    return admin_page(request, "editor/details_preview.html", context, opts=opts)


def require_permission(request: HttpRequest, permission: str) -> None:
    """Raise PermissionDenied unless the user has the permission, as in `results.view_contest`."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def editor_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
