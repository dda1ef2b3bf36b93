"""Resume a POST after sign-in: its fields are carried through the sign-in form.

The session may end while a reporter fills in a form. The form's fields then travel as hidden fields
of the sign-in page, and the page after it offers to send them again. Those of somebody who is
signed in and has not given the second factor are stored in the session until it is given.
"""

import secrets
from collections.abc import Iterable
from typing import TypedDict

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

Fields = list[tuple[str, str]]

#: Prefix of carried fields, and the largest number of them.
PREFIX = "kept-"
MAX_FIELDS = 200
#: Session key of the forms that wait for the second factor, and how many there may be: the last
#: ones of somebody with several tabs.
WAITING = "interrupted forms"
MAX_WAITING = 5
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


class StoredForm(TypedDict):
    """A form that waits in the session: where it was sent, and its fields under carried names."""

    address: str
    fields: Fields


def store_form(request: HttpRequest) -> str:
    """Store an interrupted POST in the session; return the address of the page to go on."""
    key = secrets.token_urlsafe(8)
    form = StoredForm(address=request.get_full_path(), fields=carry_fields(request))
    waiting = {**request.session.get(WAITING, {}), key: form}
    request.session[WAITING] = dict([*waiting.items()][-MAX_WAITING:])
    return f"{reverse('go_on')}?form={key}"


def stored_form(request: HttpRequest, key: str) -> StoredForm | None:
    form: StoredForm | None = request.session.get(WAITING, {}).get(key)
    return form


def _posted(request: HttpRequest) -> Iterable[tuple[str, str]]:
    return ((name, value) for name, values in request.POST.lists() for value in values)


def _resumed(name: str, value: str) -> tuple[str, str]:
    return name, RESUMED_STEPS.get(value, value) if name == "step" else value
