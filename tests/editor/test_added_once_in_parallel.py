"""A form of the admin that is sent several times at once adds one row.

SQLite has one writer at a time anyway; on PostgreSQL the lock of the sender keeps the order.
"""

from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client

from results.models import Person
from tests import nights
from tests.editor.conftest import address, form_data
from tests.processes import START_SECONDS

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.services,
    pytest.mark.usefixtures("two_writers"),
]

SENDERS = 4


def test_form_sent_at_once_adds_one() -> None:
    sender = nights.user("editor", staff=True)
    sender.is_superuser = True
    sender.save()
    admin = Client()
    admin.force_login(sender)
    page = address("person_add")
    for number in range(3):
        shown = admin.get(page)
        form = form_data(shown) | {"_once": shown.context["once"], "name": f"Ann {number}"}
        assert _answers(admin, page, form) == [302] * SENDERS
        assert Person.objects.filter(name=f"Ann {number}").count() == 1


def _answers(admin: Client, page: str, form: dict[str, object]) -> list[int]:
    """The statuses of the answers to the form, sent by `SENDERS` requests of one session."""
    together = Barrier(SENDERS, timeout=START_SECONDS)

    def send(_number: int) -> int:
        client = Client()
        client.cookies = SimpleCookie(admin.cookies)
        together.wait()
        try:
            return client.post(page, form).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(SENDERS) as pool:
        return list(pool.map(send, range(SENDERS)))
