"""Writes: the publishing API's own checks, keys and second person, with a token's scopes."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from results import desk
from results.models import (
    ApiToken,
    AuditEntry,
    Bulletin,
    Contest,
    Declaration,
    Election,
    Headline,
    ReviewItem,
    Standing,
)
from tests import nights
from tests.api.conftest import RESULT, Sender, problem_of, result_of, token, votes_of


def test_publishes_a_result_in_the_newsrooms_name(seat: Contest, sender: Sender) -> None:
    answer = sender.send(RESULT, result_of(seat), key="one")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.json() == {
        "state": "published",
        "repeated": False,
        "sequence": 1,
        "summary": Bulletin.objects.get().summary,
        "review_item": None,
        "note": None,
        "page": "/ge/islington-north/",
    }
    entry = AuditEntry.objects.get(what="declaration")
    assert (entry.user, entry.contest) == ("api-bbc", "Islington North")
    whole = json.loads(Client().get("/api/v1/elections/ge/contests/islington-north").content)
    assert whole["valid_votes"] == 53805


def test_repeats_the_answer_of_a_key_and_refuses_another_request_under_it(
    seat: Contest, sender: Sender
) -> None:
    first = sender.send(RESULT, result_of(seat), key="one").json()
    again = sender.send(RESULT, result_of(seat), key="one").json()
    assert again == first | {"repeated": True}
    assert sender.ask("answers/one").json() == again
    other = sender.send(RESULT, result_of(seat, rejected=228), key="one")
    assert problem_of(other, 409)["code"] == "idempotency_key_reused"
    elsewhere = sender.send("elections/ge/headline", {"text": "Big night"}, key="one")
    assert problem_of(elsewhere, 409)["code"] == "idempotency_key_reused"
    assert Bulletin.objects.count() == 1


def test_warnings_name_the_field_that_accepts_them(seat: Contest, sender: Sender) -> None:
    Election.objects.update(second_person=Election.SecondPerson.NEVER)
    odd = result_of(seat, rejected=2000)
    problem = problem_of(sender.send(RESULT, odd, key="odd"), 422)
    assert problem["code"] == "reason_needed"
    (finding,) = [each for each in problem["findings"] if each["level"] == "reason"]
    assert (finding["code"], finding["accepted_with"]) == ("rejected_high", "warning_reason")
    assert "2,000 rejected ballots" in finding["message"]
    assert not Declaration.objects.exists()
    answer = sender.send(RESULT, odd | {"warning_reason": "As read out."}, key="odd")
    assert answer.json()["state"] == "published"


def test_impossible_counts_are_refused_with_codes(seat: Contest, sender: Sender) -> None:
    problem = problem_of(sender.send(RESULT, result_of(seat, electorate=100)), 422)
    assert problem["code"] == "impossible"
    assert problem["findings"][0]["code"] == "sum_over_electorate"
    few = problem_of(sender.send(RESULT, result_of(seat, votes=votes_of(seat)[1:])), 422)
    assert [each["code"] for each in few["findings"]] == ["candidate_missing"]
    others = [*votes_of(seat), {"candidate": 999999, "votes": 1}]
    found = problem_of(sender.send(RESULT, result_of(seat, votes=others)), 422)
    assert [each["code"] for each in found["findings"]] == ["no_such_candidate"]
    unknown = problem_of(sender.send(RESULT, result_of(seat, turnout="67")), 422)
    assert (unknown["code"], unknown["findings"][0]["field"]) == ("malformed", "turnout")


@pytest.mark.parametrize(
    ("path", "sent", "field", "words"),
    [
        ("headline", {"text": ""}, "text", "at least 1 character"),
        ("headline", {"text": "a" * 170}, "text", "at most 160 characters"),
        ("headline", {"txt": "a", "text": "a"}, "txt", "not permitted"),
        ("headline", [], "", "dictionary"),
        ("contests/islington-north/quotes", {"words": ""}, "words", "at least 1 character"),
        (
            "contests/islington-north/result",
            {"votes": [{"candidate": "x"}]},
            "votes.0.candidate",
            "integer",
        ),
    ],
)
def test_findings_name_fields_as_they_were_sent(
    seat: Contest, sender: Sender, path: str, sent: Any, field: str, words: str
) -> None:
    problem = problem_of(sender.send(f"elections/ge/{path}", sent), 422)
    (finding,) = problem["findings"]
    assert (problem["code"], finding["field"]) == ("malformed", field)
    assert words in finding["message"]


@pytest.mark.parametrize(
    ("path", "sent", "field"),
    [
        ("status", {"status": "recount"}, "expected_at"),
        ("quotes", {"words": "Well.", "speaker": "Ann"}, "said_at"),
        ("result", {}, "declared_at"),
    ],
)
@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"])
def test_times_beyond_the_calendar_are_malformed(
    seat: Contest, sender: Sender, path: str, sent: dict[str, Any], field: str, moment: str
) -> None:
    """In UTC they are in a year that Python's calendar does not have."""
    answer = sender.send(f"elections/ge/contests/islington-north/{path}", sent | {field: moment})
    problem = problem_of(answer, 422)
    assert (problem["code"], problem["findings"][0]["field"]) == ("malformed", field)
    assert "between 1900 and 2100" in problem["findings"][0]["message"]


