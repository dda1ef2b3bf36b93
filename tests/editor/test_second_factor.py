"""Second factor of editors: giving a code, enrolment, change, reset and audit."""

import io
import re
from base64 import b32decode
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.apps import apps
from django.conf import settings as project
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from results.models import Assignment, AuditEntry, Bulletin
from tests import nights
from tests.editor.conftest import PASSWORD, staff_with_password

PAGE = "/admin/second-factor/"
CHANGE = f"{PAGE}change/"
TARGET = "/admin/results/contest/"


@pytest.fixture(autouse=True)
def asked_for(settings: Any) -> None:
    settings.SECOND_FACTOR = True


@pytest.fixture
def editor(db: None) -> User:
    return staff_with_password("editor")


def with_password(name: str = "editor") -> Client:
    """Return a client signed in with the password only, on a new device."""
    client = Client()
    client.post("/admin/login/", {"username": name, "password": PASSWORD, "next": TARGET})
    return client


def secret_of(page: Any) -> bytes:
    """Return the secret that an enrolment's page shows."""
    match = re.search(r"<code>([A-Z2-7 ]{30,})</code>", page.content.decode())
    assert match is not None
    plain = match[1].replace(" ", "")
    return b32decode(plain + "=" * (-len(plain) % 8))


def code_of(secret: bytes, drift: int = 0) -> str:
    return f"{totp(secret, drift=drift):06}"


def stored_secret() -> bytes:
    secret: bytes = TOTPDevice.objects.get().bin_key
    return secret


def codes_on(page: Any) -> list[str]:
    return re.findall(r"<li><code>([\w ]+)</code>", page.content.decode())


def give(client: Client, code: str, target: str = TARGET) -> Any:
    return client.post(PAGE, {"code": code, "next": target})


def enrol(client: Client) -> list[str]:
    """Set up an app; return the recovery codes."""
    codes = codes_on(give(client, code_of(secret_of(client.get(PAGE)))))
    assert len(codes) == 10
    # A code of the same half minute is used up: the tests have no time to wait for another.
    TOTPDevice.objects.update(last_t=-1, drift=0)
    return codes


def record() -> list[tuple[str, str, str]]:
    return [(entry.user, entry.what, entry.about) for entry in AuditEntry.objects.order_by("pk")]


class TestCode:
    def test_password_alone_opens_no_admin_page(self, editor: User) -> None:
        desk = with_password()
        for path in ("/admin/", TARGET, "/admin/auth/user/", CHANGE):
            answer: Any = desk.get(path, follow=True)
            assert answer.redirect_chain[-1][0].startswith(PAGE), path
            assert "<svg" in answer.content.decode()

    def test_password_alone_opens_no_count(self, editor: User) -> None:
        seat, desk = nights.islington_north(nights.election()), with_password()
        answer = desk.get("/count/ge/islington-north/?seats=one&more=two")
        back = "next=%2Fcount%2Fge%2Fislington-north%2F%3Fseats%3Done%26more%3Dtwo"
        assert answer.headers["Location"] == f"{PAGE}?{back}"
        sent = {"step": "status", "status": "recount", "key": "k"}
        assert desk.post("/count/ge/islington-north/", sent).status_code == 302
        assert not seat.bulletins.exists()

    def test_code_opens_the_admin_and_rotates_the_session_key(self, editor: User) -> None:
        enrol(with_password())
        desk = with_password()
        planted = desk.cookies["sessionid"].value
        wrong = give(desk, "000000").content.decode()
        assert "That code is not right" in wrong
        assert "QR code" not in wrong
        assert give(desk, code_of(stored_secret())).headers["Location"] == TARGET
        assert desk.get(TARGET).status_code == 200
        thief = Client()
        thief.cookies["sessionid"] = planted
        assert thief.get(TARGET).status_code == 302

    def test_recovery_code_works_once_in_any_spelling(self, editor: User) -> None:
        code = enrol(with_password())[0]
        for text, opens in ((f" {code.upper()} ", True), (code, False)):
            desk = with_password()
            give(desk, text)
            assert (desk.get("/admin/").status_code == 200) == opens
        assert StaticToken.objects.count() == 9

    def test_redirects_to_no_other_site(self, editor: User) -> None:
        enrol(with_password())
        answer = give(with_password(), code_of(stored_secret()), "https://elsewhere.example/")
        assert answer.headers["Location"] == "/admin/"

    def test_reporters_are_not_asked(self, db: None) -> None:
        seat, reporter = nights.islington_north(nights.election()), nights.user("reporter")
        Assignment.objects.create(reporter=reporter, contest=seat)
        phone = Client()
        phone.force_login(reporter)
        assert phone.get("/count/ge/islington-north/").status_code == 200
        assert phone.get(PAGE).headers["Location"] == "/admin/login/"

    def test_setting_turns_it_off(self, settings: Any, editor: User) -> None:
        settings.SECOND_FACTOR = False
        assert with_password().get("/admin/").status_code == 200
        assert project.OTP_ADMIN_HIDE_SENSITIVE_DATA

    def test_wrong_passwords_lock_out_only_one_account(self, editor: User) -> None:
        wrong = {"username": "editor", "password": "wrong"}
        for _time in range(10):
            page = Client().post("/admin/login/", wrong).content.decode()
            assert "That name and password do not open the desk" in page
        page = Client().post("/admin/login/", wrong | {"password": PASSWORD}).content.decode()
        assert re.search(r"Too many tries\. Wait until \d\d:\d\d, or ask another editor", page)
        staff_with_password("colleague")
        sent = {"username": "colleague", "password": PASSWORD, "next": "/admin/"}
        assert Client().post("/admin/login/", sent).status_code == 302


