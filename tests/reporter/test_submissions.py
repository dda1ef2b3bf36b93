"""Quotes, photos, the notice, verification, and a mistake of one's own."""

import io
import itertools

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

from results import desk
from results.desk import pictures
from results.live.pictures import path_of
from results.models import Bulletin, Contest, Notice, Photo, Quote, ReviewItem, Standing
from tests import nights
from tests.acceptance import pictures as hostile
from tests.reporter.conftest import JSON, URL, box, typed, words

_numbers = itertools.count()


@pytest.fixture(autouse=True)
def stored(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(width=2400, height=1800, kind="JPEG", **more):
    file = io.BytesIO()
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Secret Phone Co"
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (51.0, 33.0, 0.0)}
    Image.new("RGB", (width, height), "teal").save(file, kind, exif=exif)
    name = more.get("name", f"IMG_{next(_numbers)}.jpg")
    return SimpleUploadedFile(name, file.getvalue(), more.get("type", "image/jpeg"))


def photo(**changes):
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
    def say(self, phone, seat, words, **more):
        corbyn = str(seat.candidates.get(name="Jeremy Corbyn").pk)
        sent = {"step": "quote", "candidate": corbyn, "words": words, "key": nights.key(), **more}
        return phone.post(URL, sent, **JSON).json()

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("I will not lead... in any future election", "I will not lead […] in any future"),
            ("I will not lead […] in any", "I will not lead […] in any"),
            ("I will not lead (…) in any", "I will not lead […] in any"),
            ("I will not lead … in any", "I will not lead […] in any"),
            ("It is over.", "It is over."),
        ],
    )
    def test_what_is_left_out_is_marked(self, phone, seat, reporter, typed, shown):
        nights.trust(reporter)
        self.say(phone, seat, typed)
        assert Quote.objects.get().words.startswith(shown)

    def test_waits_for_the_desk_unless_the_reporter_is_trusted(self, phone, seat, reporter):
        said = self.say(phone, seat, "Thank you.")
        assert (said["state"], Quote.objects.count()) == ("kept", 0)
        nights.trust(reporter)
        # A new sign-in, since permissions are read once for each.
        assert self.say(phone, seat, "Thank you all.")["state"] == "published"

    def test_the_desk_publishes_it_in_its_own_wording_and_the_reporters_name(self, phone, seat):
        self.say(phone, seat, "Thank you very much all.")
        offer = ReviewItem.objects.get()
        desk.approve(offer, by=nights.user("editor"), changes={"words": "Thank you […] all."})
        quote = Quote.objects.get()
        assert (quote.words, quote.speaker) == ("Thank you […] all.", "Jeremy Corbyn")
        assert quote.by.username == "reporter"
        assert quote.candidate.name == "Jeremy Corbyn"
        assert abs((quote.said_at - offer.created_at).total_seconds()) < 60

    def test_sent_twice_waits_once(self, phone, seat):
        for _time in range(2):
            self.say(phone, seat, "Thank you.", key="same")
        assert ReviewItem.objects.count() == 1


