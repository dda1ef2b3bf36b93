"""Signing in with a reporter's pass: on one phone, until the pass ends."""

import io
import logging
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from results.models import Assignment, Contest, Election, ReporterPass, SiteSettings
from results.models.reporter_pass import Issued
from tests import nights
from tests.reporter.conftest import URL, text_of
from tests.responses import Response


@pytest.fixture
def issued(reporter: User) -> Issued:
    return ReporterPass.issue(reporter)


def link(issued: Issued) -> str:
    return f"/count/sign-in/{issued.token}/"


def enter(phone: Client, code: str, **more: Any) -> Response:
    return phone.post("/count/sign-in/", {"code": code, "next": "/count/", **more})


def test_link_signs_in_when_its_form_is_sent(issued: Issued) -> None:
    scanner, phone = Client(), Client()
    for _time in range(3):
        page = scanner.get(link(issued))
        assert "Sign in on this phone" in text_of(page)
    assert "_auth_user_id" not in scanner.session
    assert phone.post(link(issued)).headers["Location"] == "/count/"
    assert "Islington North" in text_of(phone.get("/count/"))
    assert phone.get(URL).status_code == 200


def test_pass_belongs_to_the_first_phone(issued: Issued, caplog: pytest.LogCaptureFixture) -> None:
    first, second = Client(), Client()
    first.post(link(issued))
    assert second.post(link(issued)).status_code == 403
    assert "opens nothing" in text_of(enter(second, issued.code))
    first.post("/count/sign-out/")
    assert first.get(URL).status_code == 302
    first.post(link(issued))
    assert first.get(URL).status_code == 200
    assert "used on another phone" in caplog.text
    assert issued.token not in caplog.text


@pytest.mark.parametrize(
    "spell", [str.lower, lambda code: f" {code[:4]}-{code[4:]} ", lambda code: code]
)
def test_accepts_any_spelling_of_the_code(issued: Issued, spell: Callable[[str], str]) -> None:
    phone = Client()
    assert enter(phone, spell(issued.code)).headers["Location"] == "/count/"


def test_accepts_misheard_letters(reporter: User) -> None:
    while True:
        issued = ReporterPass.issue(reporter)
        if set(issued.code) & set("10V"):
            break
    misheard = issued.code.translate(str.maketrans("10V", "IOU"))
    assert enter(Client(), misheard).headers["Location"] == "/count/"


@pytest.mark.parametrize("hours", [-48, -1, 5, None])
def test_pass_ends_36_hours_after_the_close_of_poll_or_after_it_is_made(
    reporter: User, hours: int | None
) -> None:
    """Whichever is later; a reporter without counts has no close of poll."""
    before = timezone.now()
    closes = before + timedelta(hours=hours or 0)
    if hours is None:
        Assignment.objects.all().delete()
    Election.objects.update(polls_close=closes)
    ends = ReporterPass.issue(reporter).issued.expires_at
    if hours == 5:
        assert ends == closes + timedelta(hours=36)
    else:
        assert before <= ends - timedelta(hours=36) <= timezone.now()


@pytest.mark.parametrize("end", ["revoked", "expired", "inactive", "staff"])
def test_ended_pass_ends_its_session(
    issued: Issued, reporter: User, end: str, caplog: pytest.LogCaptureFixture
) -> None:
    phone, late = Client(), Client()
    phone.post(link(issued))
    assert phone.get(URL).status_code == 200
    if end == "revoked":
        issued.issued.revoke()
    elif end == "expired":
        passes = ReporterPass.objects.filter(pk=issued.issued.pk)
        passes.update(expires_at=timezone.now() - timedelta(seconds=1))
    else:
        reporter.is_active = end != "inactive"
        reporter.is_staff = end == "staff"
        reporter.save()
    caplog.set_level(logging.WARNING)
    assert phone.get(URL).status_code == 302
    sent = phone.post(URL, {"step": "status", "status": "recount"}, HTTP_ACCEPT="application/json")
    assert sent.status_code == 401
    assert phone.post(link(issued)).status_code == 403
    assert late.post(link(issued)).status_code == 403
    assert "opens nothing" in text_of(enter(late, issued.code))
    assert "refused at sign-in" in caplog.text


