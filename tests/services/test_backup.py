"""Back up, lose and restore a desk, on both databases and with a page open."""

import json
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.processes import START_SECONDS
from tests.seeds import counts
from tests.servers import Server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def server(request: pytest.FixtureRequest, make_desk: Callable[..., Server]) -> Server:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    return make_desk(database_url=url)


def state_of(server: Server) -> dict[str, object]:
    """The epoch and the number that a fresh page is rendered at."""
    page = server.get("/ge/")
    match = re.search(r'data-epoch="([^"]+)" data-sequence="(\d+)"', page)
    assert match is not None
    return {"epoch": match[1], "sequence": int(match[2])}


def test_restore_brings_everything_back_and_open_pages_reload(
    server: Server, tmp_path: Path
) -> None:
    file = tmp_path / "kept.tar.gz"
    picture = Path(server.environment["MEDIA_ROOT"]) / "pictures" / "a.jpg"
    server.seed(counts.declared_seat)
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a picture")
    with server:
        server.seed(counts.headline, "Kept")
        assert "ge (2 bulletins); 1 file of pictures" in server.manage("backup", file).stdout
        assert server.seed(counts.backups_recorded) == [file.name]
        # After the backup: two headlines that will be lost, and a reader who has seen them.
        for text in ("Lost", "Lost too"):
            server.seed(counts.headline, text)
        before = state_of(server)
        assert before["sequence"] == 4
        address = server.socket_url(f"/live/ge/?epoch={before['epoch']}&since=4")
        with connect(address, open_timeout=START_SECONDS, origin=Origin(server.origin)) as reader:
            picture.unlink()
            refused = server.manage("restore", file, check=False)
            assert "nobody said yes" in refused.stderr
            output = server.manage("restore", file, "--yes").stdout
            assert "Restored as of" in output
            while not json.loads(reader.recv(timeout=START_SECONDS)).get("resync"):
                pass
        after = state_of(server)
        assert after["epoch"] != before["epoch"]
        assert after["sequence"] == 2
        page = server.get("/ge/")
        assert "Kept" in page
        assert "Lost" not in page
        assert picture.read_bytes() == b"a picture"
        # The restored desk goes on: the record is guarded, the next number is the next one.
        server.seed(counts.headline, "And on")
        assert state_of(server)["sequence"] == 3
        with pytest.raises(RuntimeError, match="append-only"):
            server.seed(counts.blank_every_bulletin)
        assert server.manage("verify", "ge").stderr == ""
        urllib.request.urlopen(server.url("/readyz")).close()


def test_invalid_file_changes_nothing(make_desk: Callable[..., Server], tmp_path: Path) -> None:
    desk = make_desk()
    desk.seed(counts.declared_seat)
    file = tmp_path / "no.tar.gz"
    for content in (b"", b"not a tar at all"):
        file.write_bytes(content)
        result = desk.manage("restore", file, "--yes", check=False)
        assert result.returncode == 1
        assert "cannot be read" in result.stderr
    nowhere = tmp_path / "nowhere.tar.gz"
    missing = desk.manage("restore", nowhere, "--yes", check=False)
    assert f"{nowhere} cannot be read: No such file or directory. Nothing" in missing.stderr
    again = desk.manage("backup", file, check=False)
    assert "is there already" in again.stderr
    assert desk.seed(counts.bulletins) == 1
