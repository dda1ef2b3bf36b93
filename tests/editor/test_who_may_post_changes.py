"""Permissions of forms that need input of their own: each is valid for an administrator.

The others are in test_who_may_post.py, which fills every form by its fields' names.
"""

import io
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from urllib.parse import urljoin

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from PIL import Image

from results.editor.roles import ROLES, set_up_groups
from tests import nights
from tests.addresses import example, night_with_one_of_each, patterns
from tests.editor.test_who_may_post import client_of, tables_written
from tests.fuzz.parsed_forms import forms_of

E, S, M = "Editors", "Senior editors", "Reporter managers"
CAPTION = {"caption": "The hall", "alt": "A hall", "credit": "Ann"}
LIST = "Constituency,Candidate,Party\nIslington North,Ann Ash,Labour\n"
MAP = '{"layout": "odd-r", "hexes": {"X": {"n": "Islington North", "q": 0, "r": 0}}}'
NEW_ELECTION = {
    "name": "Another night",
    "slug": "another",
    "date": "2029-05-03",
    "second_language": "",
    "polls_close": "03/05/2029 22:00",
    "kind": "uk-parliament",
}
HERE = "https://testserver"
SAVE = {"_save": "Save"}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rendered_of_no_night")]


@dataclass(frozen=True)
class Case:
    """Input of a form of the page of this name, `action` if it has several; and who may send it."""

    page: str
    data: dict[str, Any]
    #: Besides administrators.
    roles: frozenset[str]
    action: str = ""

    def __str__(self) -> str:
        return f"{self.page} {self.action}".strip()


def picture() -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (900, 600), "green").save(drawn, "JPEG")
    return SimpleUploadedFile("hall.jpg", drawn.getvalue())


def case(page: str, roles: str, action: str = "", **data: Any) -> Case:
    names = {"E": E, "S": S, "M": M}
    return Case(page, data, frozenset(names[role] for role in roles), action)


CASES = [
    case("set_up", "S", **NEW_ELECTION | {"close": "22:00"}),
    case("set_up_election", "S", "/load/candidates/", **{"candidates-rows": LIST}),
    case("set_up_election", "S", "/load/previous/", **{"previous-rows": LIST}),
    case("set_up_election", "S", "/load/map/", **{"map-file": ("a.hexjson", MAP)}),
    case("set_up_election", "S", "/load/postcodes/", **{"postcodes-file": ("a.csv", "postcode")}),
    case("results_election_add", "S", **NEW_ELECTION, **SAVE),
    case("results_election_change", "S", house_seats="650", **SAVE),
    case("results_contest_add", "S", name="Another", slug="another", body="BODY", **SAVE),
    case("results_contest_change", "ES", venue="Another hall", **SAVE),
    case("results_person_add", "S", name="Ann Ash", **SAVE),
    case("results_person_change", "S", democracy_club_id="77", **SAVE),
    case("results_party_change", "S", colour="#123456", **SAVE),
    case("results_group_add", "S", name="Marginals", slug="marginals", contests="SEAT", **SAVE),
    case("results_group_change", "S", name="Marginals", contests="SEAT", **SAVE),
    case("results_housestyle_changelist", "S", name="Gazette", logo_file=picture, own_colours="on"),
    case("results_externalfigures_add", "ES", source="Agency", as_of="28/11/2026 22:00",
         figures="Labour 1", **SAVE),
    case("results_quote_add", "ES", words="Thanks.", speaker="Ann", **SAVE),
    case("results_photo_change", "ES", **CAPTION | {"alt": "Another hall"}, **SAVE),
    case("results_webhook_add", "S", name="Hook", url="https://hook.example/", events="gain",
         **SAVE),
    case("results_webhook_change", "S", name="Another", **SAVE),
    case("results_reporterpass_add", "M", reporter="REPORTER", **SAVE),
    case("several_reporters", "M", lines="Ann Ash, Islington North", phone_address=HERE),
    case("auth_user_add", "M", role="reporter", username="ann", name="Ann Ash",
         phone_address=HERE, **SAVE),
    case("auth_user_change", "", first_name="Another", **SAVE),
    case("results_contest_correct", "ES", note="A recount.", reason="A slip.", step="preview"),
    case("count", "ES", "#photo", picture=picture, **CAPTION),
    case("count", "ES", "#notice", picture=picture),
]  # fmt: skip


@dataclass
class Site:
    """Addresses of the pages by name, and a client of each who may send forms."""

    root: Client
    clients: dict[str, Client]
    paths: dict[str, str]
    known: dict[str, Any]


@pytest.fixture(scope="module")
def site(
    rolled_back_rows: Callable[[], AbstractContextManager[None]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    found = [(2, 1, 6, "", ("93.184.215.14", 443))]
    address = patch("results.webhooks.sending.socket.getaddrinfo", return_value=found)
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    logging.disable(logging.CRITICAL)
    with rolled_back_rows(), address, media:
        seat = night_with_one_of_each().contests.get()
        set_up_groups()
        clients = {"stranger": client_of(nights.user("stranger")), "nobody": Client()}
        for role in ROLES:
            user = User.objects.create_user(role.replace(" ", "-").lower(), is_staff=True)
            user.groups.set(Group.objects.filter(name=role))
            clients[role] = client_of(user)
        yield Site(
            root=client_of(nights.user("root", staff=True)),
            clients=clients,
            paths={name: example(route, seat) for route, name in patterns() if name},
            known={"SEAT": seat.pk, "BODY": seat.body_id, "REPORTER": nights.user().pk},
        )
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("form", CASES, ids=str)
def test_only_these_roles_change_anything(site: Site, form: Case) -> None:
    path = site.paths[form.page]
    page = site.root.get(path).content.decode()
    forms = [each for each in forms_of(page) if each.action.endswith(form.action)]
    parsed = max(forms, key=lambda each: len(each.names))  # beside those of the page's head
    pairs = [pair for pair in parsed.pairs if pair[0] not in form.data]
    target = urljoin(path, parsed.action)

    def tables(client: Client) -> set[str]:
        data = defaultdict[str, list[Any]](list)
        for name, value in pairs:
            data[name].append(value)
        with tables_written() as written:
            own = {name: _sent(site, value) for name, value in form.data.items()}
            client.post(target, data | own)
        return written

    assert tables(site.root), "no valid input"
    assert {role for role, client in site.clients.items() if tables(client)} == form.roles


def _sent(site: Site, value: Any) -> Any:
    if callable(value):
        return value()
    if isinstance(value, tuple):
        return SimpleUploadedFile(value[0], value[1].encode())
    return site.known.get(value, value)
