"""Whole nights with polls that are not held: unopposed, vacant and postponed seats."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client

from results import desk
from results.models import Bulletin, Contest, Declaration, Election, Milestone, Night, Standing
from tests import nights

pytestmark = pytest.mark.django_db

FOUND = Path(__file__).parent / "found"
HEADER = (
    "person_id,person_name,election_id,ballot_paper_id,election_date,party_name,party_id,post_id,"
    "post_label,gss,organisation_name,cancelled_poll,seats_contested\n"
)
#: Ward: seats, whether its poll is cancelled, and the parties of its candidates.
WARDS: dict[str, tuple[int, str, tuple[str, ...]]] = {
    "Ash": (1, "f", ("Labour Party", "Green Party")),
    "Beech": (1, "f", ("Green Party", "Labour Party")),
    "Cedar": (1, "t", ("Labour Party",)),
    "Dogwood": (3, "t", ("Labour Party", "Green Party")),
    "Elm": (1, "t", ("Labour Party", "Green Party")),
}
IDS = {"Labour Party": "PP53", "Green Party": "PP63"}


def file_of(tmp_path: Path, wards: dict[str, tuple[int, str, tuple[str, ...]]] = WARDS) -> Path:
    """A council's candidates, called “Ash One” and “Ash Two”, in order of name."""
    rows, number = [HEADER], 100
    for code, (ward, (seats, cancelled, parties)) in enumerate(wards.items(), start=21):
        for name, party in zip(("One", "Two", "Xray"), parties, strict=False):
            number += 1
            rows.append(
                f"{number},{ward} {name},local.rivers.2022-06-16,local.rivers.{ward.lower()}."
                f"2022-06-16,2022-06-16,{party},{IDS[party]},E050000{code},{ward},E050000{code},"
                f"Rivers,{cancelled},{seats}\n"
            )
    path = tmp_path / "candidates.csv"
    path.write_text("".join(rows))
    return path


def load(path: Path, slug: str = "rivers", **options: Any) -> str:
    out = io.StringIO()
    call_command("load_candidates", slug, path, stdout=out, **options)
    return out.getvalue()


def status_of(name: str) -> str:
    return str(Standing.objects.get(contest__name=name).status)


def text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


