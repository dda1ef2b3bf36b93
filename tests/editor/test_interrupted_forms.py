"""Forms of the admin that sign-in interrupts: what was typed is kept, and sent only by a press."""

import html
import re
import subprocess
import sys
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from results.models import Bulletin, Contest, Election
from tests.editor.conftest import PASSWORD, REASON, staff_with_password
from tests.needs import ROOT

ORIGIN = "http://testserver"


@pytest.fixture
def ann(db: None) -> User:
    return staff_with_password("ann")


def hidden(page: Any) -> dict[str, str]:
    """The hidden fields of a page's forms, as a browser sends them."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text_of(page))
    return {name: html.unescape(value) for name, value in found}


def text_of(page: Any) -> str:
    text: str = page.content.decode()
    return text


def shown_fields(page: Any) -> list[tuple[str, str]]:
    """Names and values that the page shows of what was typed."""
    return re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", text_of(page))


def query_of(page: Any) -> str:
    query: str = page.request["QUERY_STRING"]
    return query


def sign_in(client: Client, name: str = "ann", **carried: str) -> Any:
    """Send the sign-in page's form, with the token of the page."""
    token = hidden(client.get("/admin/login/"))["csrfmiddlewaretoken"]
    data = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token, **carried}
    return client.post("/admin/login/", data, headers={"origin": ORIGIN})


@pytest.fixture
def browser(ann: User) -> Client:
    """A browser in which Ann has signed in, that sends tokens as browsers do."""
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client).status_code == 302
    return client


class Typed:
    """The form of a correction, opened in the browser and filled in."""

    def __init__(self, browser: Client, contest: Contest) -> None:
        self.browser = browser
        self.address = f"/admin/results/contest/{contest.pk}/correct/"
        page = browser.get(self.address)
        self.fields = {**hidden(page), "reason": REASON, "step": "publish"}

    def send(self, **more: Any) -> Any:
        return self.browser.post(self.address, {**self.fields, **more}, headers={"origin": ORIGIN})


@pytest.fixture
def typed(browser: Client, declared: Contest) -> Typed:
    return Typed(browser, declared)


def end_session(client: Client) -> None:
    del client.cookies["sessionid"]


def signed_in_again(typed: Typed, page: Any, name: str = "ann") -> Any:
    """Sign in by the page that carries the form; return what the browser shows."""
    fields = hidden(page)
    answer = typed.browser.post(
        "/admin/login/",
        {**fields, "username": name, "password": PASSWORD},
        headers={"origin": ORIGIN},
        follow=True,
    )
    assert answer.status_code == 200
    return answer


def pressed(typed: Typed, page: Any) -> Any:
    action = re.search(
        r'<form method="post" action="([^"]+go-on|/admin/results[^"]+)"', text_of(page)
    )
    assert action is not None
    return typed.browser.post(action[1], hidden(page), headers={"origin": ORIGIN})


