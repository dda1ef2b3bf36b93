"""Upgrade of a desk of the previous release with every kind of row."""

import gzip
import io
import json
import re
import sqlite3
import subprocess
import sys
import tarfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from PIL import Image
from websockets.sync.client import connect
from websockets.typing import Origin

from results.live.pictures import path_of
from results.models import WIDTHS
from tests.acceptance import upgraded
from tests.acceptance.backups import database, is_on_sqlite, media
from tests.acceptance.public_addresses import get
from tests.backing import Postgres
from tests.needs import ROOT
from tests.phone import Phone
from tests.processes import START_SECONDS
from tests.servers import Server
from tests.upgrade.constants import LINK, PASSWORD, SESSION

#: Later than the last publication of the previous release, and earlier than any of these tests.
MADE_AT = datetime(2025, 5, 3, tzinfo=UTC)
STANDS = (
    "A quote that stands.", "A second wording.", "A post that stands.", "A headline that stands",
    "A photo that stands", "A wire service", "Misheard.",
)  # fmt: skip
GONE = ("A withdrawn quote.", "A first wording.", "A withdrawn post.", "A photo, withdrawn")
#: The one table that a migration removes rows from: enrolments that were not confirmed begin again.
FEWER = {"otp_totp_totpdevice"}
NEW_PERMISSIONS = (
    *("_signinthrottle: ", "_body: ", "_electioncorrection: ", "_message: ", "_messagereading: "),
    *("withdraw_for_good: ", "merge_duplicates: ", "_apitoken: ", "_webhook: "),
    *("_webhookdelivery: ", "view_user: ", "delete_election: ", "_housestyle: "),
)
#: Tables that have another name now.
RENAMED = {
    "results_act": "results_auditentry",
    "results_elsewhere": "results_externalfigures",
    "results_offer": "results_reviewitem",
    "results_receipt": "results_idempotencyrecord",
    "results_serving": "results_readercount",
}
#: Kinds and models of the previous release that have another name now.
OLD_NAMES = {"flash", "rush", "elsewhere", "offer", "act", "serving", "receipt"}