@pytest.mark.parametrize("way", ["code", "link"])
def test_throttles_wrong_passes_by_address(issued: Issued, settings: Settings, way: str) -> None:
    settings.SIGN_IN_TRIES_PER_ADDRESS = 3
    guesser = Client()

    def guess() -> Response:
        if way == "code":
            return enter(guesser, "0000 0000")
        return guesser.post("/count/sign-in/no-such-token/")

    words = {"code": "ring the desk for another", "link": "Ring the desk for another"}
    for _time in range(3):
        answer = guess()
        assert answer.status_code == (200 if way == "code" else 403)
        assert words[way] in text_of(answer)
    closed = guess()
    assert (closed.status_code, 1 <= int(closed["Retry-After"]) <= 600) == (429, True)
    assert re.search(r"Too many .*Wait until \d\d:\d\d, or .*ring the desk", text_of(closed))


def test_phone_of_a_used_pass_is_a_known_device(issued: Issued, settings: Settings) -> None:
    phone = Client()
    phone.post(link(issued))
    phone.post("/count/sign-out/")
    del phone.cookies["device"]
    settings.SIGN_IN_TRIES_PER_ADDRESS = 1
    assert Client().post("/count/sign-in/no-such-token/").status_code == 403
    assert Client().post("/count/sign-in/no-such-token/").status_code == 429
    assert phone.post(link(issued)).headers["Location"] == "/count/"


def test_older_session_makes_its_phone_a_known_device(issued: Issued) -> None:
    phone = Client()
    phone.post(link(issued))
    del phone.cookies["device"]
    assert phone.get(URL).status_code == 200
    assert phone.cookies["device"].value


def test_locks_out_only_the_account_that_was_tried(reporter: User) -> None:
    for name in ("reporter", "colleague"):
        user = nights.user(name)
        user.set_password("a-long-password")
        user.save()
    fumbling = {"username": "colleague", "password": "wrong", "next": "/count/"}
    for _time in range(10):
        Client().post("/count/sign-in/", fumbling)
    closed = Client().post("/count/sign-in/", fumbling)
    assert re.search(r"Wait until \d\d:\d\d, or use your link", text_of(closed))
    good = {"username": "reporter", "password": "a-long-password", "next": "/count/"}
    assert Client().post("/count/sign-in/", good).status_code == 302


def test_pass_opens_only_assigned_counts(
    issued: Issued, seat: Contest, caplog: pytest.LogCaptureFixture
) -> None:
    other = nights.election("council")
    nights.contest(other, "Islington North", [("Ann", "lab")])
    nights.contest(seat.election, "Elsewhere", [("Ann", "lab")])
    phone = Client()
    phone.post(link(issued))
    for address in (
        "/count/council/islington-north/",
        "/count/ge/elsewhere/",
        "/count/ge/nowhere/",
        "/count/ge/elsewhere/published/1/",
        f"{URL}offered/99/",
    ):
        assert phone.get(address).status_code == 404, address
    assert "is not assigned to elsewhere" in caplog.text
    assert phone.get("/admin/").status_code == 302
    posted = phone.post("/count/council/islington-north/", {"step": "status", "status": "recount"})
    assert posted.status_code == 404


def test_opening_the_desks_sign_in_page_ends_no_session(issued: Issued, reporter: User) -> None:
    """A link to it, which anybody can send, would sign a counting hall out."""
    phone = Client()
    phone.post(link(issued))
    assert "Password" in text_of(phone.get("/admin/login/"))
    phone.post("/admin/login/", {"username": reporter.username, "password": "wrong"})
    assert phone.get(URL).status_code == 200


@pytest.mark.parametrize("is_same", [True, False], ids=["the reporter", "another editor"])
def test_editor_signs_in_on_a_phone_of_a_pass(
    issued: Issued, reporter: User, is_same: bool
) -> None:
    phone = Client()
    phone.post(link(issued))
    editor = reporter if is_same else nights.user("editor", staff=True)
    editor.is_staff = True
    editor.set_password("a-long-password")
    editor.save()
    answer = {"username": editor.username, "password": "a-long-password"}
    assert phone.post("/admin/login/", answer).status_code == 302
    assert phone.get("/admin/").status_code == 200
    # It is the password's session now, which does not end with the pass.
    issued.issued.revoke()
    assert phone.get("/admin/").status_code == 200
    assert phone.get("/count/").status_code == 200


def test_editor_gets_no_pass(db: None) -> None:
    with pytest.raises(ValueError, match="signs in with a password"):
        ReporterPass.issue(nights.user("editor", staff=True))