class TestEnrolment:
    def test_stores_nothing_before_the_right_code(self, editor: User) -> None:
        desk = with_password()
        secret = secret_of(desk.get(PAGE))
        page = give(desk, "000000")
        assert "Use the entry that your app made of this QR code" in page.content.decode()
        assert secret_of(page) == secret
        assert not TOTPDevice.objects.exists()
        assert desk.get("/admin/").status_code == 302

    def test_migration_deletes_unconfirmed_secrets(self, editor: User) -> None:
        for confirmed in (True, False):
            TOTPDevice.objects.create(user=editor, name="app", confirmed=confirmed)
        migration = import_module("results.migrations.0010_sign_in_throttles")
        migration.delete_unconfirmed_devices(apps, None)
        assert [device.confirmed for device in TOTPDevice.objects.all()] == [True]

    def test_shows_recovery_codes_once(self, editor: User) -> None:
        desk = with_password()
        codes = enrol(desk)
        assert desk.get(TARGET).status_code == 200
        for page in (PAGE, CHANGE):
            again = desk.get(page).content.decode()
            assert codes[0] not in again
            assert "QR code" not in again

    def test_enrolment_expires(self, settings: Any, editor: User) -> None:
        desk = with_password()
        secret = secret_of(desk.get(PAGE))
        settings.SECOND_FACTOR_ENROLMENT_SECONDS = -1
        late = give(desk, code_of(secret))
        assert "has expired" in late.content.decode()
        assert not TOTPDevice.objects.exists()

    def test_recovery_codes_prevent_another_enrolment(self, editor: User) -> None:
        code = enrol(with_password())[0]
        TOTPDevice.objects.all().delete()
        thief = with_password()
        assert "QR code" not in thief.get(PAGE).content.decode()
        assert give(with_password(), code).headers["Location"] == TARGET

    def test_earlier_enrolment_is_void_after_another(self, editor: User) -> None:
        thief = with_password()
        secret = secret_of(thief.get(PAGE))
        enrol(with_password())
        give(thief, code_of(secret))
        assert thief.get("/admin/").status_code == 302
        for code in ("", code_of(secret)):
            thief.post(CHANGE, {"step": "new app", "code": code})
        assert TOTPDevice.objects.get().bin_key != secret

    def test_earlier_enrolment_does_not_replace_an_app(self, settings: Any, editor: User) -> None:
        settings.SECOND_FACTOR = False
        thief = with_password()
        secret = secret_of(thief.get(PAGE))
        enrol(with_password())
        answer = thief.post(CHANGE, {"step": "new app", "code": code_of(secret)})
        assert answer.headers["Location"] == CHANGE
        assert TOTPDevice.objects.get().bin_key != secret


