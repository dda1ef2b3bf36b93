"""The public log: its chain, `verify`, and the script that checks it from outside."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from results import desk
from results.arithmetic.hash_chain import canonical, commitment, head_of
from results.desk.publishing import locked_night
from results.exchange.chain_verification import check_chain, check_facts
from results.live.election_snapshot import ElectionSnapshot
from results.live.public_log import public_log
from results.models import Bulletin, Candidate, ChainEntry, Contest, Election, Night, Quote
from tests import nights
from tests.exchange.test_verify import execute_without_triggers

pytestmark = pytest.mark.django_db

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_log.py"


@pytest.fixture(scope="module")
def _published(rolled_back_rows: Callable[[], AbstractContextManager[None]]) -> Iterator[int]:
    with rolled_back_rows():
        yield five_bulletins().pk


@pytest.fixture
def seat(_published: int, db: None, rendered_of_no_night: None) -> Contest:
    """Of a night with a result and its correction, a quote reworded, and a headline."""
    return Contest.objects.get(pk=_published)


def five_bulletins() -> Contest:
    seat = nights.islington_north(nights.election())
    by = nights.user()
    figures = nights.islington_ballot_counts(seat)
    nights.declare_counts(seat, figures, by=by, idempotency_key="1")
    corrected = nights.islington_ballot_counts(seat, rejected=229)
    nights.correct(seat, corrected, by=by, idempotency_key="2", base_revision=1, reason="Misheard.")
    publish(seat.election, desk.QuoteContent(words="Thanks é.", speaker="Ann", contest=seat))
    publish(
        seat.election,
        desk.QuoteContent(words="Many thanks.", speaker="Ann", contest=seat),
        replaces=Quote.objects.get(),
    )
    publish(seat.election, desk.HeadlineContent(text="Night of nights"))
    return seat


def publish(election: Election, content: desk.Content, **more: Any) -> Bulletin:
    result = desk.publish(election, content, by=nights.user(), idempotency_key=nights.key(), **more)
    return result.bulletin


def served_log(election: Election) -> dict[str, Any]:
    response = Client().get(f"/{election.slug}/log.json")
    assert response.status_code == 200
    document: dict[str, Any] = json.loads(response.content)
    return document


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Run the script on a document as on a downloaded file; its exit status and output."""

    def run(document: dict[str, Any], *options: str) -> tuple[int, str]:
        file = tmp_path / "log.json"
        file.write_text(json.dumps(document))
        return run_script(str(file), *options)

    return run


def run_script(*arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), *arguments], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


Check = Callable[..., tuple[int, str]]


