"""Reads: the same figures as results.json, cached as pages are, and open to other origins."""

import json
import re
from datetime import UTC, timedelta
from typing import Any

import pytest
from django.test import Client

from results import desk
from results.models import Contest, Election, Group
from tests import nights


def read(path: str, **headers: str) -> Any:
    answer = Client().get(f"/api/v1/{path}", headers=headers)
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


@pytest.fixture
def declared(seat: Contest) -> Contest:
    by = nights.user()
    nights.declare_counts(seat, nights.islington_ballot_counts(seat), by=by, idempotency_key="1")
    return seat


def test_documents_are_those_of_results_json(declared: Contest) -> None:
    nights.contest(declared.election, "Elsewhere", [("Ann", "lab"), ("Bob", "con")])
    desk.start_new_epoch(declared.election)
    whole = json.loads(Client().get("/ge/results.json").content)
    assert read("elections/ge") == {k: v for k, v in whole.items() if k != "contests"}
    assert read("elections/ge/contests")["contests"] == whole["contests"]
    assert read("elections/ge/contests/islington-north") == whole["contests"][1]
    (listed,) = read("elections")["elections"]
    assert (listed["slug"], listed["sequence"], listed["page"]) == ("ge", 1, "/ge/")


def test_overview_has_headline_external_figures_and_groups(declared: Contest) -> None:
    night, editor = declared.election, nights.user("editor", staff=True)
    key = Group.objects.create(election=night, slug="our-patch", name="Our patch")
    key.contests.add(declared)
    poll = desk.ExternalFiguresContent(
        kind="exit-poll", source="Ipsos", as_of=night.polls_close, seats={"lab": 1}
    )
    desk.publish(night, poll, by=editor, idempotency_key="poll")
    desk.start_new_epoch(night)
    shown = read("elections/ge/overview")
    assert not shown["headline_by_editor"]
    assert shown["headline"] == shown["headline_by_rule"] != ""
    (group,) = shown["groups"]
    assert (group["page"], group["contests"]) == ("/ge/groups/our-patch/", ["islington-north"])
    (party,) = shown["external_figures"]["parties"]
    assert (party["party"], party["seats"]) == ("Lab", 1)
    desk.publish(night, desk.HeadlineContent(text="So far."), by=editor, idempotency_key="h")
    shown = read("elections/ge/overview")
    assert (shown["headline"], shown["headline_by_editor"]) == ("So far.", True)


def test_pages_through_what_is_expected_soonest_first(declared: Contest) -> None:
    """A contest that has declared since its page is passed over, and the rest still follows."""
    night = declared.election
    at = night.polls_close
    for hours, name in enumerate(("Cedar", "Birch", "Ash")):
        contest = nights.contest(night, name, [("Ann", "lab"), ("Bob", "con")])
        Contest.objects.filter(pk=contest.pk).update(expected_at=at + timedelta(hours=hours))
    nights.contest(night, "Dogwood", [("Ann", "lab"), ("Bob", "con")])
    desk.start_new_epoch(night)
    first = read("elections/ge/expected?limit=1")
    (soonest,) = first["contests"]
    assert (soonest["contest"], soonest["status"]) == ("cedar", "awaiting")
    assert soonest["expected_at"] == at.astimezone(UTC).isoformat(timespec="seconds")
    nights.declare(Contest.objects.get(name="Cedar"), 2, 1)
    rest = read(first["next"].removeprefix("/api/v1/").replace("limit=1", "limit=9"))
    assert [each["contest"] for each in rest["contests"]] == ["birch", "ash", "dogwood"]
    assert (rest["contests"][-1]["expected_at"], rest["next"]) == (None, None)


def test_pages_through_contests(night: Election) -> None:
    for name in ("Ash", "Birch", "Cedar"):
        nights.contest(night, name, [("Ann", "lab"), ("Bob", "con")])
    names, path = [], "/api/v1/elections/ge/contests?limit=2"
    while path:
        page = read(path.removeprefix("/api/v1/"))
        names += [contest["name"] for contest in page["contests"]]
        path = page["next"]
    assert names == ["Ash", "Birch", "Cedar"]


def test_changes_since_a_bulletin_without_words_that_were_withdrawn(declared: Contest) -> None:
    by = nights.user("editor", staff=True)
    night = declared.election
    quote = desk.QuoteContent(words="Never mind.", speaker="Ann", contest=declared)
    said = desk.publish(night, quote, by=by, idempotency_key="q").bulletin.quote
    assert said is not None
    assert "Never mind." in json.dumps(read("elections/ge/changes?since=1"))
    desk.withdraw_publication(said, by=by, idempotency_key="w")
    changes = read("elections/ge/changes?since=1&limit=1")
    (quoted,) = changes["changes"]
    assert (quoted["kind"], quoted["contest"], quoted["summary"]) == (
        "quote",
        "islington-north",
        None,
    )
    following = read(changes["next"].removeprefix("/api/v1/"))
    assert [change["sequence"] for change in following["changes"]] == [3]
    assert following["next"] is None
    assert "Never mind." not in json.dumps(
        [read("elections/ge/changes"), read("elections/ge/feed")]
    )


def test_changes_of_another_epoch_ask_for_a_reset(declared: Contest) -> None:
    epoch = read("elections/ge/changes")["epoch"]
    assert not read(f"elections/ge/changes?since=1&epoch={epoch}")["reset"]
    desk.start_new_epoch(declared.election)
    assert read(f"elections/ge/changes?since=1&epoch={epoch}")["reset"]
    assert read("elections/ge/changes?since=99")["reset"]


