"""The second factor of editors, the codes on paper, and how often a wrong one may be tried."""

import re

import pytest
from django.conf import settings as project
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from results.models import Act, Assignment
from tests import nights

PASSWORD = "a-long-password"
PAGE = "/admin/second-factor/"


@pytest.fixture(autouse=True)
def asked_for(settings):
    settings.SECOND_FACTOR = True


@pytest.fixture
def editor(db):
    user = nights.user("editor", staff=True)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def desk_of(editor):
    """Signed in with the password alone."""
    client = Client()
    sent = {"username": "editor", "password": PASSWORD, "next": "/admin/results/contest/"}
    client.post("/admin/login/?next=/admin/results/contest/", sent)
    return client


def code_of(editor, drift=0):
    device = TOTPDevice.objects.get(user=editor)
    return f"{totp(device.bin_key, drift=drift):06}"


def set_up(client, editor):
    client.get(PAGE)
    return client.post(PAGE, {"code": code_of(editor), "next": "/admin/results/contest/"})


def test_a_password_alone_opens_no_page_of_the_desk(desk_of, editor):
    for path in ("/admin/", "/admin/results/contest/", "/admin/auth/user/"):
        answer = desk_of.get(path, follow=True)
        assert answer.redirect_chain[-1][0].startswith(PAGE), path
        assert "<svg" in answer.content.decode()


def test_nor_any_count(desk_of, editor):
    seat = nights.islington_north(nights.election())
    answer = desk_of.get("/count/ge/islington-north/")
    assert answer.headers["Location"].startswith(PAGE)
    sent = {"step": "status", "status": "recount", "key": "k"}
    assert desk_of.post("/count/ge/islington-north/", sent).status_code == 302
    assert not seat.bulletins.exists()


def test_set_up_once_and_the_codes_on_paper_are_shown_once(desk_of, editor):
    page = set_up(desk_of, editor).content.decode()
    codes = re.findall(r"<li><code>(\w+)</code>", page)
    assert len(codes) == 10
    assert desk_of.get("/admin/results/contest/").status_code == 200
    again = desk_of.get(PAGE).content.decode()
    assert codes[0] not in again
    assert "QR code for the app" not in again


def test_the_next_time_a_code_is_asked_for(desk_of, editor):
    set_up(desk_of, editor)
    TOTPDevice.objects.update(last_t=-1)
    other = Client()
    other.force_login(editor)
    assert other.get("/admin/").status_code == 302
    wrong = other.post(PAGE, {"code": "000000"})
    assert "That code is not right" in wrong.content.decode()
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    right = other.post(PAGE, {"code": code_of(editor), "next": "/admin/results/contest/"})
    assert right.headers["Location"] == "/admin/results/contest/"
    assert other.get("/admin/results/contest/").status_code == 200


def test_a_code_on_paper_is_good_for_once(desk_of, editor):
    set_up(desk_of, editor)
    paper = StaticToken.objects.first().token
    for works in (True, False):
        phone = Client()
        phone.force_login(editor)
        phone.post(PAGE, {"code": f" {paper} "})
        assert (phone.get("/admin/").status_code == 200) == works
        TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)


def test_it_is_set_up_with_a_right_code_only(desk_of, editor):
    desk_of.get(PAGE)
    desk_of.post(PAGE, {"code": "000000"})
    assert not TOTPDevice.objects.filter(confirmed=True).exists()
    assert desk_of.get("/admin/").status_code == 302


def test_never_sends_anyone_elsewhere(desk_of, editor):
    set_up(desk_of, editor)
    other = Client()
    other.force_login(editor)
    TOTPDevice.objects.update(last_t=-1)
    sent = {"code": code_of(editor), "next": "https://elsewhere.example/"}
    assert other.post(PAGE, sent).headers["Location"] == "/admin/"


def test_reporters_are_not_asked(db):
    seat = nights.islington_north(nights.election())
    reporter = nights.user("reporter")
    Assignment.objects.create(reporter=reporter, contest=seat)
    phone = Client()
    phone.force_login(reporter)
    assert phone.get("/count/ge/islington-north/").status_code == 200
    assert phone.get(PAGE).headers["Location"] == "/admin/login/"


def test_all_of_it_is_on_record_and_no_secret_is(desk_of, editor):
    desk_of.get(PAGE)
    desk_of.post(PAGE, {"code": "000000"})
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    set_up(desk_of, editor)
    said = [act.what for act in Act.objects.order_by("pk")]
    assert said == ["signed in", "second factor failed", "second factor set up"]
    key = TOTPDevice.objects.get().key
    assert key not in str(list(Act.objects.values_list()))


def test_wrong_passwords_lock_out_one_name_and_not_the_hall(editor):
    wrong = {"username": "editor", "password": "wrong"}
    for _time in range(10):
        Client().post("/admin/login/", wrong)
    page = Client().post("/admin/login/", wrong | {"password": PASSWORD}).content.decode()
    assert "Too many wrong passwords" in page
    colleague = nights.user("colleague", staff=True)
    colleague.set_password(PASSWORD)
    colleague.save()
    sent = {"username": "colleague", "password": PASSWORD, "next": "/admin/"}
    assert Client().post("/admin/login/", sent).status_code == 302


def test_off_by_name_or_on_a_desk_of_ones_own(settings, editor):
    settings.SECOND_FACTOR = False
    desk = Client()
    desk.force_login(editor)
    assert desk.get("/admin/").status_code == 200
    assert project.OTP_ADMIN_HIDE_SENSITIVE_DATA
