"""Fixtures for setting up: a draft, its editor, and the forms that they send."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from results.models import Election, Load
from tests import nights


@pytest.fixture
def chief(client: Client) -> Client:
    client.force_login(nights.user("chief", staff=True))
    return client


@pytest.fixture
def draft(chief: Client) -> Election:
    form = {"kind": "council", "date": "2029-05-03", "close": "22:00", "timezone": "Europe/London"}
    answer = chief.post(reverse("set_up"), {**form, "body": "Northshire Council"})
    election = Election.objects.get()
    assert answer.headers["Location"] == reverse("set_up_election", args=[election.pk])
    return election


def give(chief: Client, election: Election, what: str, **fields: Any) -> Load:
    """Send a step's form; the tests' backend reads the files at once."""
    sent = {f"{what}-{name}": value for name, value in fields.items()}
    answer = chief.post(reverse("set_up_upload", args=[election.pk, what]), sent)
    load = Load.objects.first()
    assert load is not None, answer.content.decode()
    assert answer.headers["Location"] == reverse("set_up_load", args=[load.pk])
    return load


def act(chief: Client, load: Load, action: str, **fields: Any) -> Load:
    """Press a button of a load's page, whose form shows the answers that were given before."""
    shown = {name: value for name, value in load.answers.items() if isinstance(value, str | bool)}
    shown = {name: value for name, value in shown.items() if value}
    chief.post(reverse("set_up_load", args=[load.pk]), {"action": action, **shown, **fields})
    load.refresh_from_db()
    return load


def page(chief: Client, load: Load) -> str:
    return chief.get(reverse("set_up_load", args=[load.pk])).content.decode()
