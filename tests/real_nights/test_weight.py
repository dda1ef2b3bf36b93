"""Bytes of a first visit with a whole real night declared."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client

from results.models import Contest
from tests import needs
from tests.chromium import full_chromium_program
from tests.first_visit import first_visit
from tests.real_nights.conftest import WHOLE, RealNight
from tests.servers import Server

pytestmark = pytest.mark.django_db

#: Bytes on the wire, headers included.
MOST = 60_000
#: Of the serif's two files, which are counted by themselves.
MOST_OF_FONTS = 30_000
PRODUCTION = {
    "DEBUG": "0",
    "ALLOWED_HOSTS": "127.0.0.1",
    "CSRF_TRUSTED_ORIGINS": "https://127.0.0.1",
}
#: Some of what a visit has to include, or it was not measured whole.
PARTS = ("/ge/", "live.", "connection_status.", "feed.", "reader.", "parties-", "mark.")


def copy_database(target: Path) -> None:
    """Write this process's own database, as it was committed, to a file for a server.

    Over a connection of its own: the test's has a transaction open, which a backup waits for.
    """
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as own,
        closing(sqlite3.connect(target)) as copy,
    ):
        own.backup(copy)


# Of a whole night: a part of one weighs less.
@pytest.mark.parametrize("real_night", WHOLE, indirect=True)
def test_first_visit_is_under_its_budget(
    real_night: RealNight, make_desk: Callable[..., Server], static_root: Path
) -> None:
    try:
        full_chromium_program()
    except needs.Missing as reason:
        needs.skip_for(reason)
    desk = make_desk(environment={**PRODUCTION, "STATIC_ROOT": str(static_root)})
    copy_database(desk.folder / "desk.sqlite3")
    with desk:
        # As a proxy that ends TLS asks.
        weights = first_visit(desk.url("/ge/"), **{"X-Forwarded-Proto": "https"})
    names = [urlsplit(address).path for address in weights]
    assert [part for part in PARTS if not any(part in name for name in names)] == []
    fonts = {address: weights.pop(address) for address in list(weights) if ".woff2" in address}
    assert len(fonts) == 2
    assert sum(fonts.values()) <= MOST_OF_FONTS, fonts
    assert sum(weights.values()) <= MOST, weights


def test_every_seat_of_2019_is_on_the_map(real_night: RealNight, client: Client) -> None:
    if real_night.election.date.year == 2019:
        assert not Contest.objects.filter(hex_q=None).exists()
    page = client.get("/ge/").content.decode()
    assert page.count('class="hex"') == Contest.objects.exclude(hex_q=None).count()


@pytest.mark.parametrize(
    "part", ["feed", "regions", "parties", "changes", "records", "results.json", "feed.atom"]
)
def test_every_listing_is_rendered(real_night: RealNight, client: Client, part: str) -> None:
    path = f"/ge/{part}" if "." in part else f"/ge/{part}/"
    answer = client.get(path)
    assert answer.status_code == 200
    assert "None" not in re.sub(r"<[^>]+>", " ", answer.content.decode())