def test_revisions_and_corrections(declared: Contest) -> None:
    wrong = nights.islington_ballot_counts(declared)
    wakeling = declared.candidates.get(name="Nick Wakeling")
    votes = {**wrong.votes, wakeling.pk: 8451}
    nights.correct(
        declared,
        type(wrong)(votes=votes, rejected=wrong.rejected, electorate=wrong.electorate),
        by=nights.user(),
        idempotency_key="2",
        base_revision=1,
        reason="Transposed.",
    )
    first, second = read("elections/ge/contests/islington-north/revisions")["revisions"]
    assert (first["kind"], second["kind"], second["reason"]) == (
        "declaration",
        "correction",
        "Transposed.",
    )
    assert {"figure": "Nick Wakeling", "before": "8,415", "after": "8,451"} in second["changes"]
    (correction,) = read("elections/ge/corrections")["corrections"]
    assert (correction["contest"], correction["sequence"]) == ("islington-north", 2)


def test_answers_304_and_head_and_another_origin(declared: Contest) -> None:
    client, path = Client(), "/api/v1/elections/ge"
    first = client.get(path)
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert "s-maxage" in first.headers["Cache-Control"]
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head(path).headers["ETag"] == first.headers["ETag"]
    preflight = client.options(path, headers={"Origin": "https://other.example"})
    assert preflight.status_code == 204
    assert preflight.headers["Access-Control-Allow-Headers"] == "If-None-Match"
    nights.contest(declared.election, "Elsewhere", [("Ann", "lab"), ("Bob", "con")])
    desk.publish(
        declared.election,
        desk.PostContent(text="A post."),
        by=nights.user(),
        idempotency_key="post",
    )
    assert client.get(path).headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("nowhere", 404, "not_found"),
        ("elections/", 404, "not_found"),
        ("desk/nowhere/at/all", 404, "not_found"),
        ("elections/nowhere", 404, "not_found"),
        ("elections/ge/contests/nowhere", 404, "not_found"),
        ("elections/ge/contests?limit=0", 422, "malformed"),
        ("elections/ge/contests?after=nowhere", 422, "malformed"),
        ("elections/ge/changes?since=-1", 422, "malformed"),
        ("elections/ge/changes?epoch=yesterday", 422, "malformed"),
    ],
)
def test_problems_have_a_code(seat: Contest, path: str, status: int, code: str) -> None:
    answer: Any = Client().get(f"/api/v1/{path}")
    problem = json.loads(answer.content)
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Cache-Control"] == "no-store"


def test_names_the_parameter_that_names_no_contest(seat: Contest) -> None:
    answer: Any = Client().get("/api/v1/elections/ge/contests?after=nowhere")
    (finding,) = json.loads(answer.content)["findings"]
    assert (finding["code"], finding["field"]) == ("unknown_contest", "after")


def test_promises_no_document_with_the_status_of_a_large_body(db: None) -> None:
    document = read("openapi.json")
    answers = [
        operation["responses"]["413"]
        for operations in document["paths"].values()
        for operation in operations.values()
        if "413" in operation["responses"]
    ]
    assert answers
    assert not any("content" in answer for answer in answers)


def test_documents_the_bounds_of_parameters_and_fields(db: None) -> None:
    page: Any = Client().get("/api/v1/")
    text = " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())
    assert "limit query, integer, 1 to 200, 50 by default The length of a page." in text
    assert "before query, integer or null The sequence" not in text
    assert "text string, 1 to 160 characters, required" in text


def test_reads_a_contest_with_the_longest_address(declared: Contest) -> None:
    declared.slug = "v" * (Contest._meta.get_field("slug").max_length or 0)
    declared.save()
    contests = "elections/ge/contests"
    assert read(f"{contests}/{declared.slug}")["slug"] == declared.slug
    assert read(f"{contests}?after={declared.slug}")["contests"] == []


def test_addresses_may_be_as_long_as_they_are_stored(db: None) -> None:
    longest = {
        "election_slug": Election._meta.get_field("slug").max_length,
        "contest_slug": Contest._meta.get_field("slug").max_length,
        "after": Contest._meta.get_field("slug").max_length,
    }
    operations = [
        operation
        for path in read("openapi.json")["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
    ]
    found = [
        (each["name"], each["schema"]["maxLength"])
        for operation in operations
        for each in operation.get("parameters", ())
        if each["name"] in longest
    ]
    assert {name for name, _length in found} == longest.keys()
    assert set(found) == set(longest.items())


def test_documents_each_field_that_is_sent(db: None) -> None:
    schemas = read("openapi.json")["components"]["schemas"]
    for name in ("Result", "CandidateVotes", "Stage", "Status", "Quote", "Headline"):
        for field, about in schemas[name]["properties"].items():
            assert about.get("description"), f"{name}.{field}"


def test_documents_itself_without_a_script(db: None) -> None:
    document = read("openapi.json")
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/elections/{election_slug}/changes" in document["paths"]
    page: Any = Client().get("/api/v1/")
    text = page.content.decode()
    assert "<script" not in text
    for path in document["paths"]:
        assert path in text
    types = {row.strip() for row in re.findall(r'<span class="quiet">([^<]*?)(?:,|<)', text)}
    assert "" not in types
    assert not re.search(r"(?<!-)\bNone\b", text)


def test_refuses_another_method_as_a_problem(declared: Contest) -> None:
    for path, allowed in (("elections/ge", "GET, HEAD"), ("desk/answers/one", "GET")):
        answer = Client().delete(f"/api/v1/{path}")
        assert answer.status_code == 405, answer.content
        assert answer.headers["Allow"] == allowed
        assert answer.headers["Content-Type"] == "application/problem+json"
        refusal = json.loads(answer.content)
        assert refusal["code"] == "method_not_allowed"
        assert refusal["detail"] == f"This address takes {allowed} only."
