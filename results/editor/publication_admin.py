"""Shared admin of quotes, posts, photos, headlines and external figures.

Saving publishes through `desk`: a change is another revision, and no row is edited in place.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import QuerySet, TextField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results import desk
from results.editor.annotations import DbField
from results.editor.base import DeskAdmin, Tool, editor_of, stamp
from results.editor.idempotency import KeyField, with_key
from results.models import Election, Publication

P = TypeVar("P", bound=Publication)


class PublicationForm(forms.ModelForm[P]):
    """The form of one publication. The fields of `content_class` are columns of the model."""

    key = KeyField()
    content_class: ClassVar[type[desk.Content]]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        contest, election = data.get("contest"), data.get("election")
        if contest and election and contest.election_id != election.pk:
            self.add_error("contest", _("Choose a contest of this election."))
        return data

    @property
    def withdraws(self) -> bool:
        """Whether saving withdraws what stands, since the form was left empty."""
        return False

    def content(self) -> desk.Content:
        names = [column.name for column in fields(self.content_class)]
        return self.content_class(**{name: getattr(self.instance, name) for name in names})


def in_zone(moment: datetime, election: Election) -> datetime:
    """The time of day that was entered, in the election's zone instead of the form's."""
    return timezone.make_aware(timezone.localtime(moment).replace(tzinfo=None), election.zone)


class PublicationAdmin(DeskAdmin[P]):
    """Admin of one kind of publication.

    `can_reword`: its newest revision can be changed. Otherwise another publication takes its
    place, and withdrawing one needs the permission to add one.
    """

    can_reword = True
    #: Fields of a form that show the field and its value only, once it is published.
    fixed: tuple[str, ...] = ("election", "contest")
    list_filter: ClassVar[tuple[Any, ...]] = (("election", admin.RelatedOnlyFieldListFilter),)
    list_select_related: ClassVar[tuple[str, ...]] = ("election", "by", "replaced_by")
    actions: Sequence[str] = ("withdraw",)
    formfield_overrides: ClassVar[Mapping[type[DbField], Mapping[str, Any]]] = {
        **DeskAdmin.formfield_overrides,
        TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})},
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[P]:
        return super().get_queryset(request).select_related("election", "replaced_by")

    def election_of(self, obj: P) -> Election:
        return obj.election

    # --- Columns ------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("published"), ordering="created_at")
    def published(self, obj: P) -> str:
        return stamp(obj.created_at, obj.election)

    @admin.display(description=gettext_lazy("on the pages"), boolean=True)
    def is_current(self, obj: P) -> bool:
        return obj.is_current

    def tools(self, request: HttpRequest, obj: P) -> Iterator[Tool]:
        for label, revision in (
            (_("The newer version"), getattr(obj, "replaced_by", None)),
            (_("The version before"), obj.replaces),
        ):
            if revision is not None:
                yield Tool(label, self._address("change", revision.pk))

    # --- Permissions --------------------------------------------------------------------------

    def get_readonly_fields(self, request: HttpRequest, obj: P | None = None) -> list[str]:
        return [*self.readonly_fields, *(self.fixed if obj else ())]

    def has_change_permission(self, request: HttpRequest, obj: P | None = None) -> bool:
        """Only the newest revision can be reworded."""
        allowed = self.can_reword and super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.is_current)

    def has_delete_permission(self, request: HttpRequest, obj: P | None = None) -> bool:
        return False

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        if self.can_reword:
            return self.has_change_permission(request)
        return self.has_add_permission(request)

    # --- Publishing ---------------------------------------------------------------------------

    @admin.action(
        description=gettext_lazy("Withdraw: gone from every page"), permissions=["withdraw"]
    )
    def withdraw(self, request: HttpRequest, publications: QuerySet[P]) -> None:
        for publication in publications:
            if publication.is_current:
                key = f"withdraw-{publication.bulletin_field}-{publication.pk}"
                result = desk.withdraw_publication(
                    publication, by=editor_of(request), idempotency_key=key
                )
                words = _("Withdrawn: bulletin %(number)d.") % {"number": result.sequence}
                self.message_user(request, words, messages.SUCCESS)

    def save_model(
        self, request: HttpRequest, obj: Any, form: PublicationForm[P], change: bool
    ) -> None:
        """Publish instead of saving. `obj` becomes the row of the new revision."""
        obj.result = None
        if change and not form.has_changed():
            self.message_user(request, _("Nothing was changed, nothing was published."))
            return
        obj.result = result = with_key(
            form.cleaned_data["key"], lambda key: self._publish(request, obj, form, change, key)
        )
        published = result.bulletin.publication
        assert published is not None
        obj.pk, obj.by = published.pk, published.by
        words = _("Published as bulletin %(number)d.")
        if result.unchanged:
            words = _("That stands already: nothing was published.")
        elif form.withdraws:
            words = _("Withdrawn: bulletin %(number)d.")
        self.message_user(request, words % {"number": result.sequence}, messages.SUCCESS)

    def _publish(
        self, request: HttpRequest, obj: P, form: PublicationForm[P], change: bool, key: str
    ) -> desk.PublishResult:
        by, manager = editor_of(request), self.model._default_manager
        if form.withdraws:
            standing: Publication = manager.standing(obj.election)
            return desk.withdraw_publication(standing, by=by, idempotency_key=key)
        replaces = manager.get(pk=obj.pk) if change else None
        return desk.publish(
            obj.election, form.content(), by=by, idempotency_key=key, replaces=replaces
        )

    def log_addition(self, request: HttpRequest, obj: P, message: object) -> Any:
        return super().log_addition(request, obj, message) if _was_published(obj) else None

    def log_change(self, request: HttpRequest, obj: P, message: object) -> Any:
        return super().log_change(request, obj, message) if _was_published(obj) else None

    # --- After saving -------------------------------------------------------------------------

    def response_add(
        self, request: HttpRequest, obj: P, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._next_page(request, obj)

    def response_change(self, request: HttpRequest, obj: P) -> HttpResponse:
        return self._next_page(request, obj)

    def _next_page(self, request: HttpRequest, obj: P) -> HttpResponse:
        """The page of the new revision where the editor goes on with it; otherwise the list."""
        if "_continue" in request.POST:
            return HttpResponseRedirect(self._address("change", obj.pk))
        if "_addanother" in request.POST:
            return HttpResponseRedirect(self._address("add"))
        return self.response_post_save_change(request, obj)

    def _address(self, page: str, *args: object) -> str:
        return reverse(f"admin:results_{self.opts.model_name}_{page}", args=args)


def _was_published(obj: Any) -> bool:
    return obj.result is not None and not obj.result.unchanged