class TestChange:
    def test_new_app_needs_a_code_of_each_app(self, editor: User) -> None:
        desk = with_password()
        enrol(desk)
        old = stored_secret()
        assert "not right" in desk.post(CHANGE, {"app": "", "code": "000000"}).content.decode()
        new = secret_of(desk.post(CHANGE, {"app": "", "code": code_of(old)}))
        assert stored_secret() == old
        wrong = desk.post(CHANGE, {"step": "new app", "code": "000000"})
        assert secret_of(wrong) == new
        assert desk.post(CHANGE, {"step": "new app", "code": code_of(new)}).status_code == 302
        assert stored_secret() == new != old
        assert StaticToken.objects.count() == 10
        assert desk.get("/admin/").status_code == 200
        assert ("editor", "second factor changed", "") in record()

    def test_other_sessions_need_a_code_of_the_new_app(self, editor: User) -> None:
        other_device, desk = with_password(), with_password()
        enrol(other_device)
        give(desk, code_of(stored_secret()))
        TOTPDevice.objects.update(last_t=-1, drift=0)
        new = secret_of(desk.post(CHANGE, {"app": "", "code": code_of(stored_secret())}))
        desk.post(CHANGE, {"step": "new app", "code": code_of(new)})
        assert other_device.get("/admin/").status_code == 302

    def test_sessions_of_recovery_codes_need_a_code_of_the_new_app(self, editor: User) -> None:
        """Recovery codes may be in a bag that was lost with the phone."""
        desk = with_password()
        codes = enrol(desk)
        thief = with_password()
        give(thief, codes[0])
        assert thief.get("/admin/").status_code == 200
        new = secret_of(desk.post(CHANGE, {"app": "", "code": codes[1]}))
        desk.post(CHANGE, {"step": "new app", "code": code_of(new)})
        assert desk.get("/admin/").status_code == 200
        assert thief.get("/admin/").status_code == 302
        assert give(with_password(), codes[2]).status_code == 302  # the rest stay good

    @pytest.mark.parametrize("by_app", [False, True])
    def test_session_that_renews_recovery_codes_goes_on(self, editor: User, by_app: bool) -> None:
        codes = enrol(with_password())
        desk, thief = with_password(), with_password()
        give(desk, codes[0])
        give(thief, codes[1])
        code = code_of(stored_secret()) if by_app else codes[2]
        assert len(codes_on(desk.post(CHANGE, {"codes": "", "code": code}))) == 10
        assert desk.get("/admin/").status_code == 200
        assert thief.get("/admin/").status_code == 302

    def test_new_recovery_codes_replace_the_old_ones(self, editor: User) -> None:
        desk = with_password()
        old = enrol(desk)
        new = codes_on(desk.post(CHANGE, {"codes": "", "code": old[0]}))
        assert len(set(new) - set(old)) == 10
        assert "not right" in give(with_password(), old[1]).content.decode()
        assert give(with_password(), new[1]).status_code == 302
        assert ("editor", "recovery codes renewed", "") in record()

    def test_codes_are_throttled(self, editor: User) -> None:
        desk = with_password()
        enrol(desk)
        for _time in range(10):
            assert desk.post(CHANGE, {"codes": "", "code": "000000"}).status_code == 200
        closed = desk.post(CHANGE, {"codes": "", "code": code_of(stored_secret())})
        assert closed.status_code == 429
        assert codes_on(closed) == []

    def test_admin_pages_of_django_otp_are_unregistered(self, editor: User) -> None:
        """They would change a second factor without an audit entry."""
        assert not admin.site.is_registered(TOTPDevice)
        assert not admin.site.is_registered(StaticDevice)


