"""Attribution of imports: their source, and unknown facts such as times of declaration."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from results import desk
from results.models import (
    Declaration,
    Election,
    LastResult,
    Milestone,
    ReviewItem,
    Standing,
)
from tests import nights
from tests.exchange import files
from tests.present import present

pytestmark = pytest.mark.django_db

Load = Callable[..., Election]
#: Three seats, so that milestones are reached.
SEATS = ("X1", "Upper Vale"), ("X2", "Lower Vale"), ("X3", "Mid Vale")
CANDIDATES = "ons_id,constituency_name,party_name,party_abbreviation,firstname,surname,votes\n"
CANDIDATES += "".join(
    f"{code},{name},Labour,Lab,Ann,Hall,21000\n{code},{name},Conservative,Con,Bob,Rice,19000\n"
    for code, name in SEATS
)
TOTALS = "ons_id,constituency_name,electorate,valid_votes,declaration_time\n" + "".join(
    f"{code},{name},70000,40000,2019-12-13 0{number}:00\n"
    for number, (code, name) in enumerate(SEATS, start=1)
)


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Return `load(*options, **texts)`: it declares the files, at an election of 2019."""

    def run(*options: str, **texts: str) -> Election:
        texts = texts or {"council_results": CANDIDATES}
        paths = [files.write(tmp_path, f"{name}.csv", text) for name, text in texts.items()]
        call_command(
            "load_results", "ge", *paths, "--as", "declared", "--date", "2019-12-12", *options
        )
        return Election.objects.get(slug="ge")

    return run


# --- Sources --------------------------------------------------------------------------------


def library(text: str) -> str:
    """The text with the columns that the Library's editions have."""
    header, *rows = text.splitlines()
    return "\n".join(
        [f"{header},ons_region_id,constituency_type", *(f"{r},R1,County" for r in rows)]
    )


@pytest.mark.parametrize(
    ("texts", "options", "source"),
    [
        ({"council_results": CANDIDATES}, (), "File council_results.csv"),
        ({"results": library(CANDIDATES)}, (), "House of Commons Library"),
        (
            {"results": library(CANDIDATES), "seats": library(TOTALS)},
            (),
            "House of Commons Library, CBP-8749",
        ),
        ({"results": CANDIDATES}, ("--source", "Vale Council"), "Vale Council"),
    ],
)
def test_import_says_its_own_source(
    load: Load, client: Client, texts: dict[str, str], options: tuple[str, ...], source: str
) -> None:
    load(*options, **texts)
    declaration = present(Declaration.objects.first())
    assert declaration.source == source
    if declaration.warnings:
        assert declaration.warning_reason == f"As published: {source}."
    for path in ("/ge/", "/ge/upper-vale/", "/ge/feed/"):
        html = client.get(path).content.decode()
        assert source in html
        assert "Reported from the count" not in html


def test_source_of_a_row_is_the_rows_own(load: Load) -> None:
    header, *rows = CANDIDATES.splitlines()
    text = "\n".join([f"{header},source", *(f"{row},Notice of Vale Council" for row in rows)])
    load(results=text)
    assert {row.source for row in Declaration.objects.all()} == {"Notice of Vale Council"}


def test_last_results_have_the_source_of_their_file(tmp_path: Path) -> None:
    nights.contest(nights.election(), "Upper Vale", [("Ann", "lab")], code="X1")
    text = "".join(CANDIDATES.splitlines(keepends=True)[:3])
    call_command("load_results", "ge", files.write(tmp_path, "notional.csv", text))
    assert LastResult.objects.get().source == "File notional.csv"


def test_proposed_correction_names_the_file(load: Load, tmp_path: Path) -> None:
    load()
    path = files.write(tmp_path, "later.csv", CANDIDATES.replace("21000", "21001"))
    call_command("compare", "ge", path, "--propose")
    reasons = {item.content["reason"] for item in ReviewItem.objects.all()}
    assert reasons == {"The published results have other figures: File later.csv."}


