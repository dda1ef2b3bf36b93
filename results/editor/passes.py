"""Admin of reporters' passes: issuing one shows its sheet once; an action revokes them."""

import io
from collections.abc import Sequence
from typing import Any

import segno
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from results.editor.admin_page import secret_page
from results.editor.annotations import Context, FieldGroups
from results.editor.base import ListAdmin, editor_of
from results.editor.phone_address import only_here, phone_address, phone_link
from results.models import Assignment, Contest, Issued, ReporterPass
from results.words.user_names import user_name


class PassForm(forms.ModelForm[ReporterPass]):
    """Chooses the reporter of a new pass; staff sign in with a password."""

    class Meta:
        model = ReporterPass
        fields = ("reporter",)

    def clean_reporter(self) -> User:
        reporter: User = self.cleaned_data["reporter"]
        if reporter.is_staff or reporter.is_superuser:
            raise forms.ValidationError(_("Editors sign in with a password, not with a pass."))
        return reporter


@admin.register(ReporterPass)
class PassAdmin(ListAdmin[ReporterPass]):
    """Lists passes and their state. Link and code are only on the sheet of a new pass."""

    form = PassForm
    list_display = ("reporter", "state", "issued_at", "last_used_at", "expires_at", "issued_by")
    list_select_related = ("reporter", "issued_by")
    search_fields = ("reporter__username", "reporter__last_name")
    autocomplete_fields = ("reporter",)
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: ReporterPass | None = None) -> FieldGroups:
        if obj is None:
            return ["reporter"]
        return ["reporter", "state", "issued_by", "issued_at", "last_used_at", "expires_at"]

    @admin.display(description=gettext_lazy("state"))
    def state(self, reporter_pass: ReporterPass) -> str:
        if reporter_pass.revoked_at:
            return _("Revoked")
        if reporter_pass.expires_at <= timezone.now():
            return _("Ended")
        return _("On a phone") if reporter_pass.phone_hash else _("Not used yet")

    @admin.action(
        description=gettext_lazy("Revoke: the phone is signed out at once"), permissions=["change"]
    )
    def revoke(self, request: HttpRequest, passes: "QuerySet[ReporterPass]") -> None:
        for reporter_pass in passes:
            reporter_pass.revoke()
            self.log_change(request, reporter_pass, "Revoked.")
        text = ngettext("%(n)d pass was revoked.", "%(n)d passes were revoked.", len(passes))
        self.message_user(request, text % {"n": len(passes)}, messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Any, form: PassForm, change: bool) -> None:
        """Issue the pass, as `obj`, which keeps its link and code for `response_add` only."""
        obj.sheet = ReporterPass.issue(obj.reporter, by=editor_of(request))
        obj.pk, obj.issued_at = obj.sheet.issued.pk, obj.sheet.issued.issued_at

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        return pass_sheet(request, obj.sheet)


def pass_sheet(request: HttpRequest, issued: Issued) -> HttpResponse:
    """The sheet of a new pass, which is shown once."""
    assignments = Assignment.objects.filter(reporter=issued.issued.reporter)
    contests = [row.contest for row in assignments.select_related("contest__election")]
    sheet = sheet_context(request, issued, contests)
    context = {
        "title": _("A pass for %(name)s") % {"name": sheet["name"]},
        "only_here": only_here(phone_address(request)),
        "sheet": sheet,
    }
    return secret_page(request, "editor/pass_sheet.html", context)


def sheet_context(request: HttpRequest, issued: Issued, contests: Sequence[Contest]) -> Context:
    """Return the context of a printed sheet: the pass with its link, QR code and contests."""
    reporter = issued.issued.reporter
    link = phone_link(request, "sign_in_by_link", issued.token)
    return {
        "name": user_name(reporter),
        "issued": issued,
        "link": link,
        "address": phone_address(request),
        "picture": qr_picture(link),
        "contests": contests,
    }


def qr_picture(link: str) -> SafeString:
    """Return a QR code as inline SVG, large enough for a phone's camera."""
    svg = io.BytesIO()
    segno.make(link, error="m").save(
        svg, kind="svg", xmldecl=False, svgns=False, border=4, light="#fff", omitsize=True
    )
    return mark_safe(svg.getvalue().decode())  # noqa: S308
