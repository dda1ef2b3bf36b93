"""Pictures in parts: whatever order the parts come in, the picture is whole once and unchanged."""

import random
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from results.desk import uploads
from results.models import Upload, UploadPart
from tests import nights

pytestmark = [pytest.mark.django_db, pytest.mark.db]

PICTURE = bytes(range(256)) * 4


@pytest.fixture
def reporter(db: None) -> User:
    return nights.user("reporter")


def send(reporter: User, offset: int, length: int, *, key: str = "mine") -> int:
    content = PICTURE[offset : offset + length]
    return uploads.receive_part(reporter, key, size=len(PICTURE), offset=offset, content=content)


def whole(reporter: User, key: str = "mine") -> bytes:
    upload = uploads.find(reporter, key)
    assert upload is not None
    with uploads._whole(upload) as file:
        return file.read()


def test_parts_in_any_order_make_the_picture(reporter: User) -> None:
    """Late, twice, overlapping, with gaps: as after broken connections and repeated requests."""
    for seed in range(12):
        _send_in_any_order(reporter, f"seed {seed}", random.Random(seed))


def _send_in_any_order(reporter: User, key: str, chance: random.Random) -> None:
    received = 0
    while received < len(PICTURE):
        offset = chance.choice([received, chance.randrange(len(PICTURE)), max(0, received - 50)])
        length = chance.randint(1, 300)
        after = send(reporter, offset, length, key=key)
        grows = offset <= received < offset + length
        assert after == (min(offset + length, len(PICTURE)) if grows else received), key
        received = after
    assert send(reporter, chance.randrange(len(PICTURE)), 50, key=key) == len(PICTURE)
    assert whole(reporter, key) == PICTURE, key


def test_another_size_is_another_picture(reporter: User) -> None:
    send(reporter, 0, 300)
    assert uploads.receive_part(reporter, "mine", size=9, offset=0, content=b"other") == 5
    assert uploads.receive_part(reporter, "mine", size=9, offset=5, content=b"pictures") == 9
    assert whole(reporter) == b"otherpict"


def test_each_reporter_has_an_upload_of_its_own(reporter: User) -> None:
    send(reporter, 0, 300)
    assert send(nights.user("colleague"), 300, 300) == 0


def test_incomplete_picture_is_not_put_together(reporter: User) -> None:
    send(reporter, 0, 300)
    upload = uploads.find(reporter, "mine")
    assert upload is not None
    assert not uploads.is_known(upload)
    with pytest.raises(uploads.PartsMissing):
        uploads.digest_of(upload)


def test_abandoned_parts_are_deleted(reporter: User) -> None:
    send(nights.user("colleague"), 0, 300)
    Upload.objects.update(touched_at=timezone.now() - timedelta(hours=25))
    send(reporter, 0, 300)
    assert Upload.objects.get().reporter == reporter
    assert UploadPart.objects.count() == 1


def test_oldest_give_way_beyond_the_limits(reporter: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(uploads.MOST_UPLOADS + 3):
        send(reporter, 0, 10, key=f"key {number}")
    kept = Upload.objects.order_by("touched_at").values_list("idempotency_key", flat=True)
    assert list(kept) == [f"key {number}" for number in range(3, uploads.MOST_UPLOADS + 3)]
    monkeypatch.setattr(uploads, "MOST_BYTES", 2 * len(PICTURE))
    send(reporter, 0, 10, key="large")
    assert Upload.objects.count() == 2


def test_those_opened_without_a_byte_do_not_get_round_the_limits(
    reporter: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 100)
    for key in "abcdef":
        assert uploads.receive_part(reporter, key, size=40, offset=5, content=b"x") == 0
    for key in "abcdef":
        assert uploads.receive_part(reporter, key, size=40, offset=0, content=b"x" * 10) == 10
    held = Upload.objects.filter(received__gt=0)
    assert sorted(held.values_list("idempotency_key", flat=True)) == ["e", "f"]
