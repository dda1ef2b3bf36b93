"""The night for programs: what we emit is what others' parsers read, with the pages' figures."""

import csv
import io
import json
from dataclasses import replace
from xml.etree import ElementTree

import feedparser
import html5lib
import pytest
from django.core.management import CommandError, call_command

from results import desk
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    night = nights.election()
    seat = nights.islington_north(night)
    nights.contest(night, "Elsewhere", [("=cmd()", "con"), ("Bob <b>Rice", "lab")])
    return seat


@pytest.fixture
def declared(seat):
    ballot_counts = nights.islington_ballot_counts(seat)
    by = nights.user()
    wakeling = seat.candidates.get(name="Nick Wakeling")
    misheard = replace(ballot_counts, votes={**ballot_counts.votes, wakeling.pk: 8451})
    desk.declare(seat, misheard, by=by, idempotency_key="1")
    desk.correct(
        seat,
        ballot_counts,
        by=by,
        idempotency_key="2",
        base_revision=1,
        reason="Transposed & <misheard>.",
    )
    desk.publish(
        seat.election,
        desk.QuoteContent(words="No <script>.", contest=seat, speaker="Jeremy Corbyn"),
        by=by,
        idempotency_key="3",
    )
    return seat


def document(client):
    return json.loads(client.get("/ge/results.json").content)


class TestTheDocument:
    def test_of_the_election(self, client, declared):
        told = document(client)["election"]
        assert told["declared"] == 1
        assert told["seats"] == 2
        assert told["sequence"] == 3
        assert told["baseline"] == "last general election"

    def test_of_a_seat_as_the_pages_have_it(self, client, declared):
        north = next(one for one in document(client)["contests"] if one["name"] != "Elsewhere")
        assert north["result"] == "Lab hold"
        assert north["status"] == "corrected"
        assert (north["valid_votes"], north["rejected"], north["majority"]) == (53805, 227, 26188)
        assert (north["turnout_valid"], north["turnout_ballots"]) == ("71.6", "71.9")
        corbyn = north["candidates"][0]
        assert corbyn["name"] == "Jeremy Corbyn"
        assert (corbyn["votes"], corbyn["share"], corbyn["elected"]) == (34603, "64.3", True)

    def test_of_a_correction(self, client, declared):
        north = next(one for one in document(client)["contests"] if one["name"] != "Elsewhere")
        (correction,) = north["corrections"]
        assert correction["reason"] == "Transposed & <misheard>."
        assert correction["changes"][0] == {
            "figure": "Nick Wakeling",
            "before": "8,451",
            "after": "8,415",
        }

    def test_of_a_seat_that_has_not_declared(self, client, declared):
        external_figures = next(
            one for one in document(client)["contests"] if one["name"] == "Elsewhere"
        )
        assert external_figures["result"] is None
        assert [one["votes"] for one in external_figures["candidates"]] == [None, None]

    def test_follows_every_revision(self, client, seat):
        assert document(client)["election"]["declared"] == 0
        desk.declare(
            seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="1"
        )
        north = next(one for one in document(client)["contests"] if one["name"] != "Elsewhere")
        assert north["candidates"][0]["votes"] == 34603
        seat.candidates.filter(name="Jeremy Corbyn").update(name="J. Corbyn")
        desk.republish(seat.election, [seat], by=nights.user(), idempotency_key="2")
        north = next(one for one in document(client)["contests"] if one["name"] != "Elsewhere")
        assert north["candidates"][0]["name"] == "J. Corbyn"

    def test_is_open_to_every_page(self, client, declared):
        for name in ["results.json", "results.csv", "feed.atom"]:
            answer = client.get(f"/ge/{name}")
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            again = client.get(f"/ge/{name}", headers={"if-none-match": answer.headers["ETag"]})
            assert again.status_code == 304


