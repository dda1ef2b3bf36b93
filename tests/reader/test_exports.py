"""Exports and structured data: valid for other parsers, with the same numbers as the pages."""

import csv
import io
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import feedparser
import html5lib
import pytest
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.test import Client

from results import desk
from results.models import Contest, Election
from results.reader import page_cache
from tests import nights

pytestmark = pytest.mark.django_db


class OnceALock:
    """Fails where a lock would wait for its own thread."""

    def __init__(self) -> None:
        self.is_held = False

    def acquire(self, *, blocking: bool = True) -> bool:
        assert not self.is_held
        self.is_held = True
        return True

    def release(self) -> None:
        self.is_held = False


@pytest.fixture
def seat() -> Contest:
    return one_of_two_seats()


def one_of_two_seats() -> Contest:
    night = nights.election()
    seat = nights.islington_north(night)
    nights.contest(night, "Elsewhere", [("=cmd()", "con"), ("Bob <b>Rice", "lab")])
    return seat


@pytest.fixture
def declared(seat: Contest) -> Contest:
    return declare_and_correct(seat)


def declare_and_correct(seat: Contest) -> Contest:
    ballot_counts = nights.islington_ballot_counts(seat)
    by = nights.user()
    wakeling = seat.candidates.get(name="Nick Wakeling")
    misheard = replace(ballot_counts, votes={**ballot_counts.votes, wakeling.pk: 8451})
    nights.declare_counts(seat, misheard, by=by, idempotency_key="1")
    nights.correct(
        seat,
        ballot_counts,
        by=by,
        idempotency_key="2",
        base_revision=1,
        reason="Transposed & <misheard>",
    )
    desk.publish(
        seat.election,
        desk.QuoteContent(words="No <script>.", contest=seat, speaker="Jeremy Corbyn"),
        by=by,
        idempotency_key="3",
    )
    return seat


def document(client: Client) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(client.get("/ge/results.json").content)
    return data


def contest_named(client: Client, name: str) -> dict[str, Any]:
    contests: list[dict[str, Any]] = document(client)["contests"]
    return next(contest for contest in contests if contest["name"] == name)


class TestJson:
    def test_describes_the_election(self, client: Client, declared: Contest) -> None:
        election = document(client)["election"]
        assert election["declared"] == 1
        assert election["seats"] == 2
        assert election["sequence"] == 3
        assert election["baseline"] == "last general election"

    def test_describes_a_seat_as_pages_do(self, client: Client, declared: Contest) -> None:
        north = contest_named(client, "Islington North")
        assert north["result"] == "Lab hold"
        assert north["status"] == "corrected"
        assert (north["valid_votes"], north["rejected"], north["majority"]) == (53805, 227, 26188)
        assert (north["turnout_valid"], north["turnout_ballots"]) == ("71.6", "71.9")
        corbyn = north["candidates"][0]
        assert corbyn["name"] == "Jeremy Corbyn"
        assert (corbyn["votes"], corbyn["share"], corbyn["elected"]) == (34603, "64.3", True)

    def test_describes_a_correction(self, client: Client, declared: Contest) -> None:
        north = contest_named(client, "Islington North")
        (correction,) = north["corrections"]
        assert correction["reason"] == "Transposed & <misheard>"
        assert correction["changes"][0] == {
            "figure": "Nick Wakeling",
            "before": "8,451",
            "after": "8,415",
        }

    def test_describes_a_seat_that_has_not_declared(
        self, client: Client, declared: Contest
    ) -> None:
        contest = contest_named(client, "Elsewhere")
        assert contest["result"] is None
        assert [candidate["votes"] for candidate in contest["candidates"]] == [None, None]

    def test_winner_only_status_has_its_older_public_name(
        self, client: Client, seat: Contest
    ) -> None:
        winner = seat.candidates.get(name="Jeremy Corbyn")
        nights.declare_winner(seat, [winner], by=nights.user(), idempotency_key="1")
        north = contest_named(client, "Islington North")
        assert (north["status"], north["partial"]) == ("rush", True)

    def test_follows_every_revision(self, client: Client, seat: Contest) -> None:
        assert document(client)["election"]["declared"] == 0
        nights.declare_counts(
            seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="1"
        )
        north = contest_named(client, "Islington North")
        assert north["candidates"][0]["votes"] == 34603
        seat.candidates.filter(name="Jeremy Corbyn").update(name="J. Corbyn")
        desk.republish(seat.election, [seat], by=nights.user(), idempotency_key="2")
        north = contest_named(client, "Islington North")
        assert north["candidates"][0]["name"] == "J. Corbyn"

    def test_is_readable_by_any_origin(self, client: Client, declared: Contest) -> None:
        for name in ["results.json", "results.csv", "feed.atom"]:
            answer = client.get(f"/ge/{name}")
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            again = client.get(f"/ge/{name}", headers={"if-none-match": answer.headers["ETag"]})
            assert again.status_code == 304