def page(client: Client, path: str = "") -> str:
    answer = client.get(f"/rivers/{path}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def night(tmp_path: Path) -> Election:
    load(file_of(tmp_path))
    return Election.objects.get(slug="rivers")


# --- Files ----------------------------------------------------------------------------------


def test_cancelled_poll_with_a_contest_is_postponed() -> None:
    said = load(FOUND / "d3-cancelled-poll.csv")
    assert "South: postponed, 2 standing for 1 seat" in said
    assert status_of("South") == Standing.Status.POSTPONED
    assert not Standing.objects.filter(contest__name="North").exists()
    assert Night.objects.get().standing_tally.postponed == 1
    assert Bulletin.objects.get().kind == Bulletin.Kind.STATUS


def test_cancelled_poll_without_a_contest_is_unopposed() -> None:
    said = load(FOUND / "d4-uncontested.csv")
    assert "Billing: elected unopposed, 1 standing for 2 seats" in said
    for name in ("Billing", "Martin"):
        assert status_of(name) == Standing.Status.UNOPPOSED
    tally = Night.objects.get().standing_tally
    assert (tally.seats, tally.unopposed, tally.vacant) == (2, 2, 1)
    declaration = Declaration.objects.get(contest__name="Billing")
    assert declaration.source == "Candidates file of Democracy Club, d4-uncontested.csv"
    assert declaration.declared_at is None


def test_uncontested_without_a_mark_is_named_and_not_published(tmp_path: Path) -> None:
    path = file_of(tmp_path, WARDS | {"Cedar": (1, "f", ("Labour Party",))})
    assert "Cedar: uncontested according to the numbers, 1 standing for 1 seat" in load(path)
    assert not Standing.objects.filter(contest__name="Cedar").exists()


def test_preview_says_which_polls_are_not_held(tmp_path: Path) -> None:
    call_command("load_candidates", "rivers", file_of(tmp_path, {"Ash": WARDS["Ash"]}))
    said = load(file_of(tmp_path), preview=True)
    assert "new: result Cedar (Elected unopposed: Cedar One; 0 vacant)" in said
    assert "new: poll Elm (Postponed)" in said
    assert not Bulletin.objects.exists()


def test_unopposed_is_published_before_polling_day(tmp_path: Path) -> None:
    path = file_of(tmp_path)
    path.write_text(path.read_text().replace("2022-06-16", "2042-06-12"))
    load(path)
    assert status_of("Cedar") == Standing.Status.UNOPPOSED
    assert status_of("Elm") == Standing.Status.POSTPONED


def test_loading_again_publishes_nothing(night: Election, tmp_path: Path) -> None:
    bulletins = Bulletin.objects.count()
    load(file_of(tmp_path))
    assert Bulletin.objects.count() == bulletins


def test_does_not_publish_again_what_an_editor_took_back(night: Election, tmp_path: Path) -> None:
    by = nights.user("editor", staff=True)
    cedar, elm = night.contests.get(name="Cedar"), night.contests.get(name="Elm")
    request = {"by": by, "reason": "Another stands.", "base_revision": 1}
    nights.withdraw(cedar, idempotency_key="w", **request)
    desk.report_status(elm, Standing.Status.AWAITING, by=by, idempotency_key="s")
    said = load(file_of(tmp_path))
    assert "Cedar: the file has 1 standing for 1 seat" in said
    assert status_of("Cedar") == Standing.Status.WITHDRAWN
    assert status_of("Elm") == Standing.Status.AWAITING


def test_others_who_stand_in_a_later_file_are_refused(night: Election, tmp_path: Path) -> None:
    path = file_of(tmp_path, WARDS | {"Cedar": (1, "f", ("Labour Party", "Green Party"))})
    with pytest.raises(CommandError, match="Cedar Two"):
        load(path)
    path = file_of(tmp_path, WARDS | {"Cedar": (2, "t", ("Labour Party",))})
    with pytest.raises(CommandError, match="seats_contested: Cedar is published as elected"):
        load(path)


def test_rows_that_differ_about_a_poll_are_refused(tmp_path: Path) -> None:
    path = file_of(tmp_path, {"Ash": WARDS["Ash"]})
    path.write_text(path.read_text().replace("Rivers,f,1", "Rivers,t,1", 1))
    with pytest.raises(CommandError, match="the rows of Ash differ"):
        load(path)
    path.write_text(path.read_text().replace("Rivers,t,1", "Rivers,maybe,1", 1))
    with pytest.raises(CommandError, match="neither t nor f"):
        load(path)
    assert not Contest.objects.exists()


# --- The night ------------------------------------------------------------------------------


def test_before_the_count_nothing_has_declared(night: Election, client: Client) -> None:
    html = page(client)
    assert "Polls have closed" in html
    assert "4 of 7 seats in 2 of 5 wards declared" in " ".join(text_of(html).split())
    assert "2 seats to come" in html
    assert "3 elected unopposed, 1 vacant, 1 postponed." in html
    assert not Milestone.objects.exists()


def test_nobody_stands_at_all(night: Election, client: Client) -> None:
    ward = nights.contest(night, "Fir", [], seats=2)
    desk.start_new_epoch(night)
    result = desk.publish_unopposed(ward, by=nights.user(), idempotency_key="fir")
    assert result.bulletin.summary == "Fir: no candidates; 2 seats vacant"
    assert "Nobody stood" in page(client, "fir/")
    assert "2 vacant" in page(client)
    text = client.get("/rivers/results.csv").content.decode("utf-8-sig")
    (row,) = [row for row in csv.DictReader(io.StringIO(text)) if row["contest"] == "Fir"]
    assert (row["candidate"], row["vacant"]) == ("", "2")


class TestFinished:
    """The night after its last count."""

    @pytest.fixture(scope="class")
    @classmethod
    def declared(
        cls,
        rolled_back_rows: Callable[[], AbstractContextManager[None]],
        tmp_path_factory: pytest.TempPathFactory,
    ) -> Iterator[int]:
        with rolled_back_rows():
            load(file_of(tmp_path_factory.mktemp("wards")))
            for name in ("Ash", "Beech"):
                nights.declare(Contest.objects.get(name=name), 200, 100)
            yield Election.objects.get(slug="rivers").pk

    @pytest.fixture
    def finished(self, declared: int, db: None, rendered_of_no_night: None) -> Election:
        return Election.objects.get(pk=declared)

    def test_night_ends_without_the_seats_that_have_no_poll(
        self, finished: Election, client: Client
    ) -> None:
        html = page(client)
        assert "6 of 7 seats in 4 of 5 wards declared" in " ".join(text_of(html).split())
        assert "1 vacant" in html
        assert "1 postponed" in html
        # The key of the tiles stays, so that nothing moves when the last ward declares.
        assert "to come" not in html.replace("to come, over who holds it now", "")
        assert "Every poll that was held has declared" in html
        assert Milestone.objects.filter(reached="all", undone_by=None).exists()
        assert "Labour hold" not in html

    @pytest.mark.parametrize(
        ("path", "words"),
        [
            ("cedar/", ("Labour win Cedar, elected unopposed", "no poll was held")),
            ("dogwood/", ("elected unopposed; 1 seat vacant", "1 seat is vacant.")),
            ("elm/", ("The poll here is postponed to another day.",)),
            ("changes/", ()),
            ("parties/", ("6 of 7 seats",)),
            ("parties/lab/", ("Cedar", "Dogwood")),
            ("regions/", ()),
            ("records/", ("6 of 7 seats",)),
            ("feed/", ("Elected unopposed", "Cedar")),
            ("", ("Lab, unopposed", "Lab 1, Green 1, unopposed, 1 vacant", "Postponed")),
            ("feed.atom", ("Labour win Cedar, elected unopposed",)),
        ],
    )
    def test_pages_say_that_the_poll_is_postponed(
        self, finished: Election, client: Client, path: str, words: tuple[str]
    ) -> None:
        html = page(client, path)
        for some in words:
            assert some in html
        assert "to follow" not in html

    @pytest.mark.parametrize(
        "path", ["card.png", "cedar/card.png", "dogwood/card.png", "elm/card.png"]
    )
    def test_cards_are_drawn(self, finished: Election, client: Client, path: str) -> None:
        assert client.get(f"/rivers/{path}").headers["Content-Type"] == "image/png"

    def test_json_counts_them_apart(self, finished: Election, client: Client) -> None:
        data = json.loads(client.get("/rivers/results.json").content)
        counts = {
            name: data["election"][name] for name in ("seats", "declared", "unopposed", "vacant")
        }
        assert counts == {"seats": 7, "declared": 6, "unopposed": 3, "vacant": 1}
        assert data["election"]["postponed"] == 1
        contests = {contest["name"]: contest for contest in data["contests"]}
        cedar, dogwood, elm = contests["Cedar"], contests["Dogwood"], contests["Elm"]
        assert (cedar["status"], cedar["unopposed"], cedar["vacant"]) == ("unopposed", True, 0)
        assert cedar["majority"] is cedar["turnout_valid"] is cedar["declared_at"] is None
        assert [one["votes"] for one in dogwood["candidates"]] == [None, None]
        assert [one["elected"] for one in dogwood["candidates"]] == [True, True]
        assert (dogwood["result"], dogwood["vacant"]) == ("Lab 1, Green 1, unopposed, 1 vacant", 1)
        assert (elm["status"], elm["result"], elm["vacant"]) == ("postponed", None, None)

    def test_csv_says_so(self, finished: Election, client: Client) -> None:
        text = client.get("/rivers/results.csv").content.decode("utf-8-sig")
        rows = {row["candidate"]: row for row in csv.DictReader(io.StringIO(text))}
        assert (rows["Cedar One"]["elected"], rows["Cedar One"]["votes"]) == ("yes", "")
        assert (rows["Cedar One"]["unopposed"], rows["Dogwood One"]["vacant"]) == ("yes", "1")
        assert rows["Elm One"]["status"] == "postponed"

    def test_postponement_taken_back_is_a_seat_to_come(
        self, finished: Election, client: Client
    ) -> None:
        elm = finished.contests.get(name="Elm")
        by = nights.user("editor", staff=True)
        desk.report_status(elm, Standing.Status.UNDER_WAY, by=by, idempotency_key="back")
        assert "postponed" not in page(client)
        assert not Milestone.objects.filter(reached="all", undone_by=None).exists()
        nights.declare(elm, 20, 10)
        assert "7 of 7 declared" in page(client)

    def test_stories_and_results_of_it(self, finished: Election, tmp_path: Path) -> None:
        call_command("stories", "rivers", tmp_path / "stories")
        text = (tmp_path / "stories" / "dogwood.txt").read_text()
        assert "are elected unopposed in Dogwood" in text
        assert "1 seat is vacant" in text
        assert "votes are not known" not in text

    def test_postponed_polls_of_an_existing_database_are_counted(self, finished: Election) -> None:
        migration = import_module("results.migrations.0020_polls_not_held")
        night = Night.objects.get(election=finished)
        before = night.standing_tally
        migration.forget_postponed(apps, None)
        assert "postponed" not in Night.objects.get(election=finished).tally
        migration.count_postponed(apps, None)
        migration.count_postponed(apps, None)
        assert Night.objects.get(election=finished).standing_tally == before
        assert Standing.objects.get(contest__name="Elm").added_to_tally.postponed == 1

    def test_embeds_say_that_the_poll_is_postponed(
        self, finished: Election, client: Client
    ) -> None:
        scoreboard = client.get("/embed/rivers/scoreboard/").content.decode()
        assert "postponed" in scoreboard
        assert "vacant" in scoreboard
        assert "elected unopposed" in client.get("/embed/rivers/cedar/").content.decode()
        assert "postponed to another day" in client.get("/embed/rivers/elm/").content.decode()

    def test_closed_night_is_archived_whole(self, finished: Election, tmp_path: Path) -> None:
        Election.objects.update(final=True)
        desk.start_new_epoch(finished)
        folder = tmp_path / "archive"
        call_command("archive", "rivers", folder)
        seat = (folder / "rivers" / "dogwood" / "index.html").read_text()
        assert "1\u00a0seat is vacant." in seat
        assert "postponed" in (folder / "rivers" / "index.html").read_text()

    def test_rebuilt_tally_is_the_same(self, finished: Election) -> None:
        before = Night.objects.get(election=finished).standing_tally
        desk.start_new_epoch(finished)
        assert Night.objects.get(election=finished).standing_tally == before
        call_command("verify", "rivers")


def test_draft_keeps_polls_that_are_not_held_until_it_is_published(tmp_path: Path) -> None:
    """A draft can be set up from such a file: nothing in it is published before it is itself."""
    file = file_of(tmp_path)
    out = load(file, draft=True)
    assert "Elm: postponed, 2 standing for 1 seat: not published, since “" in out
    assert out.count("not published, since") == 3
    assert "load the file again when it is" in out
    assert Contest.objects.count() == 5
    assert not Bulletin.objects.exists()
    assert load(file, preview=True).count("not published, since") == 3
    Election.objects.update(visibility=Election.Visibility.PUBLISHED)
    assert "not published" not in load(file)
    assert Standing.objects.get(contest__name="Elm").status == Standing.Status.POSTPONED
    assert Bulletin.objects.count() == 3


@pytest.mark.parametrize("command", ["load_results", "replay"])
def test_results_of_a_draft_are_refused_and_nothing_is_changed(
    tmp_path: Path, command: str
) -> None:
    file = tmp_path / "results.csv"
    file.write_text("Ward,Candidate,Party,Votes,Elected\nAsh,Ann,Labour,9,yes\nAsh,Bob,Green,8,\n")
    options = ["--as", "declared"] if command == "load_results" else ["--speed", "0"]
    with pytest.raises(CommandError, match="is a draft: results are declared once") as raised:
        call_command(command, "rivers", file, *options, "--date", "2022-06-16", "--draft")
    assert str(raised.value).startswith(str(file))
    assert not Election.objects.exists()
