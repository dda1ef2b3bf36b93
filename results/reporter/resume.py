"""Resume a POST after sign-in: its fields are carried through the sign-in form.

The session may end while a reporter fills in a form. The form's fields then travel as hidden fields
of the sign-in page, and the page after it offers to send them again.
"""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

Fields = list[tuple[str, str]]

#: Prefix of carried fields, and the largest number of them.
PREFIX = "kept-"
MAX_FIELDS = 200
#: Signing in must publish nothing: an interrupted step resumes at the check before it.
#: “flash” is of a page that was opened before the release that calls it “winner”.
RESUMED_STEPS = {"publish": "check", "winner": "winner-check", "flash": "winner-check"}


def carry_fields(request: HttpRequest) -> Fields:
    """Return the fields of an interrupted POST under names for the sign-in form."""
    return [
        (f"{PREFIX}{name}", value)
        for name, value in _posted(request)
        if name != "csrfmiddlewaretoken"
    ][:MAX_FIELDS]


def carried_fields(request: HttpRequest) -> Fields:
    """Return the carried fields that the sign-in form sent."""
    return [(name, value) for name, value in _posted(request) if name.startswith(PREFIX)]


def resume_page(request: HttpRequest, carried: Fields, target: str) -> HttpResponse:
    """Render the page that sends the interrupted POST to `target` again."""
    fields = [_resumed(name.removeprefix(PREFIX), value) for name, value in carried]
    return render(request, "reporter/continue.html", {"next": target, "fields": fields})


def _posted(request: HttpRequest) -> Iterable[tuple[str, str]]:
    return ((name, value) for name, values in request.POST.lists() for value in values)


def _resumed(name: str, value: str) -> tuple[str, str]:
    return name, RESUMED_STEPS.get(value, value) if name == "step" else value
