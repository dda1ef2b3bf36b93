"""Submissions from a count besides its result: quotes, photos, notice, verification."""

import io
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import ExifTags, Image
from pytest_django.fixtures import Settings
from time_machine import TimeMachineFixture

from results import desk
from results.desk import pictures
from results.live.pictures import path_of
from results.models import Bulletin, Contest, Notice, Photo, Quote, ReviewItem, Standing
from tests import nights
from tests.acceptance import pictures as hostile
from tests.present import present
from tests.reporter.conftest import JSON, URL, Fields, text_of

_numbers = itertools.count()


@pytest.fixture(autouse=True)
def stored(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(
    width: int = 2400, height: int = 1800, kind: str = "JPEG", **more: Any
) -> SimpleUploadedFile:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Secret Phone Co"
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (51.0, 33.0, 0.0)}
    Image.new("RGB", (width, height), "teal").save(file, kind, exif=exif)
    name = more.get("name", f"IMG_{next(_numbers)}.jpg")
    return SimpleUploadedFile(name, file.getvalue(), more.get("type", "image/jpeg"))


def photo(**changes: Any) -> Fields:
    return {
        "step": "photo",
        "key": "p",
        "picture": picture(),
        "caption": "Mr Corbyn on the stage",
        "alt": "A man at a microphone",
        "credit": "Ann Smith",
        **changes,
    }


class TestQuotes:
    def say(self, phone: Client, seat: Contest, words: str, **more: Any) -> dict[str, Any]:
        corbyn = str(seat.candidates.get(name="Jeremy Corbyn").pk)
        sent = {"step": "quote", "candidate": corbyn, "words": words, "key": nights.key(), **more}
        data: dict[str, Any] = phone.post(URL, sent, **JSON).json()
        return data

    @pytest.mark.parametrize(
        ("text", "published"),
        [
            ("I will not lead... in any future election", "I will not lead […] in any future"),
            ("I will not lead […] in any", "I will not lead […] in any"),
            ("I will not lead (…) in any", "I will not lead […] in any"),
            ("I will not lead … in any", "I will not lead […] in any"),
            ("It is over.", "It is over."),
        ],
    )
    def test_marks_omissions(
        self, phone: Client, seat: Contest, trusted: User, text: str, published: str
    ) -> None:
        self.say(phone, seat, text)
        assert Quote.objects.get().words.startswith(published)

    def test_waits_for_review_unless_the_reporter_is_trusted(
        self, phone: Client, seat: Contest, reporter: User
    ) -> None:
        data = self.say(phone, seat, "Thank you.")
        assert (data["state"], Quote.objects.count()) == ("kept", 0)
        nights.trust(reporter)
        # A new sign-in, since permissions are read once for each.
        assert self.say(phone, seat, "Thank you all.")["state"] == "published"

    def test_editor_may_reword_before_publishing(self, phone: Client, seat: Contest) -> None:
        self.say(phone, seat, "Thank you very much all.")
        item = ReviewItem.objects.get()
        desk.approve(item, by=nights.user("editor"), changes={"words": "Thank you […] all."})
        quote = Quote.objects.get()
        assert (quote.words, quote.speaker) == ("Thank you […] all.", "Jeremy Corbyn")
        assert quote.by.username == "reporter"
        assert present(quote.candidate).name == "Jeremy Corbyn"
        assert abs((quote.said_at - item.created_at).total_seconds()) < 60

    def test_changed_under_the_same_key_is_shown_with_a_new_key(
        self, phone: Client, seat: Contest
    ) -> None:
        fields = {"step": "quote", "speaker": "The mayor", "words": "Well.", "key": "first"}
        phone.post(URL, fields)
        page = phone.post(URL, fields | {"words": "Well, well."})
        assert page.status_code == 422
        assert "sent before with something else" in text_of(page)
        assert 'value="first"' not in page.content.decode()
        assert "Well, well." in page.content.decode()

    def test_sent_twice_is_queued_once(self, phone: Client, seat: Contest) -> None:
        for _time in range(2):
            self.say(phone, seat, "Thank you.", key="same")
        assert ReviewItem.objects.count() == 1


