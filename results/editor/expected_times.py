"""Admin page of the expected times and venues of all contests, from a pasted table or a file."""

import hashlib

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from results import desk
from results.editor.admin_page import admin_page
from results.editor.annotations import CleanedData, Context
from results.editor.base import (
    editor_of,
    election_timezone,
    require_permission,
)
from results.editor.idempotency import KeyField, new_key
from results.editor.timetable import Timetable, TimetableChange, read_timetable, timetable_text
from results.models import Contest, Election, Night
from results.tables.rows import UnreadableFile, text_of_file

#: The value of `step` that publishes; any other shows what would change.
PUBLISH = "publish"
#: Parameter that fills the form in with the list of contests.
FILL = "fill"


class TimetableForm(forms.Form):
    """Form of a pasted table, or of a file instead; `seen` is the fingerprint of the preview."""

    text = forms.CharField(
        label=gettext_lazy("Times and venues"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "cols": 90, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One contest a line: its name or code, the time, and the venue if you have it. Paste "
            "from a spreadsheet, with its headings or without, or put commas between. “01:30” is "
            "in the night after the poll; “Friday 14:00” and “5 July 14:00” work too. What is left "
            "empty stays as it is; a dash removes it."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        required=False,
        help_text=gettext_lazy("CSV or xlsx, up to 2 MB. It takes the place of what is above."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    leave_out = forms.BooleanField(required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    key = KeyField()

    def clean(self) -> CleanedData:
        data = super().clean() or {}
        upload = data.get("file")
        if upload:
            try:
                data["text"] = text_of_file(upload.read())
            except UnreadableFile as exc:
                self.add_error("file", exc.args[0])
        if not data.get("text", "").strip() and not self.errors:
            self.add_error("text", _("Paste at least one line, or choose a file."))
        return data


def expected_times_view(
    request: HttpRequest, election_pk: int, *, model_admin: ModelAdmin[Election]
) -> HttpResponse:
    """Show the form, what a table would change, or publish it. Raises PermissionDenied."""
    require_permission(request, "results.change_contest")
    election = get_object_or_404(Election, pk=election_pk)
    with election_timezone(election):
        shared: Context = {"title": _("Expected times and venues"), "election": election}
        context = shared | _step(request, election)
        return admin_page(request, "editor/expected_times.html", context, opts=model_admin.opts)


def _step(request: HttpRequest, election: Election) -> Context:
    if request.method != "POST":
        text = ""
        if FILL in request.GET:
            text = timetable_text(election, _contests(election))
        return _form_context(election, text)
    form = TimetableForm(request.POST, request.FILES)
    if not form.is_valid():
        return {**_form_context(election, request.POST.get("text", "")), "form": form}
    text = form.cleaned_data["text"]
    if request.POST.get("step") != PUBLISH or form.cleaned_data["file"]:
        return _preview(election, text)
    with transaction.atomic():
        # Nothing may be published between the comparison and the publication.
        desk.lock_all_nights()
        return _publish(request, election, form)


def _contests(election: Election) -> list[Contest]:
    return list(Contest.objects.filter(election=election).order_by("sort_key", "pk"))


def _form_context(election: Election, text: str) -> Context:
    """A new form with the text, and how many contests have a time and a venue."""
    contests = _contests(election)
    return {
        "form": TimetableForm(initial={"text": text, "key": new_key()}),
        "contests": contests,
        "timed": sum(contest.expected_at is not None for contest in contests),
        "placed": sum(contest.venue != "" for contest in contests),
    }


def _preview(election: Election, text: str, error: str = "") -> Context:
    table = read_timetable(election, text)
    context = _form_context(election, text)
    form: TimetableForm = context["form"]
    form.initial["seen"] = _fingerprint(table)
    published = Night.objects.filter(election=election, sequence__gt=0).exists()
    return {**context, "table": table, "error": error, "published": published}


def _fingerprint(table: Timetable) -> str:
    """Digest of what the preview showed, so that nothing else is published."""
    rows = [
        (
            each.contest.pk,
            each.contest.expected_at,
            each.contest.venue,
            each.expected_at,
            each.venue,
        )
        for each in table.changes
    ]
    invalid = [(row.line, row.text) for row in table.invalid_rows]
    return hashlib.sha256(repr((rows, invalid)).encode()).hexdigest()


def _publish(request: HttpRequest, election: Election, form: TimetableForm) -> Context:
    data = form.cleaned_data
    table = read_timetable(election, data["text"])
    if not table.changes:
        return _preview(election, data["text"])
    if _fingerprint(table) != data["seen"]:
        error = _("This is not what you looked at: look again, then publish. Nothing has changed.")
        return _preview(election, data["text"], error)
    if table.invalid_rows and not data["leave_out"]:
        error = _("Put the lines below right, or tick that they are left out. Nothing has changed.")
        return _preview(election, data["text"], error)
    before = timetable_text(election, [change.contest for change in table.changes])
    result = desk.set_expected_counts(
        election,
        [_as_count(change) for change in table.changes],
        by=editor_of(request),
        idempotency_key=data["key"],
    )
    messages.success(request, _done(table, result))
    return {
        **_form_context(election, table.left_out),
        "before": before,
        "invalid_rows": table.invalid_rows,
    }


def _as_count(change: TimetableChange) -> desk.ExpectedCount:
    return desk.ExpectedCount(change.contest, change.expected_at, change.venue)


def _done(table: Timetable, result: desk.PublishResult | None) -> str:
    n = len(table.changes)
    text = ngettext("%(n)d contest is changed.", "%(n)d contests are changed.", n) % {"n": n}
    if result is not None:
        words = {"number": result.sequence}
        text = f"{text} {_('Readers see it: bulletin %(number)d.') % words}"
    if table.invalid_rows:
        left = len(table.invalid_rows)
        more = ngettext(
            "The line that was not understood is below.",
            "The %(n)d lines that were not understood are below.",
            left,
        )
        text = f"{text} {more % {'n': left}}"
    return text