class TestReset:
    def test_superuser_resets_another_users(self, editor: User) -> None:
        enrol(with_password())
        chief = Client()
        staff_with_password("chief")
        chief = with_password("chief")
        give(chief, code_of(secret_of(chief.get(PAGE))))
        path = f"/admin/auth/user/{editor.pk}/second-factor/"
        assert path in chief.get(f"/admin/auth/user/{editor.pk}/change/").content.decode()
        assert "Reset the second factor" in chief.get(path).content.decode()
        assert chief.post(path).status_code == 302
        assert not TOTPDevice.objects.filter(user=editor).exists()
        assert not StaticToken.objects.filter(device__user=editor).exists()
        assert ("chief", "second factor removed", "editor") in record()

    def test_superuser_cannot_reset_their_own(self, editor: User) -> None:
        desk = with_password()
        enrol(desk)
        answer = desk.post(f"/admin/auth/user/{editor.pk}/second-factor/")
        assert answer.headers["Location"] == CHANGE
        assert TOTPDevice.objects.exists()

    def test_others_cannot_reset_any(self, settings: Any, editor: User) -> None:
        enrol(with_password())
        settings.SECOND_FACTOR = False
        manager = User.objects.create_user("manager", password=PASSWORD, is_staff=True)
        call_command("roles", stdout=io.StringIO())
        manager.groups.add(*manager.groups.model.objects.all())
        answer = with_password("manager").post(f"/admin/auth/user/{editor.pk}/second-factor/")
        assert answer.status_code == 403
        assert TOTPDevice.objects.exists()

    def test_command_resets_a_superusers(self, editor: User) -> None:
        enrol(with_password())
        out = io.StringIO()
        call_command("reset_second_factor", "editor", stdout=out)
        assert "manage.py changepassword editor" in out.getvalue()
        assert "<svg" in with_password().get(PAGE).content.decode()
        assert ("", "second factor removed", "editor") in record()
        for name, why in (("editor", "has no second factor"), ("nobody", "Nobody signs in as")):
            with pytest.raises(CommandError, match=why):
                call_command("reset_second_factor", name)


def test_audits_everything_and_logs_no_secret(
    editor: User, caplog: pytest.LogCaptureFixture
) -> None:
    desk = with_password()
    give(desk, "000000")  # with no page shown before, it begins
    give(desk, "000000")
    codes = enrol(desk)
    give(with_password(), codes[0])
    assert [what for _who, what, _about in record()] == [
        "signed in",
        "second factor failed",
        "second factor set up",
        "signed in",
        "second factor given",
    ]
    for line in (
        "second factor failed: editor, from 127.0.0.1",
        "second factor set up: editor, by editor, from 127.0.0.1",
        "recovery code used: editor, 9 left",
    ):
        assert line in caplog.text
    secrets = [TOTPDevice.objects.get().key, *(code.replace(" ", "") for code in codes)]
    everything = str(list(AuditEntry.objects.values_list())) + caplog.text
    assert [secret for secret in secrets if secret in everything] == []


def test_form_that_was_sent_without_the_code_is_kept(editor: User) -> None:
    """A page of a count without scripts, open since before the second factor was required."""
    enrol(with_password())
    seat = nights.islington_north(nights.election())
    Assignment.objects.create(reporter=editor, contest=seat)
    client = with_password()
    url = f"/count/ge/{seat.slug}/"
    typed = {f"votes-{each.pk}": str(1000 + each.pk) for each in seat.candidates.all()}

    asked = client.post(url, {**typed, "step": "publish", "key": "mine", "base_revision": "0"})
    assert asked.status_code == 302
    assert "What you typed is kept" in client.get(asked["Location"]).content.decode()
    target = parse_qs(urlsplit(asked["Location"]).query)["next"][0]
    assert client.get(target).status_code == 302  # nothing is shown without the code
    TOTPDevice.objects.update(last_t=-1)
    given = give(client, code_of(stored_secret()), target)
    assert given["Location"] == target

    page = client.get(target).content.decode()
    assert "Signing in has sent nothing" in page
    assert f'action="{url}"' in page
    sent = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert sent["step"] == "check"
    assert typed.items() <= sent.items()
    assert not Bulletin.objects.exists()


def test_page_to_go_on_without_a_form_leads_to_the_counts(editor: User, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    assert with_password().get("/count/go-on/?form=x")["Location"] == "/count/"