class TestPhotos:
    def test_is_written_anew_without_place_or_device(self, phone, seat, reporter, stored):
        nights.trust(reporter)
        said = phone.post(URL, photo(), **JSON).json()
        assert (said["state"], said["sequence"]) == ("published", 1)
        shown = Photo.objects.get()
        assert (shown.width, shown.height) == (1600, 1200)
        for width in (640, 1600):
            raw = (stored / path_of(shown.name, width)).read_bytes()
            assert b"Secret Phone" not in raw
            assert b"Exif" not in raw
            assert not Image.open(io.BytesIO(raw)).getexif()
        page = phone.get("/ge/islington-north/").content.decode()
        assert 'alt="A man at a microphone" width="640" height="480"' in page
        answer = phone.get(f"/ge/photos/{shown.name}-640.jpg")
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert Image.open(io.BytesIO(answer.content)).size == (640, 480)

    def test_lies_upright(self, phone, seat, reporter):
        nights.trust(reporter)
        file = io.BytesIO()
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = 6
        Image.new("RGB", (800, 600), "teal").save(file, "JPEG", exif=exif)
        phone.post(URL, photo(picture=SimpleUploadedFile("a.jpg", file.getvalue())), **JSON)
        assert (Photo.objects.get().width, Photo.objects.get().height) == (600, 800)

    @pytest.mark.parametrize("missing", ["caption", "alt", "credit", "picture"])
    def test_none_without_its_words(self, phone, seat, reporter, missing):
        nights.trust(reporter)
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
    def test_what_is_no_picture_is_refused_beside_its_field(
        self, phone, seat, reporter, name, content, stored
    ):
        nights.trust(reporter)
        page = phone.post(URL, photo(picture=SimpleUploadedFile(name, content, "image/jpeg")))
        assert page.status_code == 422
        assert "Mr Corbyn on the stage" in page.content.decode()
        assert not Photo.objects.exists()
        assert not list(stored.rglob("*.*"))

    def test_a_bomb_of_pixels_is_refused_for_good(self, phone, seat, reporter):
        nights.trust(reporter)
        raw = hostile.png_that_claims(40_000, 40_000)
        bomb = {"picture": SimpleUploadedFile("a.png", raw, "image/png")}
        assert "too large to read" in words(phone.post(URL, photo(**bomb)))
        bomb = {"picture": SimpleUploadedFile("a.png", raw, "image/png")}
        answer = phone.post(URL, photo(**bomb), **JSON)
        assert (answer.status_code, answer.json()["state"]) == (422, "refused")

    def test_while_others_are_read_the_phone_is_to_come_again(self, phone, seat, monkeypatch):
        monkeypatch.setattr("results.desk.pictures.WAIT_SECONDS", 0.01)
        with pictures._decoding:
            answer = phone.post(URL, photo(), **JSON)
            page = phone.post(URL, photo())
        assert (answer.status_code, answer.json()) == (503, {"state": "busy"})
        assert answer.headers["Retry-After"]
        assert page.status_code == 503
        assert "Send it again in a moment." in words(page)
        assert phone.post(URL, photo(), **JSON).status_code == 200

    def test_waits_unseen_until_the_desk_publishes_it(self, phone, seat):
        said = phone.post(URL, photo(), **JSON).json()
        assert said["state"] == "kept"
        offer = ReviewItem.objects.get()
        hidden = f"/ge/photos/{offer.content['name']}-640.jpg"
        assert phone.get(hidden).status_code == 404
        desk.approve(offer, by=nights.user("editor"))
        assert phone.get(hidden).status_code == 200

    def test_withdrawn_it_is_gone_from_every_page(self, phone, seat, reporter):
        nights.trust(reporter)
        phone.post(URL, photo(), **JSON)
        shown = Photo.objects.get()
        answer = desk.withdraw_publication(shown, by=nights.user("editor"), idempotency_key="away")
        assert shown.name not in str(answer.bulletin.fragments)
        assert phone.get(f"/ge/photos/{shown.name}-640.jpg").status_code == 404
        assert shown.name not in phone.get("/ge/islington-north/").content.decode()

    def test_the_same_key_keeps_one(self, phone, seat, reporter):
        nights.trust(reporter)
        answers = [phone.post(URL, photo(), **JSON).json() for _time in range(2)]
        assert answers[0] == answers[1]
        assert Photo.objects.count() == 1

    def test_stands_in_the_feed_the_atom_and_its_permalink(self, phone, seat, reporter):
        nights.trust(reporter)
        phone.post(URL, photo(caption="A <b>bold</b> man & co"), **JSON)
        for path in ("/ge/", "/ge/feed/", "/ge/bulletins/1/", "/ge/feed.atom"):
            text = phone.get(path).content.decode()
            assert "A &lt;b&gt;bold&lt;/b&gt; man &amp; co" in text, path
            assert "<b>bold</b>" not in text


class TestTheNotice:
    def test_is_for_the_desk_alone(self, phone, seat, client):
        sent = {"step": "notice", "key": "n", "picture": picture()}
        said = phone.post(URL, sent, **JSON).json()
        assert (said["state"], said["key"]) == ("kept", "n")
        phone.post(URL, {"step": "notice", "key": "n", "picture": picture()}, **JSON)
        name = Notice.objects.get().name
        assert not Bulletin.objects.exists()
        assert phone.get(f"/ge/photos/{name}-640.jpg").status_code == 404
        assert phone.get(f"/admin/results/reviewitem/pictures/{name}.jpg").status_code == 302
        client.force_login(nights.user("editor", staff=True))
        assert client.get(f"/admin/results/reviewitem/pictures/{name}.jpg").status_code == 200


