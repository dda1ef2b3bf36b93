"""Fixtures of the editor's tests: a signed-in editor, contests, and readers of admin pages."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.forms import Form
from django.test import Client
from django.urls import reverse

from results.editor.publication_forms import PublicationForm
from results.editor.roles import set_up_groups
from results.models import Contest, Election
from tests import nights
from tests.responses import Response

#: A function that requests the night dashboard, and returns its HTML.
Dashboard = Callable[..., str]
#: Why details that readers had seen are corrected.
REASON = "The statement of persons nominated says so."


@pytest.fixture
def editor(db: None) -> User:
    return nights.user("editor", staff=True)


@pytest.fixture
def admin(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture
def night(db: None) -> Election:
    return nights.election()


@pytest.fixture
def seat(night: Election) -> Contest:
    return nights.islington_north(night)


@pytest.fixture
def declared(seat: Contest) -> Contest:
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="declared"
    )
    return seat


def correct_wakeling(declared: Contest, votes: int, *, by: User, reason: str) -> None:
    """Publish another number of votes for Nick Wakeling, at revision 1."""
    published = nights.islington_ballot_counts(declared).votes
    wakeling = declared.candidates.get(name="Nick Wakeling").pk
    nights.correct(
        declared,
        nights.ballot_counts(declared, *{**published, wakeling: votes}.values()),
        by=by,
        idempotency_key="c",
        base_revision=1,
        reason=reason,
    )


#: Of `staff_with_password`.
PASSWORD = "a-long-password"


def staff_with_password(name: str) -> User:
    """A superuser who can sign in at the sign-in page."""
    user = nights.user(name, staff=True)
    user.set_password(PASSWORD)
    user.save()
    return user


def staff_with(*codenames: str) -> User:
    """A member of staff with these permissions and no others."""
    user = User.objects.create_user("helper", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return user


def client_of_role(role: str) -> Client:
    """A signed-in member of one of the desk's groups."""
    set_up_groups()
    user = User.objects.create_user(role.lower().replace(" ", "-"), is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


def address(name: str, *args: Any) -> str:
    return reverse(f"admin:results_{name}", args=args)


def form_data(response: Response) -> dict[str, Any]:
    """Return the fields of an unchanged admin form, as a browser would send them.

    Those of a publication are sent as from its preview, which has been looked at: a test of the
    preview leaves out `_confirmed`.
    """
    context = response.context
    forms = [context["adminform"].form] if "adminform" in context else [context["form"]]
    data: dict[str, Any] = {}
    for inline in context.get("inline_admin_formsets", ()):
        forms.append(inline.formset.management_form)
        forms.extend(inline.formset.initial_forms)
    for form in forms:
        data |= _values(form)
        if isinstance(form, PublicationForm):
            data["_confirmed"] = "1"
    return data


def _values(form: Form) -> dict[str, Any]:
    values = {}
    for bound in form:
        value = bound.value()
        value = bound.field.prepare_value(value)
        if bound.field.widget.__class__.__name__ == "MomentInput":
            value = bound.field.widget.format_value(value)
        if value is not None and value is not False and value != "":
            values[bound.html_name] = "on" if value is True else value
    return values


def messages_of(response: Response) -> str:
    """Return the messages of a page, joined by spaces."""
    return " ".join(str(message) for message in response.context["messages"])


def text_of(response: Response) -> str:
    """The page without its tags, spaces run together."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def confirm(admin: Client, asked: Response, **changes: Any) -> Response:
    """Send the form of a previewed correction with a reason and a tick, or with `changes`."""
    form = asked.context["form"]
    fields: dict[str, Any] = {}
    for name, value in asked.context["sent"]:
        fields.setdefault(name, []).append(value)
    own = {"key": form["key"].value(), "blame": "ours", "reason": REASON, "tick": "on"} | changes
    fields |= {f"correction-{name}": value for name, value in own.items()}
    return admin.post(asked.context["form_address"], fields, follow=True)


@pytest.fixture
def dashboard(admin: Client, night: Election) -> Dashboard:
    """Requests the dashboard; returns its HTML."""

    def get(*, htmx: bool = False, query: str = "") -> str:
        headers = {"HX-Request": "true"} if htmx else {}
        page = admin.get(address("election_night", night.pk) + query, headers=headers)
        return page.content.decode()

    return get
