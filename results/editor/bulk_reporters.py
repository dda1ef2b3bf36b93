"""Many reporters at once: a line each, and a sheet each to print with a pass on it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results import desk
from results.editor.base import editor_of
from results.editor.passes import called, qr_picture
from results.models import Assignment, Contest, Election, Issued, ReporterPass, find_contests


@dataclass(frozen=True, slots=True)
class ParsedReporter:
    """One reporter as typed: their name, the name they sign in under, their counts."""

    name: str
    username: str
    contests: tuple[Contest, ...]


class BulkReportersForm(forms.Form):
    election = forms.ModelChoiceField(Election.objects.all(), label=gettext_lazy("Election"))
    lines = forms.CharField(
        label=gettext_lazy("Reporters"),
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80}),
        help_text=gettext_lazy(
            "One a line: the name, a semicolon, the counts with commas between them. "
            "“Ann Smith; Islington North, Islington South and Finsbury”"
        ),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        election = values.get("election")
        if election is None or "lines" not in values:
            return values
        found: list[ParsedReporter] = []
        for number, text in enumerate(values["lines"].splitlines(), start=1):
            if not text.strip():
                continue
            line = self._read(election, number, text)
            if line is not None and line.username in [one.username for one in found]:
                self.add_error("lines", _("Line %(n)d: named twice.") % {"n": number})
            elif line is not None:
                found.append(line)
        values["read"] = found
        return values

    def _read(self, election: Election, number: int, text: str) -> ParsedReporter | None:
        name, _semicolon, places = text.partition(";")
        words = {"n": number}
        username = slugify(name)
        if not username:
            self.add_error("lines", _("Line %(n)d: there is no name.") % words)
            return None
        contests, strangers = find_contests(election, places.split(","))
        if strangers:
            words["names"] = ", ".join(f"“{one}”" for one in strangers)  # type: ignore[assignment]
            self.add_error("lines", _("Line %(n)d: no count is called %(names)s.") % words)
            return None
        known = User.objects.filter(username=username).first()
        if known is not None and (known.is_staff or known.is_superuser):
            self.add_error("lines", _("Line %(n)d: this name sits at the desk.") % words)
            return None
        return ParsedReporter(name.strip(), username, tuple(contests))


def bulk_reporters_view(request: HttpRequest) -> HttpResponse:
    """The form; once it is right, everybody is made and their sheets are shown, this once."""
    needed = ("auth.add_user", "results.add_reporterpass", "results.add_assignment")
    if not request.user.has_perms(needed):
        raise PermissionDenied
    form = BulkReportersForm(request.POST or None)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Several reporters at once"),
        "form": form,
    }
    if request.method != "POST" or not form.is_valid():
        return TemplateResponse(request, "editor/bulk_reporters.html", context)
    with transaction.atomic():
        issued = [_make(line, editor_of(request)) for line in form.cleaned_data["read"]]
    context["sheets"] = [
        {
            "name": called(one.issued.reporter),
            "issued": one,
            "link": (link := _link(request, one)),
            "picture": qr_picture(link),
            "contests": line.contests,
        }
        for line, one in zip(form.cleaned_data["read"], issued, strict=True)
    ]
    response = TemplateResponse(request, "editor/pass_sheets.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _make(line: ParsedReporter, by: User) -> Issued:
    reporter, made = User.objects.get_or_create(username=line.username)
    if made:
        reporter.set_unusable_password()
        reporter.first_name, _blank, reporter.last_name = line.name.rpartition(" ")
        reporter.save()
    for contest in line.contests:
        Assignment.objects.get_or_create(reporter=reporter, contest=contest)
    places = ", ".join(contest.name for contest in line.contests)
    desk.record_action(by, "pass: issued", about=line.username, after=places)
    return ReporterPass.issue(reporter, by=by)


def _link(request: HttpRequest, issued: Issued) -> str:
    return request.build_absolute_uri(reverse("sign_in_by_link", args=[issued.token]))
