"""Photos whose files MEDIA_ROOT does not have, or may not read: only they are not shown."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import default_storage
from django.test import Client, TestCase
from django.urls import reverse

from results import desk
from results.models import WIDTHS, Contest, Photo, ReviewItem
from tests import nights
from tests.editor.conftest import address, form_data
from tests.editor.night_items import publish_photo

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[FileNotFoundError, PermissionError])
def lost(
    request: pytest.FixtureRequest,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    seat: Contest,
    editor: User,
) -> Photo:
    """A published photo. Root may read every file, so that the storage refuses it instead."""
    settings.MEDIA_ROOT = tmp_path
    photo = publish_photo(seat, editor)

    def refuse(name: str) -> None:
        raise request.param(13, "not to be read", name)

    monkeypatch.setattr(default_storage, "open", refuse)
    return photo


def test_readers_get_no_picture_and_no_fault(client: Client, lost: Photo) -> None:
    path = reverse("photo", args=["ge", lost.name, min(WIDTHS)])
    assert client.get(path).status_code == 404
    assert client.get("/ge/feed/").status_code == 200


def test_editor_gets_no_picture_and_no_fault(admin: Client, lost: Photo) -> None:
    assert admin.get(reverse("admin:results_picture", args=[lost.name])).status_code == 404


def test_caption_is_corrected(lost: Photo, seat: Contest, editor: User) -> None:
    content = desk.PhotoContent(
        name=lost.name, contest=seat, caption="The declaration", alt="A man", credit="Ann"
    )
    desk.publish(seat.election, content, by=editor, idempotency_key="k", replaces=lost)
    changed = Photo.objects.current().get()
    assert (changed.caption, changed.width) == ("The declaration", lost.width)


def test_is_withdrawn(lost: Photo, editor: User) -> None:
    desk.withdraw_publication(lost, by=editor, idempotency_key="k")
    assert not Photo.objects.current().exists()


def test_waiting_one_is_not_published(admin: Client, lost: Photo, seat: Contest) -> None:
    words = {"name": "0" * 32, "caption": "In the hall", "alt": "A hall", "credit": "Ann"}
    item = desk.queue_for_review(
        seat, ReviewItem.Kind.PHOTO, words, by=nights.user(), idempotency_key=nights.key()
    )
    answer = admin.post(address("reviewitem_change", item.pk), words, follow=True)
    assert "The file of this picture cannot be read" in answer.content.decode()
    item.refresh_from_db()
    assert item.waits


def test_is_not_withdrawn_for_good_while_its_files_would_stay(
    admin: Client,
    editor: User,
    seat: Contest,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its name would be erased, by which anybody might find and delete them."""
    settings.MEDIA_ROOT = tmp_path
    photo = publish_photo(seat, editor)
    monkeypatch.setattr("os.access", lambda path, _mode: path != tmp_path / "pictures")
    page = address("photo_erase", photo.pk)
    form = form_data(admin.get(page)) | {"reason": "By order of a court.", "confirm": "on"}
    answer = admin.post(page, form | {"step": "erase"}, follow=True)
    assert f"{photo.name}-640.jpg cannot be deleted" in answer.content.decode()
    photo.refresh_from_db()
    assert photo.caption == "On the stage"
    monkeypatch.undo()
    with TestCase.captureOnCommitCallbacks(execute=True):
        admin.post(page, form | {"step": "erase"})
    assert not any((tmp_path / "pictures").iterdir())