class TestPublicLog:
    def test_script_accepts_it_and_shows_each_correction(self, seat: Contest, check: Check) -> None:
        status, output = check(served_log(seat.election))
        assert status == 0, output
        assert "correction {'sequence': 2, 'replaces': 1, 'contest': 'islington-north'}" in output
        assert "Misheard." in output
        assert "quote {'sequence': 4, 'replaces': 3, 'contest': 'islington-north'}" in output

    def test_script_shows_each_withdrawal(self, seat: Contest, check: Check) -> None:
        by, quote = nights.user(), Quote.objects.latest("pk")
        desk.withdraw_publication(quote, by=by, idempotency_key="withdraw")
        nights.withdraw(seat, by=by, idempotency_key="w", base_revision=2, reason="Wrong count.")
        status, output = check(served_log(seat.election))
        assert status == 0, output
        contest = "'contest': 'islington-north'"
        assert f"quote {{'sequence': 6, 'replaces': 4, {contest}}} A quote was withdrawn." in output
        assert f"withdrawal {{'sequence': 7, 'replaces': 2, {contest}}} Withdrawn: " in output
        assert "Wrong count." in output

    def test_script_gives_the_reason_of_an_erasure_once(self, seat: Contest, check: Check) -> None:
        quote = Quote.objects.latest("pk")
        desk.withdraw_for_good(
            quote, by=nights.user(), reason="By order of a court.", idempotency_key="erase"
        )
        status, output = check(served_log(seat.election))
        assert status == 0, output
        assert output.count("By order of a court.") == 1

    def test_script_has_at_most_forty_lines(self) -> None:
        """Which docs/record.md promises: short enough to be read by whoever is to trust it."""
        lines = [line for line in SCRIPT.read_text().splitlines() if line.strip()]
        assert len(lines) <= 40

    def test_has_every_bulletin_as_it_was_published(self, seat: Contest) -> None:
        log = served_log(seat.election)
        assert [entry["header"]["sequence"] for entry in log["log"]] == [1, 2, 3, 4, 5]
        first, second = (entry["content"]["contests"][0]["declaration"] for entry in log["log"][:2])
        assert (first["rejected"], second["rejected"]) == (227, 229)
        assert log["head"] == Night.objects.get().head

    def test_leaves_out_words_that_readers_no_longer_see(self, seat: Contest) -> None:
        log = served_log(seat.election)["log"]
        assert (log[2]["salt"], log[2]["content"]) == (None, None)
        assert log[3]["content"]["publication"]["words"] == "Many thanks."

    def test_a_head_that_somebody_kept_is_found(self, seat: Contest, check: Check) -> None:
        kept = Bulletin.objects.get(sequence=2).head or ""
        publish(seat.election, desk.HeadlineContent(text="Another"))
        assert check(served_log(seat.election), "--head", kept)[0] == 0
        status, output = check(served_log(seat.election), "--head", "0" * 64)
        assert status == 1
        assert "YOUR HEAD IS NOT IN THIS LOG" in output

    @pytest.mark.parametrize(
        "change",
        [
            lambda log: log["log"][0]["content"]["contests"][0]["declaration"].update(rejected=1),
            lambda log: log["log"][1]["header"].update(published_at="2019-12-13T01:00:00Z"),
            lambda log: log["log"][0].update(head="0" * 64),
            lambda log: log["log"][0].update(salt="0" * 32),
            lambda log: log["log"][0].update(salt=None, content=None),
            lambda log: log["log"].pop(2),
            lambda log: log["log"].pop(),
            lambda log: log["log"].insert(1, log["log"][0]),
        ],
    )
    def test_script_finds_what_was_changed(
        self, seat: Contest, check: Check, change: Callable[[dict[str, Any]], object]
    ) -> None:
        log = served_log(seat.election)
        change(log)
        assert check(log)[0] == 1

    @pytest.mark.parametrize("claim", ["quote", "erasure"])
    def test_script_lets_no_entry_explain_a_missing_result(
        self, seat: Contest, check: Check, claim: str
    ) -> None:
        log = served_log(seat.election)
        log["log"][0].update(salt=None, content=None)
        content = {"erased": [1]} if claim == "erasure" else {}
        header = {**log["log"][-1]["header"], "number": 6, "previous": log["head"]}
        header |= {"kind": claim, "replaces": 1, "commitment": commitment("", canonical(content))}
        head = head_of(canonical(header))
        log["log"].append({"header": header, "head": head, "salt": "", "content": content})
        log |= {"entries": 6, "head": head}
        status, output = check(log)
        assert status == 1
        assert "entry 1 has another content than was published" in output

    @pytest.mark.parametrize(
        "change",
        [
            *("header = 'no JSON'", "header = '[]'", "header = NULL", "header = '{}'"),
            *("content = 'no JSON'", "content = '[1]'", "salt = '\"'", "head = '\"\\'"),
            "head = NULL",
        ],
    )
    def test_is_a_document_whatever_is_stored(
        self, seat: Contest, check: Check, change: str
    ) -> None:
        execute_without_triggers(f"UPDATE results_bulletin SET {change} WHERE sequence = 4")
        status, output = check(json.loads("".join(public_log(ElectionSnapshot(seat.election)))))
        assert status == 1
        assert "entry 4 " in output
        assert "Traceback" not in output
        assert any("entry 4 " in finding for finding in check_chain(seat.election))

    def test_archive_has_it(self, seat: Contest, tmp_path: Path) -> None:
        Election.objects.update(final=True)
        call_command("archive", "ge", str(tmp_path / "night"))
        status, output = run_script(str(tmp_path / "night" / "ge" / "log.json"))
        assert status == 0, output


