"""Shared admin of quotes, posts, photos, headlines and external figures.

Saving publishes through `desk`: a change is another revision, and no row is edited in place.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, TypeVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import QuerySet, TextField
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from results import desk
from results.arithmetic import read_id
from results.editor.admin_page import admin_page
from results.editor.annotations import Context, Fieldsets, ListFilters
from results.editor.audited_admin import add_to_history
from results.editor.base import DeskAdmin, Tool, editor_of, format_local_time
from results.editor.erasures import erasure_view, may_erase
from results.editor.idempotency import with_key
from results.editor.publication_forms import PublicationForm, PublicationRefusal
from results.editor.publication_preview import (
    CONFIRM,
    EDIT,
    SHOWN_STANDING,
    PreviewOnly,
    fields_sent,
    preview_of,
    preview_response,
)
from results.models import Publication

P = TypeVar("P", bound=Publication)

#: Attribute of a request with the result of publishing its form, or the refusal.
RESULT, REFUSED = "electiondesk.publish_result", "electiondesk.publish_refused"
#: Field with which the confirmation page is sent.
CONFIRMED = "confirmed"


class PublicationAdmin(DeskAdmin[P]):
    """Admin of one kind of publication.

    `can_reword`: its newest revision can be changed. Otherwise another publication takes its
    place, and withdrawing one needs the permission to add one.
    """

    can_reword = True
    publishes = True
    change_form_template = "editor/publication_form.html"
    #: Fields that cannot be changed once it is published.
    fixed: tuple[str, ...] = ("election", "contest")
    #: Fields of its page, where it cannot be reworded.
    shown: tuple[str, ...] = ()
    #: What the list reads with each row.
    related: tuple[str, ...] = ("election", "by", "replaced_by")
    actions = ("withdraw",)
    formfield_overrides = {  # as ModelAdmin declares it
        **DeskAdmin.formfield_overrides,
        TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})},
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[P]:
        return super().get_queryset(request).select_related(*self.related)

    def get_list_filter(self, request: HttpRequest) -> ListFilters:
        return [("election", admin.RelatedOnlyFieldListFilter), *super().get_list_filter(request)]

    # --- Columns ------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("published"), ordering="created_at")
    def published(self, obj: P) -> str:
        return format_local_time(obj.created_at, obj.election)

    @admin.display(description=gettext_lazy("on the pages"), boolean=True)
    def is_current(self, obj: P) -> bool:
        return obj.is_current

    def tools(self, request: HttpRequest, obj: P) -> Iterator[Tool]:
        for label, revision in (
            (_("The newer version"), getattr(obj, "replaced_by", None)),
            (_("The version before"), getattr(obj, "replaces", None)),
        ):
            if revision is not None:
                yield Tool(label, self._address("change", revision.pk))
        if may_erase(request) and obj.erased_by is None:
            yield Tool(_("Withdraw for good"), self._address("erase", obj.pk))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(partial(erasure_view, model_admin=self))
        name = f"results_{self.opts.model_name}_erase"
        return [path("<int:pk>/withdraw-for-good/", view, name=name), *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: P | None = None) -> Fieldsets:
        if obj is None or self.can_reword:
            return super().get_fieldsets(request, obj)
        return [(None, {"fields": self.shown})]

    # --- Permissions --------------------------------------------------------------------------

    def get_readonly_fields(self, request: HttpRequest, obj: P | None = None) -> list[str]:
        fixed = self.fixed if obj else ()
        return [*map(str, super().get_readonly_fields(request, obj)), *fixed]

    def has_change_permission(self, request: HttpRequest, obj: P | None = None) -> bool:
        """Allow rewording of the newest revision only; a submitted form always gets an answer."""
        allowed = self.can_reword and super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.is_current or request.method == "POST")

    def has_delete_permission(self, request: HttpRequest, obj: P | None = None) -> bool:
        return False

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        if self.can_reword:
            return self.has_change_permission(request)
        return self.has_add_permission(request)

    # --- Publishing ---------------------------------------------------------------------------

    @admin.action(
        description=gettext_lazy("Withdraw: gone from every page…"), permissions=["withdraw"]
    )
    def withdraw(self, request: HttpRequest, publications: QuerySet[P]) -> HttpResponse | None:
        """Show what would go from the pages and ask for confirmation; then withdraw it."""
        if CONFIRMED not in request.POST:
            return self._confirmation(request, publications)
        for publication in publications:
            if publication.is_current:
                self._withdraw(request, publication)
            else:
                self._already_gone(request, publication)
        return None

    def _confirmation(self, request: HttpRequest, publications: QuerySet[P]) -> HttpResponse | None:
        chosen = [publication for publication in publications if publication.is_current]
        if not chosen:
            self.message_user(request, _("None of these is on the pages."), messages.WARNING)
            return None
        context = {
            "title": ngettext(
                "Withdraw %(n)d publication", "Withdraw %(n)d publications", len(chosen)
            )
            % {"n": len(chosen)},
            "publications": chosen,
            "is_final": any(publication.election.final for publication in chosen),
            "selected": ACTION_CHECKBOX_NAME,
            "confirmed": CONFIRMED,
        }
        return admin_page(request, "editor/withdraw_chosen.html", context, opts=self.opts)

    def _already_gone(self, request: HttpRequest, publication: P) -> None:
        words = _("%(what)s: it was changed or withdrawn before.")
        self.message_user(request, words % {"what": publication}, messages.WARNING)

    def _withdraw(self, request: HttpRequest, publication: P) -> None:
        try:
            words = withdraw(request, publication)
        except desk.InvalidTransition as exc:
            self.message_user(request, f"{publication}: {exc}", messages.ERROR)
        else:
            self.message_user(request, words, messages.SUCCESS)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Context | None = None,
    ) -> HttpResponse:
        """Show what readers will see before anything is published."""
        try:
            response: HttpResponse = super().changeform_view(
                request, object_id, form_url, extra_context
            )
        except PreviewOnly as preview:
            return preview_response(request, preview, self.opts, fields_sent(request))
        return response

    def _changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None,
        form_url: str,
        extra_context: Context | None,
    ) -> HttpResponse:
        try:
            return super()._changeform_view(request, object_id, form_url, extra_context)
        except desk.DeskError as refusal:
            opened = self.model.objects.filter(pk=read_id(object_id or "")).first()
            newest = opened.newest if opened else None
            request.META[REFUSED] = PublicationRefusal(opened, newest, refusal)
            if newest is not None:
                object_id, form_url = str(newest.pk), self._address("change", newest.pk)
            return super()._changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: P | None = None, change: bool = False, **kwargs: object
    ) -> type[ModelForm[P]]:
        form = super().get_form(request, obj, change=change, **kwargs)
        if not issubclass(form, PublicationForm):
            return form
        more = {
            "editor": request.user,
            "refused": request.META.get(REFUSED),
            "is_reopened": EDIT in request.POST,
        }
        return type(form.__name__, (form,), more)

    def save_model(
        self, request: HttpRequest, obj: P, form: PublicationForm[P], change: bool
    ) -> None:
        """Publish instead of saving. `obj` becomes the row of the new revision."""
        if change and not form.has_changed():
            self.message_user(request, _("Nothing was changed, nothing was published."))
            return
        key = form.cleaned_data["key"]
        result = with_key(key, lambda key: self._publish(request, obj, form, change, key))
        if CONFIRM not in request.POST and not (result.repeated or result.unchanged):
            raise preview_of(obj.election, result)
        request.META[RESULT] = result
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
        by, rows = editor_of(request), self.model.objects
        if form.withdraws:
            shown = read_id(request.POST.get(SHOWN_STANDING, "")) or None
            return desk.withdraw_standing(
                obj.election, self.model, by=by, idempotency_key=key, shown=shown
            )
        replaces = rows.get(pk=obj.pk) if change else None
        return desk.publish(
            obj.election, form.content(), by=by, idempotency_key=key, replaces=replaces
        )

    def log_addition(  # type: ignore[override]  # Django ignores what it returns
        self, request: HttpRequest, obj: P, message: object
    ) -> LogEntry | None:
        return self._log(request, message, ADDITION)

    def log_change(  # type: ignore[override]  # Django ignores what it returns
        self, request: HttpRequest, obj: P, message: object
    ) -> LogEntry | None:
        return self._log(request, message, CHANGE)

    def _log(self, request: HttpRequest, message: object, flag: int) -> LogEntry | None:
        """Record what the form published or withdrew; nothing where it had done so before.

        In the history only: the bulletin has its entry in the audit trail.
        """
        result: desk.PublishResult | None = request.META.get(RESULT)
        if result is None or result.unchanged or result.repeated:
            return None
        row = result.bulletin.publication
        assert row is not None
        if row.withdrawn:
            withdrawn: Any = row.replaces
            return log_withdrawal(request, withdrawn)
        return add_to_history(request, row, message, flag)

    # --- After saving -------------------------------------------------------------------------

    def response_add(
        self, request: HttpRequest, obj: P, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._next_page(request, obj)

    def response_change(self, request: HttpRequest, obj: P) -> HttpResponse:
        return self._next_page(request, obj)

    def _next_page(self, request: HttpRequest, obj: P) -> HttpResponse:
        """Redirect to the new revision's page to continue, to a new form, or to the list."""
        if "_continue" in request.POST:
            return HttpResponseRedirect(self._address("change", obj.pk))
        if "_addanother" in request.POST:
            return HttpResponseRedirect(self._address("add"))
        return self.response_post_save_change(request, obj)

    def _address(self, page: str, *args: int) -> str:
        return reverse(f"admin:results_{self.opts.model_name}_{page}", args=args)


def withdraw(request: HttpRequest, publication: Publication) -> str:
    """Withdraw a publication once, and return a message of it. Raises what the desk refuses."""
    key = f"withdraw-{publication.bulletin_field}-{publication.pk}"
    result = desk.withdraw_publication(publication, by=editor_of(request), idempotency_key=key)
    if not result.repeated:
        log_withdrawal(request, publication)
    return _("Withdrawn: bulletin %(number)d.") % {"number": result.sequence}


def log_withdrawal(request: HttpRequest, publication: Publication) -> LogEntry:
    """Add to the publication's history that readers no longer see it."""
    return add_to_history(request, publication, "Withdrawn.")
