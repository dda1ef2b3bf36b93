"""`/updates/<n>/` and `/now/`: what pages without a socket poll."""

import gzip
import time
import zlib
from collections.abc import Callable
from typing import Any

import brotli
import pytest
from django.test import Client
from django.utils.http import parse_http_date
from pytest_django import DjangoCaptureOnCommitCallbacks

from results import desk
from results.live import frames, log
from results.models import AuditEntry, Bulletin, Contest, Headline, IdempotencyRecord, Night
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat() -> Contest:
    seat = nights.islington_north(nights.election())
    for text in ("One", "Two", "Three"):
        desk.publish(
            seat.election,
            desk.HeadlineContent(text=text),
            by=nights.user(),
            idempotency_key=nights.key(),
        )
    return seat


def test_updates_has_everything_after_a_bulletin(client: Client, seat: Contest) -> None:
    document = client.get("/ge/updates/1/").json()
    assert (document["since"], document["sequence"]) == (1, 3)
    assert "Three" in document["fragments"]["headline"]
    assert client.get("/ge/updates/3/").json()["fragments"] == {}


def test_resyncs_a_page_that_cannot_catch_up(
    client: Client, seat: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/ge/updates/4/").json()["resync"]
    assert client.get("/ge/updates/1/?epoch=another").json()["resync"]
    monkeypatch.setattr(log, "CATCH_UP", 2)
    assert client.get("/ge/updates/0/").json()["resync"]
    assert "resync" not in client.get("/ge/updates/1/").json()


def test_is_publicly_cacheable_and_sets_no_cookie(client: Client, seat: Contest) -> None:
    response = client.get("/ge/updates/1/")
    assert "public" in response.headers["Cache-Control"]
    assert "s-maxage" in response.headers["Cache-Control"]
    assert response.headers["ETag"].startswith('"')
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


@pytest.mark.parametrize("path", ["/ge/updates/-1/", "/ge/updates/x/", "/nowhere/updates/0/"])
def test_unknown_positions_and_elections_are_not_found(
    client: Client, seat: Contest, path: str
) -> None:
    assert client.get(path).status_code == 404


def test_failed_transaction_leaves_no_bulletin(
    seat: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Night.objects.get().sequence

    def fails(*_args: object, **_more: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("results.models.IdempotencyRecord.save", fails)
    with pytest.raises(OSError, match="disk"):
        nights.declare(seat, 1, 2, 3, 4, 5, 60)
    assert Night.objects.get().sequence == before
    assert Bulletin.objects.count() == before


def test_dead_channel_layer_does_not_fail_a_declaration(
    seat: Contest,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def dead(_message: object) -> None:
        raise ConnectionError("no Redis")

    monkeypatch.setattr("results.live.notify._send", dead)
    with django_capture_on_commit_callbacks(execute=True):
        nights.declare(seat, 1, 2, 3, 4, 5, 60)
    assert caplog.text.count("notification of ge/4 not sent") == 1
    assert Bulletin.objects.count() == 4


# --- Caching --------------------------------------------------------------------------------------


def test_now_is_one_small_cacheable_response(client: Client, seat: Contest) -> None:
    response = client.get("/ge/now/")
    night = Night.objects.get()
    assert response.json() == {"epoch": str(night.epoch), "sequence": 3}
    assert "s-maxage=1" in response.headers["Cache-Control"]
    again = client.get("/ge/now/", headers={"if-none-match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for answer in (response, again):
        assert abs(parse_http_date(answer.headers["Date"]) - time.time()) < 60
        assert "Date" in answer.headers["Access-Control-Expose-Headers"]
    assert client.get("/nowhere/now/").status_code == 404


def test_span_up_to_now_is_cacheable_for_ten_seconds(client: Client, seat: Contest) -> None:
    epoch = Night.objects.get().epoch
    response = client.get(f"/ge/updates/{epoch}/1-3/")
    assert "public, max-age=10" in response.headers["Cache-Control"]
    assert (response.json()["since"], response.json()["sequence"]) == (1, 3)
    assert "Three" in response.json()["fragments"]["headline"]


def test_old_span_is_answered_up_to_now(client: Client, seat: Contest) -> None:
    """Words in it may have been withdrawn, so that it is not repeated as it was."""
    span = f"/ge/updates/{Night.objects.get().epoch}/1-3/"
    before = client.get(span)
    standing = Headline.objects.standing(seat.election)
    desk.withdraw_publication(standing, by=nights.user(), idempotency_key=nights.key())
    later = client.get(span, headers={"if-none-match": before.headers["ETag"]})
    assert later.status_code == 200
    assert later.json()["since"] <= 1
    assert later.json()["sequence"] == 4
    assert "Three" not in later.content.decode()
    assert "s-maxage=1," in later.headers["Cache-Control"]


def test_topics_are_selected_and_survive_a_redirect(client: Client, seat: Contest) -> None:
    epoch = Night.objects.get().epoch
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key=nights.key()
    )
    topics = "region:london,seat:islington-north"
    span = client.get(f"/ge/updates/{epoch}/3-4/?topics={topics}").json()
    names = {"region-london", "seat-islington-north"}
    assert span["fragments"].keys() == names
    unpublished = client.get(f"/ge/updates/{epoch}/3-5/?topics={topics}")
    assert unpublished.headers["Location"] == f"/ge/updates/3/?epoch={epoch}&topics={topics}"
    assert client.get(unpublished.headers["Location"]).json() == span
    refused = client.get(f"/ge/updates/{epoch}/3-4/?topics=everything")
    assert (refused.status_code, b"neither a topic" in refused.content) == (400, True)


def test_span_that_is_not_published_redirects_to_updates(
    client: Client, seat: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = Night.objects.get().epoch
    another = "11111111-1111-1111-1111-111111111111"
    for span in (f"{another}/1-2", f"{epoch}/3-3", f"{epoch}/2-4", f"{epoch}/3-1"):
        response = client.get(f"/ge/updates/{span}/")
        assert response.status_code == 302, span
        assert response.headers["Cache-Control"] == "no-store"
    assert client.get(f"/ge/updates/{another}/1-2/", follow=True).json()["resync"]
    monkeypatch.setattr("results.reader.updates.CATCH_UP", 1)
    assert client.get(f"/ge/updates/{epoch}/1-3/").status_code == 302


@pytest.mark.parametrize("path", ["/ge/updates/1/", "/ge/updates/{epoch}/1-3/"])
@pytest.mark.parametrize(
    ("coding", "decompress"),
    [("gzip", gzip.decompress), ("br", brotli.decompress), ("deflate", zlib.decompress)],
)
def test_is_created_and_compressed_once(
    client: Client,
    seat: Contest,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    coding: str,
    decompress: Callable[[bytes], bytes],
) -> None:
    path = path.format(epoch=Night.objects.get().epoch)
    plain = client.get(path)
    calls, frame_since = [], log.frame_since

    def counted(*args: Any) -> frames.Frame:
        calls.append(args)
        return frame_since(*args)

    monkeypatch.setattr(log, "frame_since", counted)
    responses = [client.get(path, headers={"accept-encoding": coding}) for _time in range(5)]
    assert len(calls) == 1
    assert {response.headers["Content-Encoding"] for response in responses} == {coding}
    assert decompress(responses[0].content) == plain.content
    assert responses[0].headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in responses[0].headers["Vary"]
    headers = {"accept-encoding": coding, "if-none-match": responses[0].headers["ETag"]}
    assert client.get(path, headers=headers).status_code == 304


def test_gap_in_the_log_resyncs(client: Client, seat: Contest) -> None:
    missing = Bulletin.objects.filter(sequence=2)
    IdempotencyRecord.objects.filter(bulletin__in=missing)._raw_delete("default")
    AuditEntry.objects.all()._raw_delete("default")
    missing._raw_delete("default")
    assert client.get("/ge/updates/1/").json()["resync"]
    assert client.get("/ge/updates/2/").json()["sequence"] == 3


def test_unknown_epochs_share_one_etag(client: Client, seat: Contest) -> None:
    tags = {client.get(f"/ge/updates/1/?epoch={name}").headers["ETag"] for name in "abc"}
    assert len(tags) == 1
