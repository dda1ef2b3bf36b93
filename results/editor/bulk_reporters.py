"""View that creates many reporters at once, and shows a sheet with a pass for each."""

import re
from dataclasses import dataclass

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from results import desk
from results.desk.accounts import MAX_NAME, find_or_create_reporter, is_too_long
from results.desk.changes import Change, ChangeKind
from results.editor.admin_page import admin_page
from results.editor.annotations import CleanedData, Context
from results.editor.base import editor_of
from results.editor.night.links import likely_election
from results.editor.passes import sheet_context
from results.editor.phone_address import (
    PhoneAddressField,
    only_here,
    phone_address,
    store_phone_address,
)
from results.models import Assignment, Contest, Election, Issued, ReporterPass
from results.models.contest_lookup import ContestNames

#: Quotation marks from examples or spreadsheets. Single ones may be apostrophes.
QUOTATION_MARKS = re.compile(r"[\"“”„]")

#: Reporters that a question names.
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class ParsedReporter:
    """One row of the form: a reporter's name, username and contests."""

    name: str
    username: str
    contests: tuple[Contest, ...]


class BulkReportersForm(forms.Form):
    """Form with one reporter and their contests a line, parsed to `cleaned_data["reporters"]`."""

    election = forms.ModelChoiceField(
        Election.objects.all(),
        label=gettext_lazy("Election"),
        error_messages={"required": gettext_lazy("Choose the election of these counts.")},
    )
    phone_address = PhoneAddressField()
    lines = forms.CharField(
        label=gettext_lazy("Reporters"),
        error_messages={"required": gettext_lazy("Enter at least one reporter.")},
        widget=forms.Textarea(attrs={"rows": 12, "cols": 80}),
        help_text=gettext_lazy(
            "One a line: the name, a semicolon, the counts with commas between them, or the "
            "columns of a spreadsheet. Name counts as people do, by name or code: “Ann Smith; "
            "Islington North, Ayr, Carrick & Cumnock”"
        ),
    )

    again = forms.BooleanField(
        label=gettext_lazy("Give those who have these counts another pass"),
        required=False,
    )

    def clean(self) -> CleanedData:
        data = super().clean() or {}
        election = data.get("election")
        if election is None or "lines" not in data:
            return data
        names = ContestNames(election)
        reporters: dict[str, ParsedReporter] = {}
        for number, text in enumerate(data["lines"].splitlines(), start=1):
            if not text.strip():
                continue
            try:
                reporter = _parse(names, text)
                if reporter.username in reporters:
                    raise forms.ValidationError(_("named twice."))
            except forms.ValidationError as exc:
                (message,) = exc.messages
                params = {"n": number, "message": message}
                self.add_error("lines", _("Line %(n)d: %(message)s") % params)
            else:
                reporters[reporter.username] = reporter
        data["reporters"] = list(reporters.values())
        if not data.get("again"):
            self._ask_about_known(reporters)
        return data

    def _ask_about_known(self, reporters: dict[str, ParsedReporter]) -> None:
        """Ask about reporters with a pass for these counts: the form was most likely sent again.

        Whoever gets other counts, as those of another night, gets another pass without a question.
        """
        users = User.objects.filter(username__in=reporters).prefetch_related("assignments")
        passes = ReporterPass.objects.filter(reporter__in=users).select_related("reporter")
        live = {each.reporter.username for each in passes if each.is_live}
        names = []
        for user in users:
            counts = {contest.pk for contest in reporters[user.username].contests}
            has_them = counts <= {each.contest_id for each in user.assignments.all()}
            if has_them and user.username in live:
                names.append(reporters[user.username].name)
        if names:
            listed = ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
            text = ngettext(
                "%(names)s has these counts and a pass already, which goes on working. If it is "
                "somebody else of the name, add a middle initial.",
                "%(names)s have these counts and a pass already, which goes on working. Where it "
                "is somebody else of the name, add a middle initial.",
                len(names),
            )
            self.add_error("again", text % {"names": listed})

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields that the page shows: `again` only where somebody is here already."""
        return [field for field in self if field.name != "again" or field.errors]


def _parse(names: ContestNames, text: str) -> ParsedReporter:
    """Parse “name; contest, contest”, with quotation marks or without. Raises ValidationError."""
    name, *listed = re.split(r"[;\t]", QUOTATION_MARKS.sub("", text))
    username = slugify(name)
    if not username:
        raise forms.ValidationError(_("there is no name."))
    if is_too_long(username, name.strip()):
        message = _("the name is too long; shorten it to %(most)d characters.")
        raise forms.ValidationError(message % {"most": MAX_NAME})
    found = names.find(contest for part in listed for contest in names.split(part))
    if found.unknown:
        unknown = ", ".join(f"“{contest}”" for contest in found.unknown)
        message = _("no count is called %(names)s.") % {"names": unknown}
        similar = dict.fromkeys(
            each.full_name for word in found.unknown for each in names.similar(word)
        )
        if similar:
            message += " " + _("Is it %(names)s?") % {"names": _(" or ").join(similar)}
        raise forms.ValidationError(message)
    if found.ambiguous:
        message = _("several counts have the name; give the address of one. %(choices)s")
        raise forms.ValidationError(message % {"choices": found.choices})
    if User.objects.filter(Q(is_staff=True) | Q(is_superuser=True), username=username).exists():
        raise forms.ValidationError(_("this is the name of an editor."))
    return ParsedReporter(name.strip(), username, tuple(found.contests))


def bulk_reporters_view(request: HttpRequest) -> HttpResponse:
    """Show the form; when it is valid, create the reporters and show their sheets once."""
    permissions = ("auth.add_user", "results.add_reporterpass", "results.add_assignment")
    if not request.user.has_perms(permissions):
        raise PermissionDenied
    initial = {"phone_address": phone_address(request), "election": likely_election(request)}
    form = BulkReportersForm(request.POST or None, initial=initial)
    context: Context = {"title": _("Several reporters at once"), "form": form}
    if request.method != "POST" or not form.is_valid():
        return admin_page(request, "editor/bulk_reporters.html", context)
    reporters: list[ParsedReporter] = form.cleaned_data["reporters"]
    with transaction.atomic():
        store_phone_address(form.cleaned_data["phone_address"], by=editor_of(request))
        issued = [_issue_pass(reporter, editor_of(request)) for reporter in reporters]
    context["only_here"] = only_here(form.cleaned_data["phone_address"])
    context["sheets"] = [
        sheet_context(request, issued_pass, reporter.contests)
        for reporter, issued_pass in zip(reporters, issued, strict=True)
    ]
    return TemplateResponse(
        request, "editor/pass_sheets.html", context, headers={"Cache-Control": "no-store"}
    )


def _issue_pass(parsed: ParsedReporter, by: User) -> Issued:
    reporter = find_or_create_reporter(parsed.username, parsed.name)
    for contest in parsed.contests:
        Assignment.objects.get_or_create(reporter=reporter, contest=contest)
    contests = ", ".join(contest.full_name for contest in parsed.contests)
    change = Change(ChangeKind.ACCESS, users=(reporter.pk,))
    desk.record_action(by, "pass: issued", about=parsed.username, after=contests, change=change)
    return ReporterPass.issue(reporter, by=by)