def test_the_table_is_safe_in_a_spreadsheet(client, declared):
    text = client.get("/ge/results.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 8
    corbyn = next(row for row in rows if row["candidate"] == "Jeremy Corbyn")
    assert (corbyn["votes"], corbyn["share_change"], corbyn["elected"]) == ("34603", "-9.7", "yes")
    assert "'=cmd()" in {row["candidate"] for row in rows}


class TestTheFeed:
    def test_is_read_by_a_feed_reader(self, client, declared):
        feed = feedparser.parse(client.get("/ge/feed.atom").content)
        assert not feed.bozo, feed.get("bozo_exception")
        assert feed.version == "atom10"
        titles = [entry.title for entry in feed.entries]
        assert titles[0] == "Quote: Jeremy Corbyn, Islington North"
        assert titles[1] == "Correction: Islington North"
        assert "Labour hold Islington North, majority 26,188" in titles
        assert feed.entries[0].link == "http://testserver/ge/islington-north/"

    def test_keeps_an_entrys_id_and_moves_its_time(self, client, seat):
        ballot_counts = nights.islington_ballot_counts(seat)
        desk.declare(seat, ballot_counts, by=nights.user(), idempotency_key="1")
        (before,) = feedparser.parse(client.get("/ge/feed.atom").content).entries
        fixed = replace(ballot_counts, rejected=229)
        desk.correct(
            seat, fixed, by=nights.user(), idempotency_key="2", base_revision=1, reason="A 9."
        )
        entries = feedparser.parse(client.get("/ge/feed.atom").content).entries
        after = next(entry for entry in entries if entry.id == before.id)
        assert after.updated > before.updated
        assert "Rejected ballots was 227, is 229" in after.summary

    def test_carries_nothing_that_a_reader_would_run(self, client, declared):
        feed = feedparser.parse(client.get("/ge/feed.atom").content, sanitize_html=False)
        assert "<script" not in str(feed.entries[0])


class TestWhatAPageSaysOfItself:
    def linked(self, client, path="/ge/"):
        text = client.get(path).content.decode()
        start = text.index('<script type="application/ld+json">') + 35
        return json.loads(text[start : text.index("</script>", start)])

    def test_as_a_live_blog(self, client, declared):
        told = self.linked(client)
        assert told["@type"] == "LiveBlogPosting"
        assert told["headline"].startswith("Labour hold Islington North")
        corrected = next(
            update
            for update in told["liveBlogUpdate"]
            if update["headline"] == "Labour hold Islington North, majority 26,188"
        )
        assert corrected["correction"]["@type"] == "CorrectionComment"
        assert "Nick Wakeling was 8,451, is 8,415" in corrected["correction"]["text"]

    def test_nothing_in_it_ends_its_block(self, client, declared):
        desk.publish(
            declared.election,
            desk.HeadlineContent(text="</script><b>Hm"),
            by=nights.user(),
            idempotency_key="h",
        )
        assert self.linked(client)["headline"] == "</script><b>Hm"

    def test_with_a_card_that_carries_its_number(self, client, declared):
        page = client.get("/ge/islington-north/").content.decode()
        assert 'content="http://testserver/ge/islington-north/card.png?at=3"' in page
        assert '<meta property="og:title" content="Labour hold Islington North' in page

    @pytest.mark.parametrize("path", ["/ge/card.png", "/ge/islington-north/card.png"])
    def test_the_card_is_a_picture(self, client, declared, path):
        answer = client.get(path)
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.content.startswith(b"\x89PNG")

    def test_a_card_before_anything_is_declared(self, client, seat):
        assert client.get("/ge/elsewhere/card.png").status_code == 200
        assert client.get("/ge/card.png").status_code == 200


class TestRehearsals:
    @pytest.fixture(autouse=True)
    def rehearsal(self):
        night = nights.election("dummy", rehearsal=True)
        seat = nights.contest(night, "Nowhere", [("Ann Test", "con"), ("Bob Test", "lab")])
        nights.declare(seat, 21000, 9000, electorate=45000)

    def test_say_so_wherever_they_go(self, client):
        feed = feedparser.parse(client.get("/dummy/feed.atom").content)
        assert feed.feed.title.startswith("Rehearsal:")
        assert json.loads(client.get("/dummy/results.json").content)["election"]["rehearsal"]
        table = client.get("/dummy/results.csv")
        assert "REHEARSAL" in table.headers["Content-Disposition"]
        page = client.get("/dummy/").content.decode()
        assert '<meta property="og:title" content="Rehearsal: ' in page
        assert "ld+json" not in page

    @pytest.mark.parametrize("name", ["results.json", "results.csv", "feed.atom", "card.png"])
    def test_stay_away_from_search_engines(self, client, name):
        assert "noindex" in client.get(f"/dummy/{name}").headers["X-Robots-Tag"]

    def test_are_in_no_sitemap(self, client, seat):
        sitemap = client.get("/sitemap.xml").content
        found = {element.text for element in ElementTree.fromstring(sitemap).iter() if element.text}
        assert "http://testserver/ge/islington-north/" in found
        assert not any("dummy" in address for address in found)
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


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_html_to_a_strict_parser(client, declared, page):
    text = client.get(f"/ge/{page}").content
    tree = html5lib.HTMLParser(strict=True).parse(text)
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert sorted(ids) == sorted(set(ids))


class TestExport:
    def test_is_the_same_document(self, client, declared, capsys):
        call_command("export", "ge", "--format", "json")
        assert json.loads(capsys.readouterr().out) == document(client)

    def test_is_the_same_table(self, client, declared, capsys):
        call_command("export", "ge", "--format", "csv")
        table = client.get("/ge/results.csv").content.decode()
        assert capsys.readouterr().out.splitlines() == table.splitlines()

    def test_in_democracy_clubs_columns(self, declared, capsys):
        call_command("export", "ge", "--format", "democracy-club")
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert len(rows) == 6
        assert rows[0]["person_name"] == "Jeremy Corbyn"
        assert rows[0]["votes_cast"] == "34603"
        assert rows[0]["elected"] == "t"

    def test_of_no_election(self):
        with pytest.raises(CommandError, match="no election “nowhere”"):
            call_command("export", "nowhere")
