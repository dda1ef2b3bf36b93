"""Permissions of every form of the admin and of a count: who may send it, not who may open it.

Each form is filled in as an administrator's browser has it, and sent by everybody else.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch
from urllib.parse import urljoin

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.test import Client, override_settings

from results.editor.roles import ROLES, set_up_groups
from results.models import OPENED_BY, Contest, ReporterPass
from tests import nights
from tests.addresses import example, night_with_one_of_each, patterns
from tests.fuzz.parsed_forms import Pairs, ParsedForm, forms_of

E, S, M = "Editors", "Senior editors", "Reporter managers"

pytestmark = pytest.mark.django_db

WRITES = re.compile(r'(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "(\w+)"')
#: Written by a request whoever sends it: its session, and who tried what.
OF_REQUESTS = {"django_session", "results_auditentry"}
#: What a field is filled with, by its name, where it offers nothing to choose.
VALUES = (
    (re.compile("date$|_day$"), "2029-05-03"),
    (re.compile("slug$"), "another-one"),
    (re.compile("url|policy"), "https://192.0.2.1/"),
    (re.compile("votes|electorate|rejected|seats$|year|sequence|hex_|turnout"), "1"),
    (re.compile("TOTAL_FORMS|INITIAL_FORMS|MIN_NUM|MAX_NUM"), "0"),
)
#: Fields with the key of a row, which is no small number on PostgreSQL, by the name of its model.
KEYED = re.compile("(election|contest|reporter|party|candidate|person|region|body|group)$")
#: Everybody may send these, for themselves.
OWN = re.compile("/(admin/(login|logout|second-factor|password_change)|count/sign-(in|out))/")
SUBMITS = ("_continue", "_addanother", "_saveasnew")
BUTTONS = ("action", "step", "choice", "approve", "decline", "_save")

#: Who sends the forms of these pages with an effect, besides administrators.
WRITERS: dict[frozenset[str], list[str]] = {
    frozenset({E, S}): [
        *("count", "results_contest_withdraw", "results_declaration_changelist"),
        *("results_election_night", "results_election_night_headline"),
        *("results_election_night_post", "results_election_night_withdraw"),
        *("results_externalfigures_changelist", "results_headline_add"),
        *("results_headline_changelist", "results_photo_changelist", "results_post_add"),
        "results_quote_change",
        *("results_post_change", "results_post_changelist", "results_quote_changelist"),
        "results_reviewitem_change",
    ],
    frozenset({S}): [
        *("results_apitoken_add", "results_apitoken_changelist", "results_election_front"),
        *("results_election_withdraw", "results_externalfigures_erase", "results_group_delete"),
        *("results_headline_erase", "results_lastresult_change", "results_party_add"),
        *("results_party_merge", "results_photo_erase", "results_post_erase"),
        *("results_quote_erase", "results_webhook_changelist"),
        *("results_webhookdelivery_changelist", "set_up_election", "set_up_load"),
    ],
    frozenset({M}): [
        *("results_assignment_add", "results_assignment_change", "results_assignment_delete"),
        "results_reporterpass_changelist",
    ],
    frozenset({E, S, M}): [
        *("results_election_night_note", "results_message_add"),
        "results_signinthrottle_changelist",
    ],
    # The account is an administrator's.
    frozenset(): [
        *("account_deactivate", "account_reactivate", "account_revoke", "auth_group_add"),
        *("auth_group_change", "auth_group_delete", "reset_second_factor"),
        "results_lastresult_delete",
    ],
}

Send = Callable[[Client], set[str]]


class RollBack(Exception):
    """Ends a transaction without a trace."""


@contextmanager
def tables_written() -> Iterator[set[str]]:
    """The tables that are written within the block, which is rolled back."""
    tables: set[str] = set()

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        match = WRITES.match(sql)
        if match and match[1] not in OF_REQUESTS:
            tables.add(match[1])
        return execute(sql, params, many, context)

    try:
        with transaction.atomic(), connection.execute_wrapper(note):
            yield tables
            raise RollBack
    except RollBack:
        pass


def filled(form: ParsedForm) -> Iterator[Pairs]:
    """The form with a value in each field, once for each of its buttons."""
    pairs = [(name, value) for name, value in form.pairs if value]
    known = {name for name, _value in pairs}
    for name in sorted(form.names - known - {"csrfmiddlewaretoken", *BUTTONS}):
        if "__prefix__" not in name and name not in SUBMITS:
            pairs.append((name, _value(form, name)))
    pressed = [(name, value) for name in BUTTONS for value in form.choices.get(name, ()) if value]
    for button in pressed or [("confirmed", "yes")]:
        yield [pair for pair in pairs if pair[0] != button[0]] + [button, ("confirmed", "yes")]


def _value(form: ParsedForm, name: str) -> str:
    offered = [value for value in form.choices.get(name, ()) if value]
    if offered:
        return offered[0]
    if keyed := KEYED.search(name):
        return _first_key(keyed[1])
    return next((value for pattern, value in VALUES if pattern.search(name)), "By order of a court")


def _first_key(model_name: str) -> str:
    model = User if model_name == "reporter" else apps.get_model("results", model_name)
    first = model._default_manager.order_by("pk").first()
    return str(first.pk) if first else "1"


def sender(path: str, pairs: Pairs) -> Send:
    """A function that sends the form, and returns the tables that it wrote."""
    data = defaultdict[str, list[str]](list)
    for name, value in pairs:
        data[name].append(value)

    def send(client: Client) -> set[str]:
        with tables_written() as tables:
            client.post(path, data)
        return tables

    return send


@pytest.fixture(scope="module")
def forms(
    rolled_back_rows: Callable[[], AbstractContextManager[None]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[list[tuple[str, Send]]]:
    """Every form that writes something when an administrator sends it, by its address's name."""
    no_address = patch("results.webhooks.sending.socket.getaddrinfo", side_effect=OSError)
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    # A hundred forms are refused here in every way there is.
    logging.disable(logging.CRITICAL)
    with rolled_back_rows(), no_address, media:
        night = night_with_one_of_each()
        set_up_groups()
        root = client_of(nights.user("root", staff=True))
        yield list(_found(root, night.contests.get()))
    logging.disable(logging.NOTSET)


