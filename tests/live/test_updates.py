"""/updates/<n>/: the same document as the socket sends, for those whom sockets do not reach."""

import gzip

import pytest
from brotli import decompress as unbrotli

from results import desk
from results.live import log
from results.models import AuditEntry, Bulletin, Headline, IdempotencyRecord, Night
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    seat = nights.islington_north(nights.election())
    for text in ("One", "Two", "Three"):
        desk.publish(
            seat.election,
            desk.HeadlineContent(text=text),
            by=nights.user(),
            idempotency_key=nights.key(),
        )
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

    monkeypatch.setattr("results.desk.publishing.IdempotencyRecord.objects.create", fails)
    with pytest.raises(OSError, match="disk"):
        nights.declare(seat, 1, 2, 3, 4, 5, 60)
    assert Night.objects.get().sequence == before
    assert Bulletin.objects.count() == before


def test_a_dead_channel_layer_costs_the_declaration_nothing(
    seat, monkeypatch, django_capture_on_commit_callbacks
):
    async def dead(_message):
        raise ConnectionError("no Redis")

    monkeypatch.setattr("results.live.notify._send", dead)
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        nights.declare(seat, 1, 2, 3, 4, 5, 60)
    assert len(callbacks) == 1
    assert Bulletin.objects.count() == 4


# --- For a crowd ----------------------------------------------------------------------------------


def test_where_the_night_is_now_is_one_small_answer_for_all(client, seat):
    answer = client.get("/ge/now/")
    night = Night.objects.get()
    assert answer.json() == {"epoch": str(night.epoch), "sequence": 3}
    assert "s-maxage=1" in answer.headers["Cache-Control"]
    again = client.get("/ge/now/", headers={"if-none-match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/nowhere/now/").status_code == 404


def test_a_span_up_to_now_may_be_kept_for_a_moment(client, seat):
    epoch = Night.objects.get().epoch
    answer = client.get(f"/ge/updates/{epoch}/1-3/")
    assert "public, max-age=10" in answer.headers["Cache-Control"]
    assert (answer.json()["since"], answer.json()["sequence"]) == (1, 3)
    assert "Three" in answer.json()["fragments"]["headline"]


def test_an_old_span_is_answered_with_what_stands_now(client, seat):
    """Words in it may have been withdrawn since, so it is not repeated as it was."""
    span = f"/ge/updates/{Night.objects.get().epoch}/1-3/"
    before = client.get(span)
    standing = Headline.objects.standing(seat.election)
    desk.withdraw_publication(standing, by=nights.user(), idempotency_key=nights.key())
    known = {"if-none-match": before.headers["ETag"]}
    later = client.get(span, headers=known)
    assert later.status_code == 200
    assert (later.json()["since"], later.json()["sequence"]) == (1, 4)
    assert "Three" not in later.content.decode()
    assert "s-maxage=1," in later.headers["Cache-Control"]


def test_what_cannot_be_said_for_ever_is_asked_again(client, seat, monkeypatch):
    epoch = Night.objects.get().epoch
    another = "11111111-1111-1111-1111-111111111111"
    for span in (f"{another}/1-2", f"{epoch}/3-3", f"{epoch}/2-4", f"{epoch}/3-1"):
        answer = client.get(f"/ge/updates/{span}/")
        assert answer.status_code == 302, span
        assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(f"/ge/updates/{another}/1-2/", follow=True).json()["resync"]
    monkeypatch.setattr(log, "CATCH_UP", 1)
    assert client.get(f"/ge/updates/{epoch}/1-3/").status_code == 302


@pytest.mark.parametrize("path", ["/ge/updates/1/", "/ge/updates/{epoch}/1-3/"])
@pytest.mark.parametrize(("coding", "unpacked"), [("gzip", gzip.decompress), ("br", unbrotli)])
def test_it_is_worked_out_and_compressed_once(client, seat, monkeypatch, path, coding, unpacked):
    path = path.format(epoch=Night.objects.get().epoch)
    plain = client.get(path)
    worked_out, really = [], log.document_since
    monkeypatch.setattr(
        log, "document_since", lambda *args: worked_out.append(args) or really(*args)
    )
    answers = [client.get(path, headers={"accept-encoding": coding}) for _time in range(5)]
    assert len(worked_out) == 1
    assert {answer.headers["Content-Encoding"] for answer in answers} == {coding}
    assert unpacked(answers[0].content) == plain.content
    assert answers[0].headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in answers[0].headers["Vary"]
    known = {"accept-encoding": coding, "if-none-match": answers[0].headers["ETag"]}
    assert client.get(path, headers=known).status_code == 304


def test_a_hole_in_the_log_is_not_passed_over(client, seat):
    gone = Bulletin.objects.filter(sequence=2)
    IdempotencyRecord.objects.filter(bulletin__in=gone)._raw_delete("default")
    AuditEntry.objects.all()._raw_delete("default")
    gone._raw_delete("default")
    assert client.get("/ge/updates/1/").json()["resync"]
    assert client.get("/ge/updates/2/").json()["sequence"] == 3


def test_what_other_epochs_are_called_fills_no_memory(client, seat):
    tags = {client.get(f"/ge/updates/1/?epoch={name}").headers["ETag"] for name in "abc"}
    assert len(tags) == 1
