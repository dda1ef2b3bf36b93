"""A form of the admin that adds a row adds one, however often it is sent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db.models.signals import pre_save
from django.test import Client
from django.urls import reverse

from results.models import Assignment, Contest, Group, Message, Person
from tests import nights
from tests.editor.conftest import address, form_data, messages_of, text_of

SAVED = "This form was sent before, and was saved once."


def fields_of(admin: Client, page: str) -> dict[str, Any]:
    response = admin.get(page)
    sent = {"_once": response.context["once"]} if "once" in response.context else {}
    return form_data(response) | sent


@pytest.fixture
def reporter(seat: Contest) -> User:
    reporter = nights.user()
    Assignment.objects.create(reporter=reporter, contest=seat)
    return reporter


Fill = Callable[[Contest], dict[str, Any]]


@pytest.mark.usefixtures("reporter")
@pytest.mark.parametrize(
    ("model", "fill"),
    [
        (Message, lambda seat: {"election": seat.election_id, "text": "Ring us."}),
        (Person, lambda seat: {"name": "Ann Other"}),
        (
            Group,
            lambda seat: {
                "election": seat.election_id,
                "name": "Ours",
                "slug": "ours",
                "named": seat.name,
            },
        ),
    ],
)
def test_form_sent_twice_adds_one(admin: Client, seat: Contest, model: Any, fill: Fill) -> None:
    page = address(f"{model._meta.model_name}_add")
    before = model.objects.count()
    form = fields_of(admin, page) | fill(seat)
    first = admin.post(page, form)
    assert first.status_code == 302, text_of(first)
    again = admin.post(page, form, follow=True)
    assert SAVED in messages_of(again)
    assert model.objects.count() == before + 1
    # Another form is another row.
    another = fields_of(admin, page) | fill(seat) | {"name": "Another", "slug": "another"}
    assert admin.post(page, another).status_code == 302
    assert model.objects.count() == before + 2


def test_form_with_errors_is_sent_again_with_its_key(admin: Client, db: None) -> None:
    page = address("person_add")
    form = fields_of(admin, page)
    refused = admin.post(page, form | {"name": ""})
    assert refused.context["once"] == form["_once"]
    assert admin.post(page, form | {"name": "Ann Other"}).status_code == 302
    assert Person.objects.filter(name="Ann Other").count() == 1


@pytest.mark.usefixtures("reporter")
def test_note_of_the_dashboard_reaches_phones_once(admin: Client, seat: Contest) -> None:
    page = address("election_night_note", seat.election_id)
    form = form_data(admin.get(page)) | {"text": "Ring us."}
    assert "Sent to everybody" in messages_of(admin.post(page, form, follow=True))
    assert "Sent to everybody" in messages_of(admin.post(page, form, follow=True))
    assert Message.objects.count() == 1
    # Something else under the same key is another note: the way back keeps the key.
    admin.post(page, form | {"text": "Ring us at once."})
    assert Message.objects.count() == 2


@pytest.mark.usefixtures("seat")
def test_editor_who_added_a_row_can_be_deleted(admin: Client) -> None:
    """Nothing of theirs was published, and what is append-only does not refer to them."""
    other = nights.user("other", staff=True)
    client = Client()
    client.force_login(other)
    page = address("person_add")
    form = fields_of(client, page) | {"name": "Ann Other"}
    assert client.post(page, form).status_code == 302
    delete = reverse("admin:auth_user_delete", args=[other.pk])
    assert admin.post(delete, {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=other.pk).exists()


@contextmanager
def while_it_is_saved(work: Callable[[], object]) -> Iterator[None]:
    """Do something else in the middle of the request that saves a person."""

    def receiver(sender: type[Person], **_more: Any) -> None:
        work()

    pre_save.connect(receiver, sender=Person)
    try:
        yield
    finally:
        pre_save.disconnect(receiver, sender=Person)


def another_tab(admin: Client) -> Client:
    tab = Client()
    tab.cookies = SimpleCookie({name: cookie.value for name, cookie in admin.cookies.items()})
    return tab


def test_keeps_what_another_tab_stores_meanwhile(admin: Client, db: None) -> None:
    """A form that sign-in interrupts, or a new app's secret, waits in the same session."""
    page = address("person_add")
    form = fields_of(admin, page) | {"name": "Ann Other"}

    def interrupt() -> None:
        session = another_tab(admin).session
        session["of another tab"] = "typed"
        session.save()

    with while_it_is_saved(interrupt):
        assert admin.post(page, form).status_code == 302
    assert admin.session["of another tab"] == "typed"
    assert SAVED in messages_of(admin.post(page, form, follow=True))
    assert Person.objects.filter(name="Ann Other").count() == 1


def test_saves_the_form_although_another_tab_signs_out(admin: Client, db: None) -> None:
    page = address("person_add")
    form = fields_of(admin, page) | {"name": "Ann Other"}
    tab = another_tab(admin)
    with while_it_is_saved(lambda: tab.post(reverse("admin:logout"))):
        assert admin.post(page, form).status_code == 302
    assert Person.objects.filter(name="Ann Other").count() == 1
    # The session is not brought back by what is stored in it.
    assert admin.get(page).status_code == 302
    assert not Session.objects.exists()