#: What a changed column makes `verify` name. Bulletin 3 is a quote, 4 its second wording.
OF_BULLETINS = {
    "header = '{}'": "entry 3",
    "head = 'a'": "entry 3",
    "salt = '00'": "entry 3",
    "salt = NULL": "entry 3",
    "content = '{}'": "entry 3",
    "content = NULL, salt = NULL": "entry 3",
    "content = NULL, salt = NULL, erased_by = 5": "entry 3",
    "chain_number = 9": "entry 3",
    "chain_number = NULL": "entry 3",
    "hides = 1": "entry 3",
    "kind = 'post'": "entry 3",
    "first_sequence = 1": "entry 3",
    "contest_id = NULL": "entry 3",
    "summary = 'No.'": "entry 3",
    "published_at = '2019-12-13 01:00:00+00:00'": "entry 3",
    "epoch = '0123456789abcdef0123456789abcdef'": "entry 3",
    "header = 'no JSON'": "entry 3",
    "salt = 'no digits'": "entry 3",
}
OF_DECLARATIONS = (
    *("rejected = 9", "electorate = 9", "papers = 9", "valid_announced = 9", "revision = 7"),
    *("turnout_announced = 9", "recount = (1 = 1)", "source = 'x'", "reason = 'x'"),
    *("blame = 'ours'", "kind = 'update'", "declared_at = '2019-12-13 01:00:00+00:00'"),
    *("created_at = '2019-12-13 01:00:00+00:00'", "details = '{\"candidates\": []}'"),
)
OF_QUOTES = (
    *("speaker = 'x'", "role = 'x'", "location = 'x'", "words = 'x'", "replaces_id = NULL"),
    *("reported = (1 = 1)", "withdrawn = (1 = 1)", "said_at = '2019-12-13 01:00:00+00:00'"),
    *("created_at = '2019-12-13 01:00:00+00:00'", "contest_id = NULL", "first_sequence = 4"),
)
CHANGES = {
    **{
        f"UPDATE results_bulletin SET {change} WHERE sequence = 3": named
        for change, named in OF_BULLETINS.items()
    },
    "UPDATE results_bulletin SET hides = NULL WHERE sequence = 4": "entry 4",
    "UPDATE results_night SET head = ''": "ends with entry 5",
    "UPDATE results_night SET entries = 4": "ends with entry 5",
    "UPDATE results_night SET chained = 4": "after 4",
    "UPDATE results_candidate SET name = 'Nobody' WHERE ballot_order = 1": "Islington North",
    "UPDATE results_party SET name = 'Nothing' WHERE slug = 'lab'": "Islington North",
    "UPDATE results_contest SET name = 'Elsewhere'": "Elsewhere",
    "UPDATE results_standing SET status = 'declared'": "Islington North",
    **{
        f"UPDATE results_declaration SET {change} WHERE revision = 1": "entry 1"
        for change in OF_DECLARATIONS
    },
    "UPDATE results_total SET votes = 7 WHERE votes = 34603": "entry 1",
    "UPDATE results_total SET drawn_by_lot = (1 = 1)": "entry 1",
    "UPDATE results_total SET announced_elected = (1 = 1)": "entry 1",
    **{f"UPDATE results_quote SET {change} WHERE sequence = 4": "entry 4" for change in OF_QUOTES},
    "UPDATE results_headline SET text = 'x'": "entry 5",
    "UPDATE results_bulletin SET headline_id = NULL": "entry 5",
    "UPDATE results_candidate SET times_elected = 3 WHERE times_elected = 9": "Islington North",
}


class TestVerify:
    def test_accepts_the_night(self, seat: Contest) -> None:
        assert list(check_chain(seat.election)) == []

    def test_accepts_another_choice_of_the_front_page(self, seat: Contest) -> None:
        desk.choose_front(seat.election, by=nights.user())
        call_command("verify", seat.election.slug)

    def test_accepts_it_where_an_earlier_release_stated_it(self, seat: Contest) -> None:
        entry = ChainEntry(content=canonical({"election": {"front": True, "kind": "x"}}))
        found = list(check_facts(seat.election, [entry]))
        assert found == ["the election: the log says kind x, stored is uk-parliament"]

    def test_names_what_was_changed(self, seat: Contest) -> None:
        for statement, named in CHANGES.items():
            with transaction.atomic():
                execute_without_triggers(statement)
                problems = list(check_chain(seat.election))
                transaction.set_rollback(True)
            assert problems, statement
            assert named in problems[0], statement

    def test_script_finds_a_changed_column_as_well(self, seat: Contest, check: Check) -> None:
        """Of an entry that is public: bulletin 4, whose words stand."""
        for change in (*list(OF_BULLETINS)[:9], "hides = 1"):
            with transaction.atomic():
                execute_without_triggers(f"UPDATE results_bulletin SET {change} WHERE sequence = 4")
                log = json.loads("".join(public_log(ElectionSnapshot(seat.election))))
                transaction.set_rollback(True)
            assert check(log)[0] == 1, change

    def test_names_the_first_broken_entry_only(self, seat: Contest) -> None:
        connection.cursor().execute("DELETE FROM results_idempotencyrecord")
        connection.cursor().execute("DELETE FROM results_bulletin WHERE sequence = 2")
        assert list(check_chain(seat.election)) == [
            "entry 2 of the log is broken: entry 3 is in its place"
        ]