def previous_sql(engine: str) -> str:
    file = ROOT / "tests" / "upgrade" / f"{engine}.sql.gz"
    return gzip.decompress(file.read_bytes()).decode()


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.services)]
)
def previous(request: pytest.FixtureRequest, make_desk: Callable[..., Server]) -> Server:
    """A desk with the database of the previous release, not yet migrated."""
    if request.param == "sqlite":
        desk = make_desk()
        database(desk).unlink()
        with closing(sqlite3.connect(database(desk))) as there:
            there.executescript(previous_sql("sqlite"))
        return desk
    cluster: Postgres = request.getfixturevalue("postgres")
    url = cluster.create_database("previous")
    subprocess.run(
        ["psql", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", url],
        input=previous_sql("postgresql"), text=True, check=True,
    )  # fmt: skip
    return make_desk(database_url=url)


@pytest.fixture(scope="module")
def rows_before(previous: Server) -> dict[str, int]:
    previous.seed(upgraded.add_council)
    return previous.seed(upgraded.rows)


@pytest.fixture(scope="module")
def desk(previous: Server, rows_before: dict[str, int]) -> Iterator[Server]:
    """The same desk with its pictures, migrated and served by this release."""
    previous.manage("migrate", "--verbosity", "0")
    for name in previous.seed(upgraded.photos):
        for width in WIDTHS:
            path = media(previous) / path_of(name, width)
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", (width, width // 2), "gray").save(path, "JPEG")
    with previous as running:
        yield running


def test_no_row_is_lost(desk: Server, rows_before: dict[str, int]) -> None:
    after = desk.seed(upgraded.rows)
    fewer = {
        table for table, before in rows_before.items() if after[RENAMED.get(table, table)] < before
    }
    assert fewer == FEWER
    desk.manage("migrate", "--check")


def test_pages_show_what_stood_and_nothing_withdrawn(desk: Server) -> None:
    pages = [
        "", "feed/", "north/", "vale/", "dale/", "corrections/", "changes/", "records/", "regions/",
        "parties/", "groups/key/", "results.json", "results.csv", "feed.atom", "card.png",
        *(f"feed/?before={number}" for number in range(1, 25, 3)),
    ]  # fmt: skip
    answers = [get(desk.url(f"/ge/{page}")) for page in pages]
    assert {answer.status for answer in answers} == {200}
    text = "".join(answer.text for answer in answers)
    assert [words for words in STANDS if words not in text] == []
    assert [words for words in GONE if words in text] == []
    photos = {
        name: get(desk.url(f"/ge/photos/{name}-640.jpg")).status
        for name in desk.seed(upgraded.photos)
    }
    assert sorted(photos.values()) == [200, 404]
    assert desk.manage("verify", "ge").stdout.startswith("ge: ")


def test_stored_names_are_those_of_this_release(desk: Server) -> None:
    kinds = desk.seed(upgraded.stored_kinds)
    assert [name for name, values in kinds.items() if OLD_NAMES & set(values)] == []
    assert "winner_only" in kinds["bulletins"]
    assert "external" in kinds["bulletins"]
    assert desk.seed(upgraded.entries_without_number) == 0


def test_each_election_has_a_body_with_its_contests(desk: Server) -> None:
    assert desk.seed(upgraded.contests_by_body) == {"House of Commons": 3}


def test_council_keeps_its_wards_when_its_file_is_loaded_again(
    desk: Server, tmp_path: Path
) -> None:
    council = {"kind": "council", "bodies": ["Northshire"]}
    wards = [[90, "st-michaels", "Northshire"], [91, "the-hill", "Northshire"]]
    assert desk.seed(upgraded.council) == council | {"wards": wards}
    file = tmp_path / "candidates.csv"
    file.write_text(
        "person_id,person_name,election_id,ballot_paper_id,election_date,party_name,party_id,"
        "post_label,gss,organisation_name,seats_contested\n"
        "901,Ann Ash,local.northshire.2019-05-02,local.northshire.st-michaels.2019-05-02,"
        "2019-05-02,Labour Party,PP53,St. Michael's,E05000001,Northshire County Council,2\n"
        "902,Ben Birch,local.northshire.2019-05-02,local.northshire.hill.2019-05-02,"
        "2019-05-02,Labour Party,PP53,Hill,E05000002,Northshire County Council,2\n"
    )
    desk.manage("load_candidates", "may", str(file))
    named = [[pk, slug, "Northshire County Council"] for pk, slug, _body in wards]
    after = desk.seed(upgraded.council)
    assert after == council | {"bodies": ["Northshire County Council"], "wards": named}


def test_public_log_begins_with_what_was_there(desk: Server) -> None:
    log = json.loads(get(desk.url("/ge/log.json")).text)
    first = log["log"][0]
    assert first["header"]["kind"] == "earlier"
    bulletins = [row["sequence"] for row in first["content"]["bulletins"]]
    assert bulletins == list(range(1, len(bulletins) + 1))
    assert len(bulletins) > 20
    script = [sys.executable, "-I", str(ROOT / "docs" / "verify_log.py")]
    subprocess.run([*script, desk.url("/ge/log.json"), "--head", first["head"]], check=True)


def test_roles_keep_their_permissions(desk: Server) -> None:
    """They gain only what is new: to unlock sign-ins, to withdraw for good, other systems."""
    before = desk.seed(upgraded.permissions_of_roles)
    desk.manage("roles")
    after = {
        role: [
            permission
            for permission in permissions
            if permission in before[role] or not any(name in permission for name in NEW_PERMISSIONS)
        ]
        for role, permissions in desk.seed(upgraded.permissions_of_roles).items()
    }
    assert after == before
    editors = before["Editors"]
    assert "add_externalfigures: Can add external figures" in editors
    assert "view_reviewitem: Can view review item" in editors
    assert "voices" not in str(before)


def test_triggers_still_refuse_changes(desk: Server) -> None:
    desk.seed(upgraded.correct_the_name)  # no earlier release has such a row
    for table in desk.seed(upgraded.append_only_tables):
        statement = f"UPDATE {table} SET id = id"
        if is_on_sqlite(desk):
            with closing(sqlite3.connect(database(desk))) as there:
                assert there.execute(f"SELECT count(*) FROM {table}").fetchone() > (0,), table
                with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                    there.execute(statement)
        else:
            with psycopg.connect(desk.environment["DATABASE_URL"]) as connection:
                row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
                assert row is not None
                assert row > (0,), table
                with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
                    connection.execute(statement.encode())


def test_accounts_sessions_and_passes_stay_valid(desk: Server) -> None:
    session = urllib.request.Request(
        desk.url("/count/"), headers={"Cookie": f"sessionid={SESSION}"}
    )
    with urllib.request.urlopen(session, timeout=START_SECONDS) as answer:
        assert answer.url == desk.url("/count/")
    passed = Phone(desk)
    passed.get(f"/count/sign-in/{LINK}/")
    assert passed.post(f"/count/sign-in/{LINK}/", {}).path == "/count/"
    editor = Phone(desk)
    editor.get("/admin/login/")
    named = {"username": "chief", "password": PASSWORD, "next": "/admin/"}
    assert editor.post("/admin/login/", named).path == "/admin/"
    assert desk.seed(upgraded.second_factors) == ["phone"]


def test_new_declarations_reach_open_pages(desk: Server) -> None:
    desk.manage("start_over", "ge")
    page = desk.get("/ge/")
    match = re.search(r'data-epoch="([^"]+)" data-sequence="(\d+)"', page)
    assert match is not None
    epoch, number = match.groups()
    address = desk.socket_url(f"/live/ge/?since={number}&epoch={epoch}")
    with connect(address, open_timeout=START_SECONDS, origin=Origin(desk.origin)) as open_page:
        reporter = Phone(desk)
        reporter.sign_in("ann", PASSWORD)
        votes = dict(zip(desk.seed(upgraded.candidates, "dale"), (6_000, 5_000), strict=True))
        answer = reporter.declare("/count/ge/dale/", votes, key="after the upgrade", rejected="9")
        assert answer.status == 200
        frames = (json.loads(open_page.recv(timeout=START_SECONDS)) for _frame in range(50))
        frame = next(frame for frame in frames if "seat-dale" in frame.get("fragments", {}))
    assert frame["sequence"] == int(number) + 1
    assert "6,000" in frame["fragments"]["seat-dale"]
    assert "6,000" in desk.get("/ge/dale/")
    desk.manage("verify", "ge", "--pages")


def test_restores_a_backup_of_the_previous_release(
    previous: Server, desk: Server, tmp_path: Path
) -> None:
    """It has no summary of its contents: later publications are counted by their time."""
    file = tmp_path / "previous.tar.gz"
    pack_as_the_previous_release_did(previous, file)
    desk.seed(upgraded.publish_post, "Later than the backup.")
    assert "Later than the backup." in desk.get("/ge/feed/")
    later = desk.seed(upgraded.publications_after, MADE_AT.isoformat())
    assert later >= 1
    result = desk.manage("restore", file, "--yes")
    assert f"This desk holds {later} publications that the backup does not have" in result.stdout
    assert "Restored as of" in result.stdout
    desk.manage("migrate", "--check")
    desk.manage("verify", "ge")
    assert desk.seed(upgraded.publications_after, MADE_AT.isoformat()) == 0
    assert "Later than the backup." not in desk.get("/ge/feed/")


def pack_as_the_previous_release_did(desk: Server, file: Path) -> None:
    engine, name = ("sqlite", "database.sqlite3")
    dump = file.with_name(name)
    if is_on_sqlite(desk):
        with closing(sqlite3.connect(dump)) as there:
            there.executescript(previous_sql("sqlite"))
    else:
        engine, dump = "postgresql", file.with_name("database.pgdump")
        server, _slash, _name = desk.environment["DATABASE_URL"].rpartition("/")
        for command in (
            ["psql", "--quiet", "--output=/dev/null", f"{server}/postgres", "--command",
             "CREATE DATABASE as_it_was"],
            ["psql", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1",
             f"{server}/as_it_was"],
            ["pg_dump", "--format=custom", "--no-owner", f"--file={dump}", f"{server}/as_it_was"],
        ):  # fmt: skip
            subprocess.run(command, input=previous_sql("postgresql"), text=True, check=True)
    about = json.dumps({"engine": engine, "made_at": MADE_AT.isoformat()}).encode()
    with tarfile.open(file, "w:gz") as packed:
        member = tarfile.TarInfo("about.json")
        member.size = len(about)
        packed.addfile(member, io.BytesIO(about))
        packed.add(dump, dump.name)
