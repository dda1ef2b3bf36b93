"""Passes for reporters: given out on a sheet that is shown once, and revoked at a stroke."""

import io
from typing import Any

import segno
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from results.editor.base import DeskAdmin, editor_of
from results.models import Assignment, Issued, ReporterPass


class PassForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ReporterPass
        fields = ("reporter",)

    def clean_reporter(self) -> User:
        reporter: User = self.cleaned_data["reporter"]
        if reporter.is_staff or reporter.is_superuser:
            raise forms.ValidationError(_("Who sits at the desk signs in with a password."))
        return reporter


@admin.register(ReporterPass)
class PassAdmin(DeskAdmin[ReporterPass]):
    """The secrets of a pass are on its sheet alone: here is what became of it."""

    form = PassForm
    list_display = ("reporter", "state", "issued_at", "last_used_at", "expires_at", "issued_by")
    list_select_related = ("reporter", "issued_by")
    search_fields = ("reporter__username", "reporter__last_name")
    autocomplete_fields = ("reporter",)
    actions = ("revoke",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Revoking is all that can change: an action of the list, and no form."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ["reporter"]
        return ["reporter", "state", "issued_by", "issued_at", "last_used_at", "expires_at"]

    @admin.display(description=gettext_lazy("state"))
    def state(self, one: ReporterPass) -> str:
        if one.revoked_at:
            return _("Revoked")
        if one.expires_at <= timezone.now():
            return _("Ended")
        return _("On a phone") if one.phone_mark else _("Not used yet")

    @admin.action(
        description=gettext_lazy("Revoke: the phone is signed out at once"), permissions=["change"]
    )
    def revoke(self, request: HttpRequest, passes: "QuerySet[ReporterPass]") -> None:
        for one in passes:
            one.revoke()
            self.log_change(request, one, "Revoked.")
        words = ngettext("%(n)d pass was revoked.", "%(n)d passes were revoked.", len(passes))
        self.message_user(request, words % {"n": len(passes)}, messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """``obj`` becomes the pass that was issued; its secrets stay with this request."""
        issued = ReporterPass.issue(obj.reporter, by=editor_of(request))
        obj.pk, obj.issued_at, form.issued = issued.issued.pk, issued.issued.issued_at, issued

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        # Handed on to the answer of this very request, and kept nowhere.
        form.instance.sheet = form.issued

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._sheet(request, obj.sheet)

    def _sheet(self, request: HttpRequest, issued: Issued) -> HttpResponse:
        link = request.build_absolute_uri(reverse("sign_in_by_link", args=[issued.token]))
        sent = Assignment.objects.filter(reporter=issued.issued.reporter)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("A pass for %(name)s") % {"name": called(issued.issued.reporter)},
            "name": called(issued.issued.reporter),
            "issued": issued,
            "link": link,
            "picture": qr_picture(link),
            "contests": [one.contest for one in sent.select_related("contest__election")],
        }
        response = TemplateResponse(request, "editor/pass_sheet.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response


def called(user: User) -> str:
    return user.get_full_name() or user.get_username()


def qr_picture(link: str) -> SafeString:
    """The link as an inline SVG that a phone's camera reads from paper or from a screen."""
    drawn = io.BytesIO()
    segno.make(link, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=False, border=4, light="#fff", omitsize=True
    )
    return mark_safe(drawn.getvalue().decode())  # noqa: S308