class TestSignedOut:
    def test_keeps_what_was_typed_through_sign_in(self, typed: Typed) -> None:
        end_session(typed.browser)
        page = typed.send()
        assert page.status_code == 401
        assert "what you typed is kept" in text_of(page)
        shown = signed_in_again(typed, page)
        assert html.escape(REASON) in text_of(shown)
        assert "Signing in saved and published nothing" in text_of(shown)

    def test_names_the_candidates_as_the_form_does(self, typed: Typed, declared: Contest) -> None:
        ann = declared.candidates.get(name="Jeremy Corbyn")
        end_session(typed.browser)
        sent = typed.send(**{f"votes-{ann.pk}": "34,603", "lot": str(ann.pk)})
        words = re.sub(r"\s+", " ", text_of(signed_in_again(typed, sent)))
        assert "<dt>Votes: Jeremy Corbyn</dt> <dd>34,603</dd>" in words
        assert "<dt>Lot</dt> <dd>Jeremy Corbyn</dd>" in words
        assert "<dt>Ballot</dt>" not in words

    def test_names_the_fields_and_choices_of_an_election_as_its_form_does(
        self, typed: Typed, declared: Contest
    ) -> None:
        election, ann = declared.election, declared.candidates.get(name="Jeremy Corbyn")
        fields: dict[str, Any] = {"slug": "by", "kind": "uk-parliament-by-election"}
        fields |= {"polls_close_1": "22:00", "front": "on"}
        fields |= {"bodies-0-name": "Fen Council", "bodies-0-election": election.pk}
        contest = {"election": election.pk, "candidates-0-party": ann.party_id}
        shown = []
        for page, sent in [("election/add/", fields), (f"contest/{declared.pk}/change/", contest)]:
            end_session(typed.browser)
            typed.address, typed.fields = f"/admin/results/{page}", {**sent}
            token = hidden(typed.browser.get("/admin/login/"))["csrfmiddlewaretoken"]
            page = signed_in_again(typed, typed.send(csrfmiddlewaretoken=token))
            shown += shown_fields(page)
        assert shown == [
            *[("Address", "by"), ("Kind", "UK Parliament, by-elections")],
            *[("Close of poll", "22:00"), ("The front page leads to it", "✓")],
            *[("Body 1, name", "Fen Council"), ("Election", str(election))],
            *[("Candidate 1, party", str(ann.party))],
        ]

    def test_publishes_nothing_and_shows_the_preview_after_a_press(self, typed: Typed) -> None:
        before = Bulletin.objects.count()
        end_session(typed.browser)
        shown = signed_in_again(typed, typed.send())
        assert hidden(shown)["step"] == "preview"
        form = pressed(typed, shown)
        assert form.status_code == 200
        assert REASON in html.unescape(text_of(form))
        assert Bulletin.objects.count() == before

    def test_keeps_it_where_a_password_is_wrong_first(self, typed: Typed) -> None:
        end_session(typed.browser)
        fields = hidden(typed.send()) | {"username": "ann", "password": "wrong"}
        again = typed.browser.post("/admin/login/", fields, headers={"origin": ORIGIN})
        assert html.escape(REASON) in text_of(signed_in_again(typed, again))

    def test_gives_nobody_else_the_form(self, typed: Typed) -> None:
        staff_with_password("bob")
        end_session(typed.browser)
        shown = signed_in_again(typed, typed.send(), "bob")
        assert html.escape(REASON) not in text_of(shown)
        assert "somebody else’s" in text_of(shown)

    def test_keeps_no_password(self, typed: Typed) -> None:
        end_session(typed.browser)
        shown = signed_in_again(typed, typed.send(password1="hunter2-hunter2"))
        assert "hunter2" not in text_of(shown)

    def test_names_files_that_are_not_kept(self, typed: Typed) -> None:
        end_session(typed.browser)
        page = typed.send(file=SimpleUploadedFile("wards.csv", b"x"))
        assert "choose them again afterwards: wards.csv" in text_of(page)
        assert "on the next page: wards.csv" in text_of(signed_in_again(typed, page))

    def test_redirects_a_script_as_ever(self, typed: Typed) -> None:
        end_session(typed.browser)
        headers = {"origin": ORIGIN, "sec-fetch-mode": "cors"}
        answer = typed.browser.post(typed.address, typed.fields, headers=headers)
        assert answer.status_code == 302

    def test_shows_what_an_action_would_do_and_to_which_rows(self, typed: Typed) -> None:
        address = "/admin/results/quote/"
        end_session(typed.browser)
        sent = {**typed.fields, "action": "delete_selected", "_selected_action": ["3", "5"]}
        page = typed.browser.post(address, sent, headers={"origin": ORIGIN})
        shown = shown_fields(signed_in_again(typed, page))
        assert ("Action", "delete_selected") in shown
        assert [value for name, value in shown if name == "Selected action"] == ["3", "5"]

    def test_ignores_a_forged_form(self, browser: Client, night: Election) -> None:
        browser.logout()
        answer = sign_in(browser, interrupted="forged:1:2", next="/admin/")
        assert answer.headers["Location"] == "/admin/"

    def test_keeps_the_form_of_a_set_up(self, browser: Client) -> None:
        fields = hidden(browser.get("/admin/set-up/")) | {"name": "Vale of Glamorgan 2031"}
        end_session(browser)
        page = browser.post("/admin/set-up/", fields, headers={"origin": ORIGIN})
        assert page.status_code == 401
        assert "interrupted" in hidden(page)