@pytest.mark.parametrize(
    ("days", "words"), [(-1, "before the close of poll"), (30, "more than two weeks")]
)
def test_expected_time_is_of_the_night(
    seat: Contest, sender: Sender, days: int, words: str
) -> None:
    """Pages give the weekday and no year: a year too late would read as tonight."""
    expected = (seat.election.polls_close + timedelta(days=days)).isoformat()
    sent = {"status": "recount", "expected_at": expected}
    answer = sender.send("elections/ge/contests/islington-north/status", sent)
    (finding,) = problem_of(answer, 422)["findings"]
    assert (finding["code"], finding["field"]) == ("another_night", "expected_at")
    assert words in finding["message"]


def test_another_full_result_is_told_to_be_a_correction(seat: Contest, sender: Sender) -> None:
    sender.send(RESULT, result_of(seat))
    other = sender.send(RESULT, result_of(seat, base_revision=1, rejected=228))
    problem = problem_of(other, 409)
    assert problem["code"] == "invalid_transition"
    assert "complete or correct it instead" in problem["detail"]


def test_times_that_no_result_can_have_are_refused(seat: Contest, sender: Sender) -> None:
    early = seat.election.polls_close - timedelta(minutes=1)
    later = timezone.now() + timedelta(hours=1)
    for moment, code in ((early, "declared_early"), (later, "declared_later")):
        sent = result_of(seat, declared_at=moment.isoformat(), warning_reason="As read out.")
        problem = problem_of(sender.send(RESULT, sent), 422)
        assert problem["code"] == "impossible"
        found = [(each["code"], each["field"]) for each in problem["findings"]]
        assert (code, "declared_at") in found
    without_zone = result_of(seat, declared_at="2019-12-13T03:18:00")
    assert problem_of(sender.send(RESULT, without_zone), 422)["code"] == "malformed"
    assert not Declaration.objects.exists()


def test_another_revision_and_another_ballot_paper_are_conflicts(
    seat: Contest, sender: Sender
) -> None:
    renamed = votes_of(seat)
    renamed[0]["name"] = "Somebody Else"
    changed = sender.send(RESULT, result_of(seat, votes=renamed))
    assert problem_of(changed, 409)["code"] == "ballot_paper_changed"
    stale = sender.send(RESULT, result_of(seat, base_revision=3))
    assert problem_of(stale, 409)["code"] == "stale_revision"