def test_csv_parts_the_reason_of_a_correction_from_its_figures(
    client: Client, declared: Contest
) -> None:
    rows = csv.DictReader(io.StringIO(client.get("/ge/results.csv").content.decode()))
    words = {row["last_correction"].partition("00: ")[2] for row in rows}
    assert words == {"", "Transposed & <misheard>. Nick Wakeling: 8,451 → 8,415"}


def test_csv_is_safe_in_a_spreadsheet(client: Client, declared: Contest) -> None:
    text = client.get("/ge/results.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 8
    corbyn = next(row for row in rows if row["candidate"] == "Jeremy Corbyn")
    assert (corbyn["votes"], corbyn["share_change"], corbyn["elected"]) == ("34603", "-9.7", "yes")
    assert "'=cmd()" in {row["candidate"] for row in rows}


class TestAtom:
    def test_is_valid_for_a_feed_reader(self, client: Client, declared: Contest) -> None:
        feed = feedparser.parse(client.get("/ge/feed.atom").content)
        assert not feed.bozo, feed.get("bozo_exception")
        assert feed.version == "atom10"
        titles = [entry.title for entry in feed.entries]
        assert titles[0] == "Quote: Jeremy Corbyn, Islington North"
        assert titles[1] == "Correction: Islington North"
        assert "Labour hold Islington North, majority 26,188" in titles
        assert feed.entries[0].link == "http://testserver/ge/islington-north/"

    def test_correction_keeps_an_entrys_id_and_updates_its_time(
        self, client: Client, seat: Contest
    ) -> None:
        ballot_counts = nights.islington_ballot_counts(seat)
        nights.declare_counts(seat, ballot_counts, by=nights.user(), idempotency_key="1")
        (before,) = feedparser.parse(client.get("/ge/feed.atom").content).entries
        fixed = replace(ballot_counts, rejected=229)
        nights.correct(
            seat, fixed, by=nights.user(), idempotency_key="2", base_revision=1, reason="A 9."
        )
        entries = feedparser.parse(client.get("/ge/feed.atom").content).entries
        after = next(entry for entry in entries if entry.id == before.id)
        assert after.updated > before.updated
        assert "Rejected ballots was 227, is 229" in after.summary

    def test_carries_no_scripts(self, client: Client, declared: Contest) -> None:
        feed = feedparser.parse(client.get("/ge/feed.atom").content, sanitize_html=False)
        assert "<script" not in str(feed.entries[0])


class TestStructuredData:
    def linked(self, client: Client, path: str = "/ge/") -> dict[str, Any]:
        text = client.get(path).content.decode()
        start = text.index('<script type="application/ld+json">') + 35
        data: dict[str, Any] = json.loads(text[start : text.index("</script>", start)])
        return data

    def test_is_a_live_blog_posting(self, client: Client, declared: Contest) -> None:
        data = self.linked(client)
        assert data["@type"] == "LiveBlogPosting"
        assert data["headline"].startswith("Labour hold Islington North")
        corrected = next(
            update
            for update in data["liveBlogUpdate"]
            if update["headline"] == "Labour hold Islington North, majority 26,188"
        )
        assert corrected["correction"]["@type"] == "CorrectionComment"
        text = corrected["correction"]["text"]
        assert text == "Transposed & <misheard>. Nick Wakeling was 8,451, is 8,415."

    def test_text_cannot_end_the_script_element(self, client: Client, declared: Contest) -> None:
        desk.publish(
            declared.election,
            desk.HeadlineContent(text="</script><b>Hm"),
            by=nights.user(),
            idempotency_key="h",
        )
        assert self.linked(client)["headline"] == "</script><b>Hm"

    def test_card_has_an_address_for_each_state(self, client: Client, declared: Contest) -> None:
        page = " ".join(client.get("/ge/islington-north/").content.decode().split())
        card = re.search(r"http://testserver(/ge/islington-north/card-[0-9a-f]{12}.png)", page)
        assert card is not None
        answer = client.get(card[1])
        assert answer.headers["Cache-Control"] == "public, max-age=10"
        assert answer.content == client.get("/ge/islington-north/card.png").content
        assert '<meta property="og:title" content="Labour hold Islington North' in page

    @pytest.mark.parametrize("path", ["/ge/card.png", "/ge/islington-north/card.png"])
    def test_card_is_a_png(self, client: Client, declared: Contest, path: str) -> None:
        answer = client.get(path)
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.content.startswith(b"\x89PNG")

    def test_no_card_waits_for_a_lock_that_it_holds(
        self, client: Client, declared: Contest, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Pages share few locks: now and then the address of a card has that of its drawing."""
        monkeypatch.setattr(page_cache, "_locks", [OnceALock()])
        for path in ("/ge/card-0.png", "/ge/card.png", "/ge/islington-north/card.png", "/ge/"):
            caches["pages"].clear()
            assert client.get(path).status_code == 200

    def test_card_before_anything_is_declared(self, client: Client, seat: Contest) -> None:
        assert client.get("/ge/elsewhere/card.png").status_code == 200
        assert client.get("/ge/card.png").status_code == 200


class TestRehearsals:
    @pytest.fixture(autouse=True)
    def rehearsal(self) -> None:
        night = nights.election("dummy", rehearsal=True)
        seat = nights.contest(night, "Nowhere", [("Ann Test", "con"), ("Bob Test", "lab")])
        nights.declare(seat, 21000, 9000, electorate=45000)

    def test_are_labelled_in_every_format(self, client: Client) -> None:
        feed = feedparser.parse(client.get("/dummy/feed.atom").content)
        assert feed.feed.title.startswith("Rehearsal:")
        assert json.loads(client.get("/dummy/results.json").content)["election"]["rehearsal"]
        table = client.get("/dummy/results.csv")
        assert "REHEARSAL" in table.headers["Content-Disposition"]
        page = " ".join(client.get("/dummy/").content.decode().split())
        assert '<meta property="og:title" content="Rehearsal: ' in page
        assert "ld+json" not in page

    def test_are_labelled_once_in_the_feed(self, client: Client) -> None:
        Election.objects.filter(slug="dummy").update(name="Rehearsal: Senedd")
        feed = feedparser.parse(client.get("/dummy/feed.atom").content)
        assert feed.feed.title == "Rehearsal: Senedd (invented figures)"

    @pytest.mark.parametrize("name", ["results.json", "results.csv", "feed.atom", "card.png"])
    def test_are_not_indexed(self, client: Client, name: str) -> None:
        assert "noindex" in client.get(f"/dummy/{name}").headers["X-Robots-Tag"]

    def test_are_not_in_the_sitemap(self, client: Client, seat: Contest) -> None:
        sitemap = client.get("/sitemap.xml").content
        urls = {element.text for element in ElementTree.fromstring(sitemap).iter() if element.text}
        assert "http://testserver/ge/islington-north/" in urls
        assert not any("dummy" in url for url in urls)
        assert "Disallow: /dummy/" in client.get("/robots.txt").content.decode()


PAGES = [
    "",
    "feed/",
    "feed/?only=corrections",
    "regions/",
    "regions/london/",
    "parties/",
    "parties/lab/",
    "changes/",
    "records/",
    "find/?q=zz",
    "corrections/",
    "islington-north/",
    "elsewhere/",
]


@pytest.fixture(scope="module")
def pages(rolled_back_rows: Callable[[], AbstractContextManager[None]]) -> dict[str, bytes]:
    """Each of PAGES, of the night of `declared`."""
    reader = Client()
    with rolled_back_rows():
        declare_and_correct(one_of_two_seats())
        return {page: reader.get(f"/ge/{page}").content for page in PAGES}


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_valid_html_with_unique_ids(pages: dict[str, bytes], page: str) -> None:
    tree = html5lib.HTMLParser(strict=True).parse(pages[page])
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert sorted(ids) == sorted(set(ids))


class TestExport:
    def test_json_equals_the_public_document(
        self, client: Client, declared: Contest, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command("export", "ge", "--format", "json")
        assert json.loads(capsys.readouterr().out) == document(client)

    def test_csv_equals_the_public_table(
        self, client: Client, declared: Contest, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command("export", "ge", "--format", "csv")
        table = client.get("/ge/results.csv").content.decode()
        assert capsys.readouterr().out.splitlines() == table.splitlines()

    def test_has_democracy_clubs_columns(
        self, declared: Contest, capsys: pytest.CaptureFixture[str]
    ) -> None:
        call_command("export", "ge", "--format", "democracy-club")
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert len(rows) == 6
        assert rows[0]["person_name"] == "Jeremy Corbyn"
        assert rows[0]["votes_cast"] == "34603"
        assert rows[0]["elected"] == "t"

    def test_unknown_election_is_an_error(self) -> None:
        with pytest.raises(CommandError, match="no election “nowhere”"):
            call_command("export", "nowhere")