class TestPressOnly:
    """Buttons beside what they act on: the page says what that is, the kept form would not."""

    PRESSES = (
        ("/admin/results/election/{night}/night/action/", {"action": "approve", "item": "1"}),
        ("/admin/results/election/{night}/night/action/", {"action": "aside", "reason": " "}),
        ("/admin/results/quote/", {"action": "withdraw", "_selected_action": "3", "index": "0"}),
        ("/admin/results/reviewitem/1/change/", {"approve": "1", "ballot": "{}"}),
    )

    @pytest.fixture(params=PRESSES)
    def press(self, request: Any, typed: Typed, night: Election) -> Typed:
        typed.address = request.param[0].format(night=night.pk)
        token = typed.fields["csrfmiddlewaretoken"]
        typed.fields = {"csrfmiddlewaretoken": token, **request.param[1]}
        return typed

    def test_leads_back_to_the_page_after_sign_in(self, press: Typed) -> None:
        end_session(press.browser)
        answer = press.send()
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/admin/login/?next={press.address}"

    def test_leads_back_to_the_page_without_a_second_factor(
        self, press: Typed, settings: Any
    ) -> None:
        settings.SECOND_FACTOR = True
        answer = press.send()
        assert answer.headers["Location"] == f"/admin/login/?next={press.address}"

    def test_leads_back_to_the_page_where_signed_in_again_elsewhere(self, press: Typed) -> None:
        end_session(press.browser)
        assert sign_in(press.browser).status_code == 302
        answer = press.send()
        assert (answer.status_code, answer.headers["Location"]) == (302, press.address)
        assert "Press the button again" in text_of(press.browser.get("/admin/"))

    def test_asks_a_script_to_send_it_as_a_page(self, press: Typed) -> None:
        end_session(press.browser)
        assert sign_in(press.browser).status_code == 302
        headers = {"origin": ORIGIN, "hx-request": "true"}
        answer = press.browser.post(press.address, press.fields, headers=headers)
        assert answer.status_code == 401


class TestSentAlready:
    """The page may be opened again, by the browser's button to go back."""

    NOTHING_YET, ALREADY = "Signing in saved and published nothing", "You have sent this already"

    def test_the_page_says_so_and_still_has_what_was_typed(self, typed: Typed) -> None:
        end_session(typed.browser)
        shown = signed_in_again(typed, typed.send())
        assert self.NOTHING_YET in text_of(shown)
        assert pressed(typed, shown).status_code == 200
        again = typed.browser.get(shown.request["PATH_INFO"], QUERY_STRING=query_of(shown))
        assert self.NOTHING_YET not in text_of(again)
        assert self.ALREADY in text_of(again)
        assert html.escape(REASON) in text_of(again)

    def test_the_key_of_the_waiting_form_goes_no_further(self, typed: Typed) -> None:
        end_session(typed.browser)
        shown = signed_in_again(typed, typed.send())
        preview = pressed(typed, shown)
        assert "_interrupted" in hidden(shown)
        assert "_interrupted" not in text_of(preview)

    def test_a_form_that_is_interrupted_again_was_not_sent(self, typed: Typed) -> None:
        end_session(typed.browser)
        shown = signed_in_again(typed, typed.send())
        end_session(typed.browser)
        again = signed_in_again(typed, pressed(typed, shown))
        assert self.NOTHING_YET in text_of(again)
        assert html.escape(REASON) in text_of(again)


class TestSecondFactor:
    def test_keeps_what_was_typed_until_the_code_is_given(
        self, typed: Typed, settings: Any
    ) -> None:
        settings.SECOND_FACTOR = True
        page = typed.browser.post(
            typed.address, typed.fields, headers={"origin": ORIGIN}, follow=True
        )
        assert page.request["PATH_INFO"] == "/admin/second-factor/"
        assert "What you typed is kept" in text_of(page)
        settings.SECOND_FACTOR = False
        shown = typed.browser.get(hidden(page)["next"])
        assert html.escape(REASON) in text_of(shown)