@pytest.mark.parametrize("kind", ["result", "correction"])
def test_names_are_compared_where_nothing_would_be_published(
    kind: str, seat: Contest, sender: Sender
) -> None:
    """Its sender has another candidate's votes there, however right the figures are."""
    sender.send(RESULT, result_of(seat), key="first")
    again = result_of(seat, kind=kind, base_revision=1, reason="Misheard.", votes=votes_of(seat))
    again["votes"][0]["name"] = "Somebody Else"
    refusal = problem_of(sender.send(RESULT, again, key="again"), 409)
    assert refusal["code"] == "ballot_paper_changed"
    assert not ReviewItem.objects.exists()
    # Nothing is stored under the key of a refusal: the same request is taken with the right name.
    again["votes"][0]["name"] = seat.candidates.get(pk=again["votes"][0]["candidate"]).name
    taken = sender.send(RESULT, again, key="again")
    assert taken.json()["state"] in ("unchanged", "waiting")
    # Its answer stays what it was when a candidate has another name since.
    again["votes"][0]["name"] = "Somebody Else"
    assert sender.send(RESULT, again, key="again").status_code == taken.status_code


def test_waits_for_another_newsroom_where_the_election_says_so(seat: Contest) -> None:
    Election.objects.update(second_person=Election.SecondPerson.ALWAYS)
    first, own, other = (
        Sender(token()),
        Sender(token()),
        Sender(token(newsroom="itv")),
    )
    waiting = first.send(RESULT, result_of(seat), key="one")
    assert (waiting.status_code, waiting.json()["state"]) == (202, "waiting")
    assert own.send(RESULT, result_of(seat), key="two").status_code == 202
    assert not Declaration.objects.exists()
    assert other.send(RESULT, result_of(seat), key="three").json()["state"] == "published"
    assert first.ask("answers/two").json()["sequence"] == 1


@pytest.mark.parametrize("kind", ["result", "winner_only", "incomplete"])
def test_waits_for_the_desk_once_the_night_is_closed(
    kind: str, seat: Contest, sender: Sender
) -> None:
    """A phone asks its reporter first; a program has nobody to ask, and could only repeat it."""
    Election.objects.update(final=True)
    votes = votes_of(seat)
    of_kind = {
        "result": {},
        "winner_only": {"votes": [], "winners": [votes[0]["candidate"]]},
        "incomplete": {"votes": votes[:2]},
    }[kind]
    answer = sender.send(RESULT, result_of(seat, kind=kind, **of_kind), key="late")
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    assert not Declaration.objects.exists()
    item = ReviewItem.objects.get()
    desk.decline(item, by=nights.user("editor", staff=True), note="Too late.")
    assert sender.ask("answers/late").json()["state"] == "declined"


def test_publishes_status_headline_and_queues_a_quote(seat: Contest, sender: Sender) -> None:
    count = "elections/ge/contests/islington-north"
    sender.send(f"{count}/status", {"status": "recount"})
    assert Standing.objects.get().status == "recount"
    assert problem_of(sender.send(f"{count}/status", {"status": "postponed"}), 422)
    headline = {"text": "Recount in Islington"}
    assert sender.send("elections/ge/headline", headline).json()["state"] == "published"
    gone = sender.send("elections/ge/headline", method="delete")
    assert gone.json()["state"] == "published"
    nothing = sender.send("elections/ge/headline", method="delete")
    assert problem_of(nothing, 409)["code"] == "invalid_transition"
    quote = {"words": "Thank you.", "speaker": "Ann", "role": "Agent"}
    assert sender.send(f"{count}/quotes", quote).status_code == 202
    assert ReviewItem.objects.get().kind == "quote"


def test_line_breaks_within_one_line_are_blanks(seat: Contest, sender: Sender) -> None:
    """As in the admin, whose fields hold none: feeds, files and messages show them as they are."""
    sender.send("elections/ge/headline", {"text": "Two \r\n lines\u2028and more"})
    assert Headline.objects.get().text == "Two lines and more"
    quote = {"words": "First.\nSecond.", "speaker": "Ann\nAsh", "role": "Agent"}
    sender.send("elections/ge/contests/islington-north/quotes", quote)
    content = ReviewItem.objects.get().content
    assert (content["speaker"], content["words"]) == ("Ann Ash", "First.\nSecond.")