def _found(root: Client, seat: Contest) -> Iterator[tuple[str, Send]]:
    for route, name in patterns():
        path = example(route, seat)
        if not path.startswith(("/admin/", "/count/")) or OWN.match(path):
            continue
        page = root.get(path)
        if page.status_code == 200 and "html" in page.headers["Content-Type"]:
            for form in forms_of(page.content.decode()):
                if OWN.match(form.action):
                    continue
                for pairs in filled(form):
                    send = sender(urljoin(path, form.action), pairs)
                    if send(root):
                        yield name, send


def client_of(user: User, **options: Any) -> Client:
    client = Client(raise_request_exception=False, **options)
    client.force_login(user)
    return client


def test_roles(forms: list[tuple[str, Send]]) -> None:
    clients = {"stranger": client_of(nights.user("stranger"))}
    for role in (*ROLES, "nobody"):
        user = User.objects.create_user(role.replace(" ", "-").lower(), is_staff=True)
        user.groups.set(Group.objects.filter(name=role))
        clients[role] = client_of(user)
    found = defaultdict[str, set[str]](set)
    for name, send in forms:
        found[name] |= {role for role, client in clients.items() if send(client)}
    expected = {name: set(roles) for roles, names in WRITERS.items() for name in names}
    assert found == expected


def test_administrators_who_are_not_signed_in_for_it(
    forms: list[tuple[str, Send]], settings: Any
) -> None:
    """Without a token of the form, by a pass, and with the password alone."""
    root = User.objects.get(username="root")
    without_token = client_of(root, enforce_csrf_checks=True)
    by_pass, by_password = client_of(root), client_of(root)
    session = by_pass.session
    session[OPENED_BY] = ReporterPass.objects.get().pk
    session.save()
    sent = 0
    for name, send in forms:
        assert not send(Client(raise_request_exception=False)), name
        assert not send(without_token), name
        settings.SECOND_FACTOR = True
        assert not send(by_password), name
        settings.SECOND_FACTOR = False
        assert bool(send(by_pass)) is (name == "count"), name
        sent += 1
    assert sent > 45
