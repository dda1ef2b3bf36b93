"""Getting in with a pass: once for one phone, for one's own counts, until it ends."""

import io
import logging
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from results.models import Assignment, ReporterPass
from tests import nights
from tests.reporter.conftest import URL, words


@pytest.fixture
def issued(reporter):
    return ReporterPass.issue(reporter)


def link(issued):
    return f"/count/sign-in/{issued.token}/"


def enter(phone, code, **more):
    return phone.post("/count/sign-in/", {"code": code, "next": "/count/", **more})


def test_looking_at_the_link_burns_nothing_and_pressing_signs_in(issued):
    scanner, phone = Client(), Client()
    for _time in range(3):
        page = scanner.get(link(issued))
        assert "Sign in on this phone" in words(page)
    assert "_auth_user_id" not in scanner.session
    assert phone.post(link(issued)).headers["Location"] == "/count/"
    assert "Islington North" in words(phone.get("/count/"))
    assert phone.get(URL).status_code == 200


def test_the_first_phone_is_the_only_one_and_may_come_back(issued, caplog):
    first, second = Client(), Client()
    first.post(link(issued))
    assert second.post(link(issued)).status_code == 403
    assert "opens nothing" in words(enter(second, issued.code))
    first.post("/count/sign-out/")
    assert first.get(URL).status_code == 302
    first.post(link(issued))
    assert first.get(URL).status_code == 200
    assert "used on another phone" in caplog.text
    assert issued.token not in caplog.text


@pytest.mark.parametrize(
    "said", [str.lower, lambda code: f" {code[:4]}-{code[4:]} ", lambda code: code]
)
def test_the_code_is_taken_as_it_is_heard(issued, said):
    phone = Client()
    assert enter(phone, said(issued.code)).headers["Location"] == "/count/"


def test_letters_that_are_misheard_are_forgiven(reporter):
    while True:
        issued = ReporterPass.issue(reporter)
        if set(issued.code) & set("10V"):
            break
    misheard = issued.code.translate(str.maketrans({"1": "I", "0": "O", "V": "U"}))
    assert enter(Client(), misheard).headers["Location"] == "/count/"


@pytest.mark.parametrize("end", ["revoked", "expired", "inactive", "staff"])
def test_a_pass_that_has_ended_opens_nothing_and_ends_its_session_at_once(
    issued, reporter, end, caplog
):
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
    assert "opens nothing" in words(enter(late, issued.code))
    assert "refused at sign-in" in caplog.text


@pytest.mark.parametrize("way", ["code", "link"])
def test_a_wrong_pass_says_what_to_do_until_the_addresss_limit_is_reached(issued, settings, way):
    settings.SIGN_IN_TRIES_PER_ADDRESS = 3
    guesser = Client()

    def guess():
        if way == "code":
            return enter(guesser, "0000 0000")
        return guesser.post("/count/sign-in/no-such-token/")

    for _time in range(3):
        answer = guess()
        assert answer.status_code == (200 if way == "code" else 403)
        assert "Ring the desk for another" in words(answer) or "ring the desk" in words(answer)
    closed = guess()
    assert (closed.status_code, 1 <= int(closed["Retry-After"]) <= 600) == (429, True)
    assert re.search(r"Too many .*Wait until \d\d:\d\d, or .*ring the desk", words(closed))


def test_a_phone_that_used_a_pass_before_there_were_known_devices_is_known(issued, settings):
    phone = Client()
    phone.post(link(issued))
    phone.post("/count/sign-out/")
    del phone.cookies["device"]
    settings.SIGN_IN_TRIES_PER_ADDRESS = 1
    assert Client().post("/count/sign-in/no-such-token/").status_code == 403
    assert Client().post("/count/sign-in/no-such-token/").status_code == 429
    assert phone.post(link(issued)).headers["Location"] == "/count/"


def test_a_session_from_before_there_were_known_devices_makes_its_phone_known(issued):
    phone = Client()
    phone.post(link(issued))
    del phone.cookies["device"]
    assert phone.get(URL).status_code == 200
    assert phone.cookies["device"].value


def test_one_fumbling_reporter_locks_out_nobody_else(reporter):
    for name in ("reporter", "colleague"):
        user = nights.user(name)
        user.set_password("a-long-password")
        user.save()
    fumbling = {"username": "colleague", "password": "wrong", "next": "/count/"}
    for _time in range(10):
        Client().post("/count/sign-in/", fumbling)
    closed = Client().post("/count/sign-in/", fumbling)
    assert re.search(r"Wait until \d\d:\d\d, or use your link", words(closed))
    good = {"username": "reporter", "password": "a-long-password", "next": "/count/"}
    assert Client().post("/count/sign-in/", good).status_code == 302


def test_a_pass_reaches_no_other_count(issued, seat, caplog):
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


def test_nobody_of_the_desk_gets_a_pass(db):
    with pytest.raises(ValueError, match="signs in with a password"):
        ReporterPass.issue(nights.user("editor", staff=True))


def test_nothing_stored_opens_anything(issued):
    stored = str(list(ReporterPass.objects.values_list()))
    assert issued.token not in stored
    assert issued.code not in stored


class TestInvite:
    def run(self, *arguments):
        out = io.StringIO()
        call_command("invite", *arguments, stdout=out)
        return out.getvalue()

    def test_makes_the_reporter_and_prints_a_link_that_opens(self, seat):
        said = self.run("ann", "--contest", "Islington north", "--name", "Ann Smith", "--trusted")
        path = re.search(r"http://127.0.0.1:8000(/count/sign-in/\S+/)", said).group(1)
        code = re.search(r"Code  (\S{4} \S{4})", said).group(1)
        phone = Client()
        phone.post(path)
        assert "Islington North" in words(phone.get("/count/"))
        assert enter(phone, code).status_code == 302
        assert "█" in said or "▀" in said
        user = nights.user("ann")
        assert (user.get_full_name(), user.has_usable_password()) == ("Ann Smith", False)
        assert user.has_perm("results.publish_unreviewed")

    def test_names_what_it_cannot_find_and_changes_nothing(self, seat):
        with pytest.raises(CommandError, match="No count is called Nowhere"):
            self.run("ann", "--contest", "Islington North", "Nowhere")
        assert not Assignment.objects.exists()

    def test_asks_which_election_where_two_have_the_count(self, seat):
        nights.contest(nights.election("by-election"), "Islington North", [("Ann", "lab")])
        with pytest.raises(CommandError, match="--election"):
            self.run("ann", "--contest", "Islington North")
        self.run("ann", "--contest", "Islington North", "--election", "ge")
        assert Assignment.objects.get().contest == seat

    def test_refuses_who_sits_at_the_desk(self, seat):
        nights.user("editor", staff=True)
        with pytest.raises(CommandError, match="signs in with a password"):
            self.run("editor")