class TestTokens:
    def send(self, secret: str) -> Any:
        return Sender(secret).send("elections/ge/headline", {"text": "Big night"})

    def test_needs_a_good_one(self, seat: Contest) -> None:
        revoked = token()
        for each in ApiToken.objects.all():
            each.revoke()
        for secret in ("", "edesk_nobodys", "x" * 5000, token(ended=True), revoked):
            answer = self.send(secret)
            assert problem_of(answer, 401)["code"] == "token_needed"
            assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert not Bulletin.objects.exists()

    def test_needs_the_scope_and_the_election(self, seat: Contest) -> None:
        other = nights.election("other")
        missing = {
            token("declare", "quote"): "This token may not publish: the headline.",
            token(election=other): "This token may publish in other only, not in ge.",
        }
        for secret, words in missing.items():
            problem = problem_of(self.send(secret), 403)
            assert problem["code"] == "scope_missing"
            assert problem["detail"] == words

    def test_is_stored_as_a_hash_and_marked_as_used(self, seat: Contest) -> None:
        secret = token()
        row = ApiToken.objects.get()
        assert secret not in str(vars(row))
        assert row.last_used_at is None
        self.send(secret)
        row.refresh_from_db()
        assert timezone.now() - (row.last_used_at or timezone.now()) < timedelta(minutes=1)

    @override_settings(API_WRITES_PER_MINUTE=2)
    def test_is_throttled_by_the_minute(self, seat: Contest) -> None:
        secret = token()
        assert [self.send(secret).status_code for _each in range(2)] == [200, 200]
        answer = self.send(secret)
        assert problem_of(answer, 429)["code"] == "throttled"
        assert 0 < int(answer.headers["Retry-After"]) <= 60
        ApiToken.objects.update(window_began=timezone.now() - timedelta(seconds=61))
        assert self.send(secret).status_code == 200

    @override_settings(API_WRITES_PER_MINUTE=2)
    def test_minute_of_a_clock_that_was_set_back_is_over(self, seat: Contest) -> None:
        secret = token()
        for began, statuses in ((timedelta(hours=1), [200, 200]), (timedelta(seconds=20), [429])):
            ApiToken.objects.update(window_began=timezone.now() + began, window_writes=2)
            assert [self.send(secret).status_code for _each in statuses] == statuses


def test_publishes_some_totals_as_no_result(seat: Contest, sender: Sender) -> None:
    some = {**result_of(seat), "kind": "incomplete"}
    some["votes"] = [row for row in some["votes"] if row["votes"] != 8415]
    answer = sender.send(RESULT, some, key="some").json()
    assert answer["summary"] == "Islington North. Incomplete: 5 of 6 totals known"
    whole = json.loads(Client().get("/api/v1/elections/ge/contests/islington-north").content)
    assert (whole["status"], whole["valid_votes"]) == ("incomplete", None)
    assert whole["incomplete"]["known"] == 5
    full = {**result_of(seat), "base_revision": 1}
    assert sender.send(RESULT, full, key="all").json()["state"] == "published"


def test_an_answer_is_only_for_tokens_of_its_election(seat: Contest, sender: Sender) -> None:
    """Two tokens of one newsroom have one account; each may be for one election."""
    sender.send(RESULT, result_of(seat), key="one")
    elsewhere = nights.election("elsewhere")
    assert problem_of(Sender(token(election=elsewhere)).ask("answers/one"), 404)
    assert Sender(token(election=seat.election)).ask("answers/one").status_code == 200
    Election.objects.update(visibility=Election.Visibility.DRAFT)
    assert problem_of(sender.ask("answers/one"), 404)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ('{"status": "recount", "status": "under_way"}', 'an object has "status" twice'),
        ('{"status": "recount"', "Expecting ',' delimiter: line 1 column 21 (char 20)"),
    ],
)
def test_says_why_a_body_cannot_be_read(sender: Sender, seat: Contest, body: str, why: str) -> None:
    answer = sender.send("elections/ge/contests/islington-north/status", body)
    problem = problem_of(answer, 400)
    assert problem["code"] == "bad_request"
    assert problem["detail"] == f"Cannot parse request body ({why})"
    assert not seat.bulletins.exists()
