"""/updates/<n>/: the same document as the socket sends, for those whom sockets do not reach."""

import pytest

from results import desk
from results.live import log
from results.models import Bulletin, Night
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    seat = nights.islington_north(nights.election())
    for text in ("One", "Two", "Three"):
        desk.headline(seat.election, text, by=nights.user(), key=nights.key())
    return seat


def test_everything_after_a_number(client, seat):
    document = client.get("/ge/updates/1/").json()
    assert (document["since"], document["sequence"]) == (1, 3)
    assert "Three" in document["fragments"]["headline"]
    assert client.get("/ge/updates/3/").json()["fragments"] == {}


def test_resync_where_it_cannot_be_caught_up(client, seat, monkeypatch):
    assert client.get("/ge/updates/4/").json()["resync"]
    assert client.get("/ge/updates/1/?epoch=another").json()["resync"]
    monkeypatch.setattr(log, "CATCH_UP", 2)
    assert client.get("/ge/updates/0/").json()["resync"]
    assert "resync" not in client.get("/ge/updates/1/").json()


def test_it_may_be_kept_by_anyone_and_sets_no_cookie(client, seat):
    response = client.get("/ge/updates/1/")
    assert "public" in response.headers["Cache-Control"]
    assert "s-maxage" in response.headers["Cache-Control"]
    assert response.headers["ETag"].startswith('"')
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("path", ["/ge/updates/-1/", "/ge/updates/x/", "/nowhere/updates/0/"])
def test_what_is_not_there(client, seat, path):
    assert client.get(path).status_code == 404


def test_a_transaction_that_fails_leaves_no_bulletin(seat, monkeypatch):
    before = Night.objects.get().sequence

    def fails(*_args, **_more):
        raise OSError("the disk is full")

    monkeypatch.setattr("results.desk.press.Receipt.objects.create", fails)
    with pytest.raises(OSError, match="disk"):
        nights.declare(seat, 1, 2, 3, 4, 5, 60)
    assert Night.objects.get().sequence == before
    assert Bulletin.objects.count() == before


def test_a_dead_channel_layer_costs_the_declaration_nothing(
    seat, monkeypatch, django_capture_on_commit_callbacks
):
    async def dead(_message):
        raise ConnectionError("no Redis")

    monkeypatch.setattr("results.live.tick._send", dead)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        nights.declare(seat, 1, 2, 3, 4, 5, 60)
    assert len(callbacks) == 1
    assert Bulletin.objects.count() == 4
