"""POSTs of the admin that sign-in interrupts: what was typed is kept until it is sent again.

The fields travel signed through the sign-in page, which stores nothing for strangers, and then wait
in the session of whoever typed them. Nothing is done with them until that person presses a button
of the page that shows them. Passwords and files are not kept.

A cookie tells which account used the browser last. Without it, a form goes to whoever signs in
next, and the page says that somebody else may have typed it.
"""

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from results.arithmetic import read_id
from results.desk.devices import account_hash, device_of
from results.editor.annotations import Context
from results.editor.typed_labels import belongs_to_form, field_typed, label_in_words, value_in_words
from results.models import Candidate

#: Field of the sign-in form that carries an interrupted form, and the salt of its signature.
CARRIED = "interrupted"
SALT = "results.interrupted-form"
#: Field of a form that is sent again: its key among those that wait.
KEY = "_interrupted"
#: Session key of the forms that wait to be sent again, and how many there may be: the last ones of
#: somebody with several tabs.
WAITING = "interrupted admin forms"
MAX_WAITING = 5
#: Fields of a result that are of one candidate, and those whose values are candidates.
OF_CANDIDATE = re.compile(r"(?:votes|stage)-(?P<candidate>[0-9]{1,18})")
CHOSEN = {"lot", "winners"}
#: Steps that a form may be resumed at. Any other publishes something: it is looked at first.
HARMLESS_STEPS = {"", "preview", "figures"}
#: Fields of a button: what it does, and to which rows.
OF_BUTTON = {"action", "approve", "ballot", "index", "item", "select_across", ACTION_CHECKBOX_NAME}


@dataclass(frozen=True, slots=True)
class InterruptedForm:
    """A form that was not accepted: where it was sent, its fields, and its files' names.

    `account` is the hash of the account that used the browser; "" if it is not known. `sent` is set
    once the form was sent again: it may have published something since.
    """

    address: str
    fields: list[list[str]]
    files: list[str]
    account: str
    sent: bool = False

    @property
    def resumed_fields(self) -> list[list[str]]:
        """The fields to send again: what would publish shows its preview first."""
        return [
            [name, "preview" if name == "step" and value not in HARMLESS_STEPS else value]
            for name, value in self.fields
            if name != "_confirmed"
        ]

    @property
    def is_only_a_press(self) -> bool:
        """Whether nothing was typed: the page of the button shows what it does, this one cannot."""
        filled = {name for name, value in self.fields if value.strip() and not _is_of_page(name)}
        return not self.files and filled <= OF_BUTTON

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What to show of the fields: not those that a page fills in for itself."""
        shown = [
            (name, value) for name, value in self.fields if value.strip() and not _is_of_page(name)
        ]
        names = _candidate_names(shown)
        return [words for name, value in shown for words in self._in_words(name, value, names)]

    def _in_words(
        self, name: str, value: str, names: Mapping[str, str]
    ) -> Iterator[tuple[str, str]]:
        """Yield the field's label and its value, as the form has them where that is known."""
        field = field_typed(self.address, name)
        if field is None:
            chosen = names.get(value, value) if name in CHOSEN else value
            yield _field_label(name, names), chosen
        elif not belongs_to_form(self.address, field):
            yield label_in_words(field, name), value_in_words(field, value)


def interrupted_form(request: HttpRequest) -> InterruptedForm | None:
    """Return the form that this request sends, without its secrets; None if nothing is left."""
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        for value in values
        if not _is_left_out(name)
    ]
    files = [file.name or "" for _name, some in request.FILES.lists() for file in some]
    if request.path.startswith(_sign_in_addresses()) or not (fields or files):
        return None
    account = device_of(request).latest_account
    return InterruptedForm(request.get_full_path(), fields, files, account)


def back_to_the_button(request: HttpRequest) -> HttpResponse:
    """Redirect to the page of a button whose press was not accepted."""
    if request.user.is_authenticated:
        text = _(
            "You signed in after this page was opened. Nothing was done. Press the button again."
        )
        messages.warning(request, text)
    return HttpResponseRedirect(request.get_full_path())


def is_page_load(request: HttpRequest) -> bool:
    """Whether the response replaces the browser's page: a script's request is answered as ever."""
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    return mode == "navigate" and "HX-Request" not in request.headers


# --- Through the sign-in page -------------------------------------------------------------------


