"""Sessions end a fixed time after sign-in, and with the account's or the pass's validity."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from results.models import Assignment, Party, ReporterPass
from tests import nights

pytestmark = [pytest.mark.django_db, pytest.mark.db]

PASSWORD = "a-long-password"
COUNT = "/count/ge/islington-north/"
DESK = "/admin/results/contest/"
NIGHT = 18 * 3600


@pytest.fixture
def editor() -> User:
    user = nights.user("editor", staff=True)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def reporter() -> User:
    user = nights.user("reporter")
    user.set_password(PASSWORD)
    user.save()
    seat = nights.islington_north(nights.election())
    Assignment.objects.create(reporter=user, contest=seat)
    return user


def signed_in(name: str, page: str = "/count/sign-in/", client: Client | None = None) -> Client:
    client = client or Client()
    sent = {"username": name, "password": PASSWORD, "next": "/"}
    assert client.post(page, sent).status_code == 302
    return client


class Clock:
    """The time that sessions and the database see, set by the test."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        start = timezone.now()
        self.passed = 0.0
        monkeypatch.setattr(
            "django.utils.timezone.now", lambda: start + timedelta(seconds=self.passed)
        )
        monkeypatch.setattr(
            "electiondesk.sessions.time.time", lambda: start.timestamp() + self.passed
        )


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_session_expires_18_hours_after_sign_in_however_busy(reporter: User, clock: Clock) -> None:
    phone = signed_in("reporter")
    for _hour in range(17):
        clock.passed += 3600
        session = phone.session
        session["busy"] = clock.passed
        session.save()
        assert phone.get(COUNT).status_code == 200
    clock.passed = NIGHT + 1
    assert phone.get(COUNT).status_code == 302
    assert signed_in("reporter", client=phone).get(COUNT).status_code == 200


def test_pass_does_not_prolong_a_session(reporter: User, clock: Clock) -> None:
    issued = ReporterPass.issue(reporter, expires_at=timezone.now() + timedelta(days=3))
    phone = Client()
    phone.post(f"/count/sign-in/{issued.token}/")
    clock.passed = NIGHT - 10
    assert phone.get(COUNT).status_code == 200
    clock.passed = NIGHT + 10
    assert phone.get(COUNT).status_code == 302
    phone.post(f"/count/sign-in/{issued.token}/")  # and opens another
    assert phone.get(COUNT).status_code == 200


@pytest.mark.parametrize("way", ["password", "desk", "pass"])
def test_sign_in_rotates_the_session_key(reporter: User, editor: User, way: str) -> None:
    browser = Client()
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    browser.cookies["sessionid"] = planted = session.session_key or ""
    if way == "pass":
        browser.post(f"/count/sign-in/{ReporterPass.issue(reporter).token}/")
    elif way == "desk":
        signed_in("editor", "/admin/login/", browser)
    else:
        signed_in("reporter", client=browser)
    assert browser.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get(COUNT).status_code == 302
    assert thief.get(DESK).status_code == 302


def deactivated(user: User) -> None:
    user.is_active = False
    user.save()


def given_another_password(user: User) -> None:
    user.set_password("another-long-password")
    user.save()


def no_more_of_the_desk(user: User) -> None:
    user.is_staff = user.is_superuser = False
    user.save()


@pytest.mark.parametrize("end", [deactivated, given_another_password, no_more_of_the_desk])
def test_editors_session_ends_with_their_access(editor: User, end: Callable[[User], None]) -> None:
    desk = signed_in("editor", "/admin/login/")
    assert desk.get(DESK).status_code == 200
    end(editor)
    answer = desk.get(DESK)
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/admin/login/")
    sent = {"name": "Invented", "slug": "invented"}
    # The sign-in page, which keeps what was typed.
    assert desk.post("/admin/results/party/add/", sent).status_code == 401
    assert not Party.objects.filter(slug="invented").exists()


@pytest.mark.parametrize("end", [deactivated, given_another_password])
def test_reporters_session_ends_with_their_access(
    reporter: User, end: Callable[[User], None]
) -> None:
    phone = signed_in("reporter")
    assert phone.get(COUNT).status_code == 200
    end(reporter)
    assert phone.get(COUNT).status_code == 302
    sent = phone.post(
        COUNT, {"step": "status", "status": "recount"}, HTTP_ACCEPT="application/json"
    )
    assert sent.status_code == 401


def test_revoked_pass_ends_its_session_at_every_address(reporter: User) -> None:
    issued = ReporterPass.issue(reporter)
    phone = Client()
    phone.post(f"/count/sign-in/{issued.token}/")
    assert phone.get(COUNT).status_code == 200
    issued.issued.revoke()
    for path in (COUNT, "/count/"):
        assert phone.get(path).status_code == 302, path
    assert phone.post("/count/phone/", {"unsent": "1"}).status_code == 401
    assert phone.get("/count/token/").json()["reporter"] is None


def test_pass_never_opens_the_admin(reporter: User) -> None:
    """A reporter who becomes an editor must sign in again, with a password."""
    phone = Client()
    phone.post(f"/count/sign-in/{ReporterPass.issue(reporter).token}/")
    reporter.is_staff = reporter.is_superuser = True
    reporter.save()
    assert phone.get(DESK).status_code == 302
    assert phone.get("/admin/second-factor/").headers["Location"] == "/admin/login/"
    assert phone.get(DESK, follow=True).status_code == 200  # the form for a password
    assert signed_in("reporter", "/admin/login/", phone).get(DESK).status_code == 200