def test_source_that_is_too_long_is_refused(load: Load) -> None:
    with pytest.raises(CommandError, match="--source"):
        load("--source", "x" * 201)
    assert not Declaration.objects.exists()


# --- Times ----------------------------------------------------------------------------------


def document(client: Client, path: str) -> Any:
    return json.loads(client.get(path).content)


def live_blog(html: str) -> dict[str, Any]:
    text = html.split('type="application/ld+json"', 1)[1].split(">", 1)[1]
    found: dict[str, Any] = json.loads(text.split("</script>", 1)[0])
    return found


def test_file_without_times_gives_none(load: Load, client: Client) -> None:
    load()
    milestones = Milestone.objects.all()
    assert {milestone.reached for milestone in milestones} >= {"first", "line", "all"}
    assert {milestone.at for milestone in milestones} == {None}
    html = client.get("/ge/").content.decode()
    feed = client.get("/ge/feed/").content.decode()
    assert "reached at" not in html
    assert '<span class="when"></span>' in html
    # But the day of the poll in the masthead.
    assert "T" not in "".join(re.findall(r'<time datetime="([^"]*)"', feed))
    assert ">bulletin 1</a>" in feed
    seat = client.get("/ge/upper-vale/").content.decode()
    # The close of poll alone.
    moments = set(re.findall(r'<time datetime="([^"]*T[^"]*)"', seat))
    assert moments == {"2019-12-12T22:00:00+00:00"}
    contests = document(client, "/ge/results.json")["contests"]
    assert {contest["declared_at"] for contest in contests} == {None}
    text = client.get("/ge/results.csv").content.decode("utf-8-sig")
    assert {row["declared_at"] for row in csv.DictReader(io.StringIO(text))} == {""}
    blog = live_blog(html)
    assert "dateModified" not in blog
    assert all("datePublished" not in update for update in blog["liveBlogUpdate"])
    entries = feedparser.parse(client.get("/ge/feed.atom").content).entries
    assert not any("published" in entry for entry in entries)


def test_entries_without_times_keep_their_order(load: Load, client: Client) -> None:
    load()
    entries = feedparser.parse(client.get("/ge/feed.atom").content).entries
    results = [entry.link for entry in entries if "labour win" in entry.title.lower()]
    assert [link.rsplit("/", 2)[1] for link in results] == ["mid-vale", "lower-vale", "upper-vale"]


def test_file_with_times_gives_its_own(load: Load, client: Client) -> None:
    load(results=CANDIDATES, seats=TOTALS)
    at = present(Milestone.objects.get(reached="line")).at
    assert at == datetime(2019, 12, 13, 2, tzinfo=UTC)
    html = client.get("/ge/").content.decode().replace("\u00a0", " ")
    assert "2 reached at 02:00" in html
    assert '<span class="when">03:00</span>' in html


def test_correction_of_a_result_without_a_time_has_one(load: Load, client: Client) -> None:
    election = load()
    seat = election.contests.get(slug="upper-vale")
    request = {"by": nights.user(), "reason": "Misread.", "base_revision": 1}
    counts = nights.ballot_counts(seat, 18000, 19000, electorate=70000)
    nights.correct(seat, counts, idempotency_key="c", warning_reason="So.", **request)
    html = client.get("/ge/").content.decode()
    assert '<span class="when"></span>' not in html
    assert "dateModified" in live_blog(html)


def test_result_of_a_postponed_poll_is_an_error_of_the_file(load: Load) -> None:
    election = load()
    seat = nights.contest(election, "Far Vale", [], code="X4")
    by = nights.user()
    desk.report_status(seat, Standing.Status.POSTPONED, by=by, idempotency_key="p")
    text = CANDIDATES.replace("X1,Upper Vale", "X4,Far Vale")
    with pytest.raises(CommandError, match="Far Vale: This poll is postponed"):
        load(results=text)