class TestPhotos:
    def test_is_stored_without_metadata(self, phone: Client, trusted: User, stored: Path) -> None:
        data = phone.post(URL, photo(), **JSON).json()
        assert (data["state"], data["sequence"]) == ("published", 1)
        stored_photo = Photo.objects.get()
        assert (stored_photo.width, stored_photo.height) == (1600, 1200)
        for width in (640, 1600):
            raw = (stored / path_of(stored_photo.name, width)).read_bytes()
            assert b"Secret Phone" not in raw
            assert b"Exif" not in raw
            assert not Image.open(io.BytesIO(raw)).getexif()
        page = phone.get("/ge/islington-north/").content.decode()
        assert 'alt="A man at a microphone" width="640" height="480"' in page
        answer = phone.get(f"/ge/photos/{stored_photo.name}-640.jpg")
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert Image.open(io.BytesIO(answer.content)).size == (640, 480)

    def test_is_rotated_upright(self, phone: Client, trusted: User) -> None:
        file = io.BytesIO()
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = 6
        Image.new("RGB", (800, 600), "teal").save(file, "JPEG", exif=exif)
        phone.post(URL, photo(picture=SimpleUploadedFile("a.jpg", file.getvalue())), **JSON)
        assert (Photo.objects.get().width, Photo.objects.get().height) == (600, 800)

    @pytest.mark.parametrize("missing", ["caption", "alt", "credit", "picture"])
    def test_needs_picture_and_words(self, phone: Client, trusted: User, missing: str) -> None:
        page = phone.post(URL, photo(**{missing: ""}))
        assert page.status_code == 422
        assert not Photo.objects.exists()
        if missing != "caption":
            assert "Mr Corbyn on the stage" in page.content.decode()

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.jpg", b"<svg onload=alert(1)>"),
            ("a.html", b"<html><script>alert(1)</script>"),
            ("a.jpg", b"\xff\xd8\xff\xe0 not really"),
            ("a.gif", b"GIF89a\x01\x00\x01\x00"),
            ("a.jpg", b""),
        ],
    )
    def test_refuses_what_is_not_a_picture(
        self, phone: Client, trusted: User, name: str, content: bytes, stored: Path
    ) -> None:
        page = phone.post(URL, photo(picture=SimpleUploadedFile(name, content, "image/jpeg")))
        assert page.status_code == 422
        assert "Mr Corbyn on the stage" in page.content.decode()
        assert not Photo.objects.exists()
        assert not list(stored.rglob("*.*"))

    def test_refuses_a_decompression_bomb_for_good(self, phone: Client, trusted: User) -> None:
        raw = hostile.png_that_claims(40_000, 40_000)
        bomb = {"picture": SimpleUploadedFile("a.png", raw, "image/png")}
        assert "too large to read" in text_of(phone.post(URL, photo(**bomb)))
        bomb = {"picture": SimpleUploadedFile("a.png", raw, "image/png")}
        answer = phone.post(URL, photo(**bomb), **JSON)
        assert (answer.status_code, answer.json()["state"]) == (422, "refused")

    def test_asks_to_retry_while_other_pictures_are_read(
        self, phone: Client, seat: Contest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("results.desk.pictures.WAIT_SECONDS", 0.01)
        with pictures._decoding:
            answer = phone.post(URL, photo(), **JSON)
            page = phone.post(URL, photo())
        assert (answer.status_code, answer.json()) == (503, {"state": "busy"})
        assert answer.headers["Retry-After"]
        assert page.status_code == 503
        assert "Send it again in a moment." in text_of(page)
        assert phone.post(URL, photo(), **JSON).status_code == 200

    def test_is_not_served_before_it_is_published(self, phone: Client, seat: Contest) -> None:
        data = phone.post(URL, photo(), **JSON).json()
        assert data["state"] == "kept"
        item = ReviewItem.objects.get()
        hidden = f"/ge/photos/{item.content['name']}-640.jpg"
        assert phone.get(hidden).status_code == 404
        desk.approve(item, by=nights.user("editor"))
        assert phone.get(hidden).status_code == 200

    def test_withdrawn_photo_is_not_served(self, phone: Client, trusted: User) -> None:
        phone.post(URL, photo(), **JSON)
        stored_photo = Photo.objects.get()
        answer = desk.withdraw_publication(
            stored_photo, by=nights.user("editor"), idempotency_key="away"
        )
        assert stored_photo.name not in str(answer.bulletin.fragments)
        assert phone.get(f"/ge/photos/{stored_photo.name}-640.jpg").status_code == 404
        assert stored_photo.name not in phone.get("/ge/islington-north/").content.decode()

    def test_same_key_stores_one_photo(self, phone: Client, trusted: User) -> None:
        answers = [phone.post(URL, photo(), **JSON).json() for _time in range(2)]
        assert answers[0] == answers[1]
        assert Photo.objects.count() == 1

    def test_two_requests_at_once_with_one_key_publish_one_photo(
        self, seat: Contest, trusted: User
    ) -> None:
        """The second is stored while the first one is published."""
        content = desk.PhotoContent(contest=seat, caption="On the stage", alt="A man", credit="Ann")

        def submit(store_picture: Callable[[], str]) -> Any:
            return desk.submit_photo(
                seat, content, store_picture, digest="a", by=trusted, idempotency_key="same"
            )

        def store() -> str:
            file = picture()
            return pictures.store(file, file.size or 0).name

        def store_behind_another() -> str:
            submit(store)
            return store()

        assert (submit(store_behind_another).sequence, Photo.objects.count()) == (1, 1)

    def test_another_photo_under_the_same_key_is_not_lost(
        self, phone: Client, trusted: User
    ) -> None:
        phone.post(URL, photo())
        other = {"picture": picture(width=600, height=400)}
        page = phone.post(URL, photo(**other))
        assert page.status_code == 422
        assert "sent before with something else" in text_of(page)
        assert "Choose this photo again" in text_of(page)
        assert 'value="p"' not in page.content.decode()
        other["picture"].seek(0)
        answer = phone.post(URL, photo(**other), **JSON)
        assert (answer.status_code, answer.json()["state"]) == (422, "faulty")
        assert Photo.objects.count() == 1
        other["picture"].seek(0)
        phone.post(URL, photo(**other, key="another"))
        assert {(kept.width, kept.height) for kept in Photo.objects.all()} == {
            (1600, 1200),
            (600, 400),
        }

    def test_caption_is_escaped_everywhere(self, phone: Client, trusted: User) -> None:
        phone.post(URL, photo(caption="A <b>bold</b> man & co"), **JSON)
        for path in ("/ge/", "/ge/feed/", "/ge/bulletins/1/", "/ge/feed.atom"):
            text = phone.get(path).content.decode()
            assert "A &lt;b&gt;bold&lt;/b&gt; man &amp; co" in text, path
            assert "<b>bold</b>" not in text


class TestNotice:
    def test_is_served_to_editors_only(self, phone: Client, seat: Contest, client: Client) -> None:
        sent = {"step": "notice", "key": "n", "picture": picture()}
        data = phone.post(URL, sent, **JSON).json()
        assert (data["state"], data["key"]) == ("kept", "n")
        phone.post(URL, {"step": "notice", "key": "n", "picture": picture()}, **JSON)
        name = Notice.objects.get().name
        assert not Bulletin.objects.exists()
        assert phone.get(f"/ge/photos/{name}-640.jpg").status_code == 404
        assert phone.get(f"/admin/results/reviewitem/pictures/{name}.jpg").status_code == 302
        client.force_login(nights.user("editor", staff=True))
        assert client.get(f"/admin/results/reviewitem/pictures/{name}.jpg").status_code == 200

    def test_another_one_under_the_same_key_is_not_lost(self, phone: Client, seat: Contest) -> None:
        sent = {"step": "notice", "key": "n", "picture": picture()}
        phone.post(URL, sent)
        page = phone.post(URL, {**sent, "picture": picture(width=600, height=400)})
        assert page.status_code == 422
        assert "Choose this photo again" in text_of(page)
        assert Notice.objects.count() == 1


class TestBeforeTheResult:
    def test_verification_is_published_on_the_seat_page(self, phone: Client, seat: Contest) -> None:
        sent = {"step": "count", "papers": "54,032", "electorate": "75162", "turnout": "71.8%"}
        phone.post(URL, sent)
        bulletin = Bulletin.objects.get()
        summary = (
            "Islington North: At verification: 54,032 ballot papers, electorate 75,162, "
            "turnout 71.8% as announced"
        )
        assert bulletin.summary == summary
        assert "54,032 ballot papers" in bulletin.fragments["seat-islington-north"]
        assert Standing.objects.get().status == "under_way"
        page = phone.get(URL).content.decode()
        # What is known is not asked again.
        assert 'name="electorate" id="id_electorate" value="75162"' in page
        assert 'name="turnout_announced" id="id_turnout_announced" value="71.8"' in page

    def test_refuses_more_ballot_papers_than_electors(self, phone: Client, seat: Contest) -> None:
        page = phone.post(URL, {"step": "count", "papers": "75163", "electorate": "75162"})
        assert page.status_code == 422
        assert "more than the electorate of 75,162" in text_of(page)
        phone.post(URL, {"step": "count", "papers": "75162", "electorate": "75162"})
        assert Bulletin.objects.count() == 1

    def test_needs_something_announced(self, phone: Client, seat: Contest) -> None:
        assert "Fill in what has been announced." in text_of(phone.post(URL, {"step": "count"}))

    def test_expected_time_is_in_the_future(
        self, phone: Client, seat: Contest, time_machine: TimeMachineFixture
    ) -> None:
        time_machine.move_to("2019-12-13 01:00:00+00:00")
        phone.post(URL, {"step": "count", "expected_at": "03:00"})
        assert str(Contest.objects.get().expected_at) == "2019-12-13 03:00:00+00:00"
        assert "expected about 03:00" in str(Bulletin.objects.get().fragments)
        page = phone.post(URL, {"step": "count", "expected_at": "00:30"})
        assert "That time has passed" in text_of(page)

    @pytest.mark.parametrize("state", ["under_way", "bundle_check", "recount", "on_stage"])
    def test_publishes_each_status(self, phone: Client, seat: Contest, state: str) -> None:
        phone.post(URL, {"step": "status", "status": state, "key": "k"})
        label = Standing.objects.get().get_status_display()
        assert label in Bulletin.objects.get().fragments["seat-islington-north"]

    def test_another_button_of_the_same_page_is_not_lost(
        self, phone: Client, seat: Contest
    ) -> None:
        for state in ("under_way", "recount", "recount"):
            phone.post(URL, {"step": "status", "status": state, "key": "k"})
        assert Standing.objects.get().status == "recount"
        assert Bulletin.objects.count() == 2