class TestEpochs:
    def test_chain_goes_on(self, seat: Contest, check: Check) -> None:
        desk.start_new_epoch(seat.election)
        publish(seat.election, desk.HeadlineContent(text="Later"))
        assert list(check_chain(seat.election)) == []
        status, output = check(served_log(seat.election))
        assert status == 0, output
        entry = ChainEntry.objects.get()
        content = json.loads(entry.content or "")
        assert (entry.chain_number, content["contests"]) == (6, [])
        assert content["election"]["name"] == "General election"

    def test_entry_has_the_contests_that_read_otherwise_since(self, seat: Contest) -> None:
        Candidate.objects.filter(name="James Clark").update(name="James Clarke")
        desk.start_new_epoch(seat.election)
        assert list(check_chain(seat.election)) == []
        (contest,) = json.loads(ChainEntry.objects.get().content or "")["contests"]
        assert "James Clarke" in [candidate["name"] for candidate in contest["candidates"]]


class TestBatches:
    def test_entries_of_a_batch_are_chained(self, seat: Contest, check: Check) -> None:
        with desk.batch(seat.election):
            publish(seat.election, desk.PostContent(text="One"))
            with suppress(ZeroDivisionError), locked_night(seat.election.pk):
                publish(seat.election, desk.PostContent(text="Undone"))
                raise ZeroDivisionError
            publish(seat.election, desk.PostContent(text="Two"))
        assert list(check_chain(seat.election)) == []
        status, output = check(served_log(seat.election))
        assert status == 0, output
        assert Night.objects.get().entries == 7


class TestEarlierBulletins:
    """Bulletins of the release before, published while it was replaced."""

    @pytest.fixture
    def earlier(self, seat: Contest) -> Contest:
        execute_without_triggers(
            "UPDATE results_bulletin SET chain_number = NULL, header = NULL, head = NULL,"
            " salt = NULL, content = NULL, hides = NULL WHERE sequence > 2"
        )
        second = Bulletin.objects.get(sequence=2)
        Night.objects.update(entries=2, chained=2, head=second.head)
        return seat

    def test_next_bulletin_commits_to_them_first(self, earlier: Contest, check: Check) -> None:
        publish(earlier.election, desk.HeadlineContent(text="Another"))
        assert list(check_chain(earlier.election)) == []
        log = served_log(earlier.election)
        kinds = [entry["header"]["kind"] for entry in log["log"]]
        assert kinds == ["declaration", "correction", "earlier", "headline"]
        assert [row["sequence"] for row in log["log"][2]["content"]["bulletins"]] == [3, 4, 5]
        assert check(log)[0] == 0

    def test_verify_finds_a_changed_one(self, earlier: Contest) -> None:
        publish(earlier.election, desk.HeadlineContent(text="Another"))
        execute_without_triggers("UPDATE results_quote SET words = 'x' WHERE sequence = 3")
        assert list(check_chain(earlier.election)) == [
            "bulletin 3 is not as entry 3 of the log has it"
        ]

    def test_words_of_one_can_be_erased(self, earlier: Contest, check: Check) -> None:
        quote = Quote.objects.get(sequence=4)
        desk.withdraw_for_good(
            quote, by=nights.user(), reason="By order of a court.", idempotency_key="erase"
        )
        assert list(check_chain(earlier.election)) == []
        status, output = check(served_log(earlier.election))
        assert status == 0, output
        salts = ChainEntry.objects.get().salts or {}
        assert [number for number, salt in salts.items() if salt is None] == ["3", "4"]


class TestNewestHead:
    def test_stands_in_the_foot_of_pages_with_its_bulletin(self, seat: Contest) -> None:
        head = Night.objects.get().head
        for page in ("", "corrections/", "islington-north/", "feed/"):
            html = Client().get(f"/ge/{page}").content.decode()
            foot = html[html.index("<footer") :]
            assert f"<code>{head}</code>" in foot
            assert "as of bulletin 5:" in foot

    def test_stands_in_the_atom_feed(self, seat: Contest) -> None:
        feed = Client().get("/ge/feed.atom").content.decode()
        title = f"Public log, as of bulletin 5: {Night.objects.get().head}"
        assert f'title="{title}"' in feed

    def test_pages_offer_the_script(self, seat: Contest) -> None:
        response = Client().get("/ge/verify_log.py")
        assert response.content == SCRIPT.read_bytes()