class TestBeforeTheResult:
    def test_verification_is_pushed_to_the_seats_page(self, phone, seat):
        sent = {"step": "count", "papers": "54,032", "electorate": "75162", "turnout": "71.8%"}
        phone.post(URL, sent)
        bulletin = Bulletin.objects.get()
        line = (
            "Islington North: At verification: 54,032 ballot papers, electorate 75,162, "
            "turnout 71.8% as announced"
        )
        assert bulletin.summary == line
        assert "54,032 ballot papers" in bulletin.fragments["seat-islington-north"]
        assert Standing.objects.get().status == "under_way"
        page = phone.get(URL).content.decode()
        # What is known is not asked again.
        assert 'name="electorate" id="id_electorate" value="75162"' in page
        assert 'name="turnout_announced" id="id_turnout_announced" value="71.8"' in page

    def test_more_papers_than_people_are_refused(self, phone, seat):
        page = phone.post(URL, {"step": "count", "papers": "75163", "electorate": "75162"})
        assert page.status_code == 422
        assert "more than the electorate of 75,162" in words(page)
        phone.post(URL, {"step": "count", "papers": "75162", "electorate": "75162"})
        assert Bulletin.objects.count() == 1

    def test_nothing_is_no_news(self, phone, seat):
        assert "Fill in what has been announced." in words(phone.post(URL, {"step": "count"}))

    def test_the_expected_time(self, phone, seat, time_machine):
        time_machine.move_to("2019-12-13 01:00:00+00:00")
        phone.post(URL, {"step": "count", "expected_at": "03:00"})
        assert str(Contest.objects.get().expected_at) == "2019-12-13 03:00:00+00:00"
        assert "expected about 03:00" in str(Bulletin.objects.get().fragments)
        page = phone.post(URL, {"step": "count", "expected_at": "00:30"})
        assert "That time has passed" in words(page)

    @pytest.mark.parametrize("state", ["under_way", "bundle_check", "recount", "on_stage"])
    def test_each_state_is_one_tap(self, phone, seat, state):
        phone.post(URL, {"step": "status", "status": state, "key": "k"})
        label = Standing.objects.get().get_status_display()
        assert label in Bulletin.objects.get().fragments["seat-islington-north"]


class TestAMistakeOfMine:
    @pytest.fixture
    def declared(self, phone, seat, reporter):
        phone.post(URL, typed(seat, **{box(seat, "Nick Wakeling"): "8451"}), **JSON)
        return seat

    def ask(self, phone, seat, **changes):
        sent = typed(seat, step="ask", key="ask", base_revision="1", reason="Read 15, typed 51.")
        return phone.post(URL, sent | changes)

    def test_is_asked_of_the_desk_and_changes_nothing(self, phone, declared):
        page = phone.get(URL)
        assert "Ask the desk for a correction" in words(page)
        assert f'name="{box(declared, "Nick Wakeling")}"' in page.content.decode()
        self.ask(phone, declared)
        offer = ReviewItem.objects.get()
        assert offer.kind == ReviewItem.Kind.CORRECTION
        assert offer.content["reason"] == "Read 15, typed 51."
        assert Bulletin.objects.count() == 1
        assert "Correction asked for : Waiting" in words(phone.get(URL))

    def test_says_why_and_cannot_be_what_cannot_be(self, phone, declared):
        assert "Say how you know" in words(self.ask(phone, declared, reason=" "))
        assert "more than the electorate" in words(self.ask(phone, declared, electorate="5"))
        assert not ReviewItem.objects.exists()

    def test_the_desk_opens_it_with_everything_filled_in_and_settles_it(
        self, phone, declared, client
    ):
        self.ask(phone, declared)
        offer = ReviewItem.objects.get()
        editor = nights.user("editor", staff=True)
        client.force_login(editor)
        page = client.get(f"/admin/results/reviewitem/{offer.pk}/change/")
        assert "8,451" in words(page)
        assert "8,415" in words(page)
        address = f"/admin/results/contest/{declared.pk}/correct/?offer={offer.pk}"
        form = client.get(address).context["form"]
        data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
        assert data["reason"] == "Read 15, typed 51."
        done = client.post(address, data | {"step": "publish"})
        assert done.status_code == 302, words(done)
        offer.refresh_from_db()
        assert (offer.state, offer.bulletin.sequence) == ("published", 2)
        assert "Published, bulletin 2" in words(phone.get(URL))