def test_stores_neither_token_nor_code(issued: Issued) -> None:
    rows = str(list(ReporterPass.objects.values_list()))
    assert issued.token not in rows
    assert issued.code not in rows


class TestInvite:
    def run(self, *arguments: str) -> str:
        out = io.StringIO()
        call_command("invite", *arguments, stdout=out)
        return out.getvalue()

    @pytest.mark.parametrize("arguments", [["w" * 151], ["ann", "--name", "Ann " + "w" * 151]])
    def test_refuses_a_name_that_is_too_long(self, db: None, arguments: list[str]) -> None:
        with pytest.raises(CommandError, match="too long; shorten it to 150 characters"):
            self.run(*arguments)
        assert not User.objects.exists()

    @pytest.mark.parametrize("name", ["", "ann smith", "ann🗳️", "ann\n"])
    def test_refuses_a_name_that_nobody_can_have(self, seat: Contest, name: str) -> None:
        """The admin could not save the account again."""
        with pytest.raises(CommandError, match="is no user name"):
            self.run(name, "--contest", "Islington north")
        assert not User.objects.exists()

    @pytest.mark.parametrize(
        "host",
        [
            "ftp://desk.example", "https://", "https://desk.example/count/",
            "https://elsewhere.example", "http://desk.example",
        ],
    )  # fmt: skip
    def test_refuses_an_address_that_no_phone_opens(
        self, seat: Contest, settings: Settings, host: str
    ) -> None:
        """By the rules of the sheets: the link is printed once, and a pass has been made."""
        settings.ALLOWED_HOSTS = ["desk.example"]
        with pytest.raises(CommandError, match="argument --host"):
            self.run("ann", "--contest", "Islington north", "--host", host)
        assert not User.objects.exists()

    def test_says_that_there_is_no_such_election(self, seat: Contest) -> None:
        with pytest.raises(CommandError, match="There is no election “nope”"):
            self.run("ann", "--contest", "Islington north", "--election", "nope")

    def test_creates_the_reporter_and_prints_a_link(self, seat: Contest) -> None:
        printed = self.run(
            "ann", "--contest", "Islington north", "--name", "Ann Smith", "--trusted"
        )
        path = re.search(r"http://127.0.0.1:8000(/count/sign-in/\S+/)", printed)
        code = re.search(r"Code  (\S{4} \S{4})", printed)
        assert path is not None
        assert code is not None
        phone = Client()
        phone.post(path.group(1))
        assert "Islington North" in text_of(phone.get("/count/"))
        assert enter(phone, code.group(1)).status_code == 302
        assert "█" in printed
        user = nights.user("ann")
        assert (user.get_full_name(), user.has_usable_password()) == ("Ann Smith", False)
        assert user.has_perm("results.publish_unreviewed")

    def test_refuses_an_unknown_count(self, seat: Contest) -> None:
        with pytest.raises(CommandError, match="No count is called Nowhere"):
            self.run("ann", "--contest", "Islington North", "Nowhere")
        assert not Assignment.objects.exists()

    def test_needs_the_election_of_an_ambiguous_count(self, seat: Contest) -> None:
        nights.contest(nights.election("by-election"), "Islington North", [("Ann", "lab")])
        with pytest.raises(CommandError, match="--election"):
            self.run("ann", "--contest", "Islington North")
        self.run("ann", "--contest", "Islington North", "--election", "ge")
        assert Assignment.objects.get().contest == seat

    def test_refuses_an_editor(self, seat: Contest) -> None:
        nights.user("editor", staff=True)
        with pytest.raises(CommandError, match="signs in with a password"):
            self.run("editor")

    def test_link_has_the_address_of_the_sheets(self, settings: Settings, db: None) -> None:
        settings.CSRF_TRUSTED_ORIGINS = ["https://*.example.org", "https://results.example.org"]
        assert "https://results.example.org/count/sign-in/" in self.run("ann")
        SiteSettings(pk=SiteSettings.ONLY, phone_address="https://desk.example.org:8443").save()
        assert "https://desk.example.org:8443/count/sign-in/" in self.run("ann")
        settings.ALLOWED_HOSTS = ["a.example"]
        for host in ("https://a.example/", "a.example"):
            assert "https://a.example/count/" in self.run("ann", "--host", host)

    def test_name_is_cleaned_like_one_that_is_typed(self, db: None) -> None:
        self.run("ann", "--name", "Ann\u202e Smith\u200b")
        assert nights.user("ann").get_full_name() == "Ann Smith"