def interrupted_sign_in(
    site: AdminSite, request: HttpRequest, form: InterruptedForm
) -> TemplateResponse:
    """Show the sign-in page, which carries the form. Status 401: it was not accepted."""
    context: Context = {
        **site.each_context(request),
        "title": _("Log in"),
        "subtitle": None,
        "app_path": reverse("admin:login"),
        "username": request.user.get_username(),
        "next": form.address,
        "form": site.login_form(request),  # type: ignore[misc]  # its default is None
        CARRIED: signing.dumps(asdict(form), salt=SALT, compress=True),
        "not_kept": form.files,
    }
    template = site.login_template or "admin/login.html"
    response = TemplateResponse(request, template, context, status=HTTPStatus.UNAUTHORIZED)
    add_never_cache_headers(response)
    response.render()
    return response


def carried_form(request: HttpRequest) -> InterruptedForm | None:
    """Return the form that the sign-in page carried; None without one, or if it was forged."""
    try:
        data = signing.loads(
            request.POST.get(CARRIED, ""), salt=SALT, max_age=settings.SESSION_COOKIE_AGE
        )
    except signing.BadSignature:
        return None
    return InterruptedForm(**data)


def resume_after_sign_in(request: HttpRequest, form: InterruptedForm) -> HttpResponse | None:
    """Redirect to the form that was carried, or None where somebody else had typed it."""
    if form.account not in ("", account_hash(request.user.get_username())):
        text = _("What was typed before you signed in was somebody else’s. Nothing was saved.")
        messages.warning(request, text)
        return None
    return store_form(request, form)


# --- In the session -----------------------------------------------------------------------------


def store_form(request: HttpRequest, form: InterruptedForm) -> HttpResponse:
    """Store a form in the session of who typed it; redirect to the page that sends it again."""
    key = secrets.token_urlsafe(8)
    waiting = {**request.session.get(WAITING, {}), key: asdict(form)}
    waiting.pop(request.POST.get(KEY, ""), None)  # the same form, interrupted once more
    request.session[WAITING] = dict([*waiting.items()][-MAX_WAITING:])
    return HttpResponseRedirect(f"{reverse('admin:interrupted_form')}?form={key}")


def note_as_sent(request: HttpRequest) -> None:
    """Remember of a form that is sent again that it was, and take its key out of the fields."""
    post = request.POST.copy()
    key = str(post.pop(KEY)[-1])
    request.POST = post  # type: ignore[assignment]  # what it is declared as cannot be changed
    waiting = request.session.get(WAITING, {})
    if key in waiting:
        request.session[WAITING] = {**waiting, key: {**waiting[key], "sent": True}}


def interrupted_form_page(request: HttpRequest) -> HttpResponse:
    """Show what was typed, and a button that sends it again."""
    # Imported here because it needs the admin site, which imports this module.
    from results.editor.admin_page import admin_page

    key = request.GET.get("form", "")
    data: dict[str, Any] | None = request.session.get(WAITING, {}).get(key)
    if data is None:
        messages.info(request, _("There is no form left to send again."))
        return HttpResponseRedirect(reverse("admin:index"))
    form = InterruptedForm(**data)
    context = {"title": _("You are signed in again"), "interrupted": form, "key": key}
    return admin_page(request, "editor/interrupted_form.html", context)


def _sign_in_addresses() -> tuple[str, ...]:
    """Addresses below which passwords and codes are typed."""
    return (reverse("admin:login"), reverse("admin:second_factor"))


def _is_left_out(name: str) -> bool:
    return name in ("csrfmiddlewaretoken", KEY) or "password" in name


def _candidate_names(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the names of the candidates that fields of a result are of, by id."""
    ids = {read_id(value if name in CHOSEN else _candidate_of(name)) for name, value in fields}
    ids.discard(0)
    rows = Candidate.objects.filter(pk__in=ids).values_list("pk", "name") if ids else ()
    return {str(pk): name for pk, name in rows}


def _candidate_of(name: str) -> str:
    """Return the candidate's id in a field's name such as “votes-12”, else an empty string."""
    match = OF_CANDIDATE.fullmatch(name)
    return match["candidate"] if match else ""


def _field_label(name: str, names: Mapping[str, str]) -> str:
    """Return “Votes: Ann Hall” for the field of a candidate, else the field's name in words."""
    candidate = names.get(_candidate_of(name))
    plain = name.partition("-")[0] if candidate else name
    label = plain.replace("_", " ").replace("-", " ").strip().capitalize()
    return f"{label}: {candidate}" if candidate else label


def _is_of_page(name: str) -> bool:
    """Whether the page fills in a field of this name: keys, counts of rows, the step of a form.

    What an action of a list does, and to which rows, is shown.
    """
    return (
        name in ("key", "base_revision", "ballot", "step", "next")
        or (name.startswith(("_", "initial-")) and name != ACTION_CHECKBOX_NAME)
        or name.endswith(("_FORMS", "-id"))
    )