class TestOtherTab:
    def sign_in_elsewhere(self, typed: Typed, name: str = "ann") -> None:
        end_session(typed.browser)
        assert sign_in(typed.browser, name).status_code == 302

    def test_keeps_the_form_of_the_same_person(self, typed: Typed) -> None:
        self.sign_in_elsewhere(typed)
        answer = typed.send()
        assert answer.status_code == 302
        shown = typed.browser.get(answer.headers["Location"])
        assert html.escape(REASON) in text_of(shown)
        assert pressed(typed, shown).status_code == 200

    def test_keeps_what_the_sign_in_page_carries(self, typed: Typed) -> None:
        """Two tabs have asked to sign in, and the person has done so in the other one."""
        end_session(typed.browser)
        page = typed.send()
        assert sign_in(typed.browser).status_code == 302
        shown = signed_in_again(typed, page)
        assert "Interrupted" not in dict(shown_fields(shown))
        assert html.escape(REASON) in text_of(shown)
        assert pressed(typed, shown).status_code == 200

    def test_leaves_the_sign_in_page_where_it_carries_nothing(self, typed: Typed) -> None:
        end_session(typed.browser)
        fields = hidden(typed.browser.get("/admin/login/"))
        assert sign_in(typed.browser).status_code == 302
        data = {**fields, "username": "ann", "password": PASSWORD}
        answer = typed.browser.post("/admin/login/", data, headers={"origin": ORIGIN})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")

    def test_refuses_the_form_of_somebody_else(self, typed: Typed) -> None:
        staff_with_password("bob")
        self.sign_in_elsewhere(typed, "bob")
        assert typed.send().status_code == 403

    def test_refuses_a_token_that_this_browser_never_had(self, typed: Typed) -> None:
        typed.fields["csrfmiddlewaretoken"] = "a" * 64
        assert typed.send().status_code == 403

    def test_refuses_another_origin(self, typed: Typed) -> None:
        self.sign_in_elsewhere(typed)
        headers = {"origin": "https://other.example"}
        assert typed.browser.post(typed.address, typed.fields, headers=headers).status_code == 403


class TestWithoutCookies:
    UNKNOWN = "This browser does not know who typed it"

    def test_says_that_it_may_be_of_somebody_else(self, typed: Typed) -> None:
        staff_with_password("bob")
        typed.browser.cookies.clear()
        page = typed.send()
        typed.browser.cookies["csrftoken"] = page.cookies["csrftoken"].value
        assert self.UNKNOWN in text_of(signed_in_again(typed, page, "bob"))

    def test_does_not_say_so_of_a_known_browser(self, typed: Typed) -> None:
        end_session(typed.browser)
        assert self.UNKNOWN not in text_of(signed_in_again(typed, typed.send()))

    def test_the_sign_in_page_keeps_what_it_carries(self, typed: Typed) -> None:
        end_session(typed.browser)
        page = typed.send()
        typed.browser.cookies.clear()
        fields = {**hidden(page), "username": "ann", "password": PASSWORD}
        again = typed.browser.post("/admin/login/", fields, headers={"origin": ORIGIN})
        assert again.status_code == 401
        typed.browser.cookies["csrftoken"] = again.cookies["csrftoken"].value
        assert html.escape(REASON) in text_of(signed_in_again(typed, again))

    def test_keeps_what_was_typed(self, typed: Typed) -> None:
        typed.browser.cookies.clear()
        page = typed.send()
        assert page.status_code == 401
        typed.browser.cookies["csrftoken"] = page.cookies["csrftoken"].value
        assert html.escape(REASON) in text_of(signed_in_again(typed, page))

    def test_refuses_another_origin(self, typed: Typed) -> None:
        typed.browser.cookies.clear()
        headers = {"origin": "https://other.example"}
        assert typed.browser.post(typed.address, typed.fields, headers=headers).status_code == 403

    def test_refuses_a_request_that_does_not_say_its_origin(self, typed: Typed) -> None:
        typed.browser.cookies.clear()
        assert typed.browser.post(typed.address, typed.fields).status_code == 403


#: Prints whether the sign-in of a process that has refused no form yet is heard.
IS_HEARD = """
from django.contrib.auth.signals import user_logged_in
print(any("electiondesk.csrf_failures.earlier" in key for key, *_ in user_logged_in.receivers))
"""


def test_tokens_are_remembered_from_the_start_of_a_process_on() -> None:
    """The module of refused forms is imported with the first of them otherwise."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", IS_HEARD]
    heard = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert heard.stdout.strip() == "True"
