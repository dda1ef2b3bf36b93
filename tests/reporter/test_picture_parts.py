"""Photos and notices that a phone sends in parts: checked and answered like whole ones."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings

from results.desk import uploads
from results.models import LARGEST_PART, Assignment, Bulletin, Notice, Photo, Upload, UploadPart
from tests.acceptance import pictures
from tests.reporter.conftest import URL, send

PICTURE = pictures.png(60, 40)
FORM = {"caption": "The stage", "alt": "Four people", "credit": "Ann Smith", "step": "photo"}


@pytest.fixture(autouse=True)
def _media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def part(
    phone: Client, offset: int, content: bytes, /, **changes: Any
) -> tuple[int, dict[str, Any]]:
    fields = {"step": "part", "key": "mine", "size": len(PICTURE), "offset": offset}
    return send(phone, {**fields, "part": SimpleUploadedFile("part", content), **changes})


def last(phone: Client, **changes: Any) -> tuple[int, dict[str, Any]]:
    return send(phone, {**FORM, "key": "mine", "parts": len(PICTURE), **changes})


def send_all(phone: Client, picture: bytes = PICTURE) -> None:
    for offset in range(0, len(picture), 50):
        status, data = part(phone, offset, picture[offset : offset + 50], size=len(picture))
        assert (status, data["state"]) == (200, "part")
        assert data["offset"] == min(offset + 50, len(picture))


def test_a_photo_in_parts_is_published_once(phone: Client, trusted: User) -> None:
    send_all(phone)
    answers = [last(phone) for _time in range(3)]
    assert [(status, data["state"]) for status, data in answers] == [(200, "published")] * 3
    assert Photo.objects.get().caption == "The stage"
    assert Bulletin.objects.count() == 1
    assert not UploadPart.objects.exists()
    # The same file under the same key is the same photo, however it is sent.
    whole = {"picture": SimpleUploadedFile("a.png", PICTURE)}
    assert send(phone, {**FORM, "key": "mine", **whole})[1]["sequence"] == answers[0][1]["sequence"]


def test_a_notice_in_parts_is_kept(phone: Client) -> None:
    send_all(phone)
    assert last(phone, step="notice")[1]["state"] == "kept"
    assert last(phone, step="notice")[1]["state"] == "kept"
    assert Notice.objects.count() == 1


def test_the_form_before_the_last_part_says_where_to_go_on(phone: Client, trusted: User) -> None:
    assert last(phone)[1] | {"address": ""} == {
        "key": "mine", "address": "", "state": "parts", "offset": 0,
    }  # fmt: skip
    part(phone, 0, PICTURE[:40])
    status, data = last(phone)
    assert (status, data["state"], data["offset"]) == (409, "parts", 40)
    assert not Bulletin.objects.exists()


def test_a_photo_whose_parts_are_gone_is_asked_for_again(phone: Client, trusted: User) -> None:
    """As after a restore: nothing is published without its picture."""
    send_all(phone)
    UploadPart.objects.all().delete()
    assert last(phone)[1]["offset"] == 0
    Upload.objects.all().delete()
    send_all(phone)
    assert last(phone)[1]["state"] == "published"


def test_refuses_what_is_no_picture(phone: Client, trusted: User) -> None:
    send_all(phone, b"no picture" * 20)
    status, data = last(phone, parts=200)
    assert (status, data["state"]) == (422, "refused")
    assert "no JPEG" in data["findings"][0]


def test_photo_waits_for_a_disk_that_takes_it(
    phone: Client, trusted: User, settings: Settings, tmp_path: Path
) -> None:
    send_all(phone)
    working = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = tmp_path / "a-file" / "below-it"
    (tmp_path / "a-file").touch()
    assert last(phone) == (503, {"state": "busy"})
    whole = {**FORM, "key": "other", "picture": SimpleUploadedFile("a.png", PICTURE)}
    page = phone.post(URL, whole)
    assert (page.status_code, page.headers["Retry-After"]) == (503, "10")
    assert "The desk cannot take this now." in page.content.decode()
    settings.MEDIA_ROOT = working
    assert last(phone)[1]["state"] == "published"


def test_limits_hold_for_parts_as_for_whole_pictures(phone: Client) -> None:
    refused = (422, "refused")
    for changes in ({"size": 21 * 1024 * 1024}, {"size": 0}, {"offset": -1}, {"key": ""}):
        status, data = part(phone, 0, b"x", **changes)
        assert (status, data["state"]) == refused
    status, data = part(phone, 0, b"x" * (LARGEST_PART + 1), size=LARGEST_PART + 1)
    assert (status, data["state"]) == refused
    assert not Upload.objects.exists()


def test_parts_need_the_same_permission_as_the_photo(phone: Client, reporter: User) -> None:
    assert part(Client(), 0, b"x")[1] == {"state": "signed-out"}
    assert part(phone, 0, b"x", reporter=str(reporter.pk + 1))[1] == {"state": "another"}
    Assignment.objects.all().delete()
    assert part(phone, 0, b"x")[0] == 409
    assert not Upload.objects.exists()


def test_taking_a_photo_back_deletes_its_parts(phone: Client, reporter: User) -> None:
    send_all(phone)
    send(phone, {"step": "take-back", "key": "mine"})
    assert uploads.find(reporter, "mine") is None
    send_all(phone)
    assert last(phone)[1]["state"] != "published"
    assert not Photo.objects.exists()
