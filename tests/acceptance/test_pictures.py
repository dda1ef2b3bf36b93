"""Uploads of pictures to the shipped desk: stored, or refused with a message."""

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.acceptance import processes
from tests.acceptance.curl import Curl, parts, token_of
from tests.acceptance.pictures import KEPT, REFUSED
from tests.seeds import one_seat
from tests.seeds.one_seat import PASSWORD
from tests.servers import Server

pytestmark = pytest.mark.services

COUNT = "/count/ge/islington-north/"
WORDS = {"caption": "The stage", "alt": "Four people on a stage", "credit": "Ann Hall"}
#: What the server process may grow by while another decodes: the upload itself, and some pages.
ROOM = 60 * processes.MEGABYTE


@pytest.fixture(scope="module")
def server(make_desk: Callable[..., Server]) -> Iterator[Server]:
    with make_desk() as desk:
        desk.seed(one_seat.night)
        yield desk


@pytest.fixture(scope="module")
def reporter(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Curl:
    curl = Curl(server, tmp_path_factory.mktemp("curl"))
    curl.sign_in("trusted", PASSWORD)
    return curl


def send(curl: Curl, content: bytes, *, step: str = "photo") -> tuple[int, dict[str, Any]]:
    """What the desk answers to the phone's outbox."""
    file = curl.folder / "picture"
    file.write_bytes(content)
    token = token_of(curl(COUNT))
    fields = {"csrfmiddlewaretoken": token, "step": step, "key": uuid.uuid4().hex, **WORDS}
    asked = ["--header", "Accept: application/json", *parts(fields, picture=file)]
    answer = curl(COUNT, *asked)
    data: dict[str, Any] = json.loads(answer.text) if answer.text.startswith("{") else {}
    assert data.get("key") == fields["key"], answer
    return answer.status, data


def stored(server: Server) -> set[Path]:
    return set((server.folder / "media").rglob("*.jpg"))


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_with_a_message(server: Server, reporter: Curl, name: str) -> None:
    assert server.process is not None
    content, before = REFUSED[name](), stored(server)
    pid = server.process.pid
    processes.forget_peak(pid)
    resident = processes.resident(pid)
    status, data = send(reporter, content)
    assert (status, data["state"]) == (422, "refused")
    (sentence,) = data["findings"]
    assert "JPEG" in sentence  # what to send instead
    assert stored(server) == before
    assert processes.peak(pid) - resident < ROOM


@pytest.mark.parametrize("name", KEPT)
def test_accepts_what_phones_and_computers_send(server: Server, reporter: Curl, name: str) -> None:
    assert server.process is not None
    content, before = KEPT[name](), stored(server)
    pid = server.process.pid
    processes.forget_peak(pid)
    resident = processes.resident(pid)
    status, data = send(reporter, content)
    assert (status, data["state"]) == (200, "published"), data
    new_files = stored(server) - before
    assert len(new_files) == 2
    for file in new_files:
        with Image.open(file) as picture:
            assert (picture.format, picture.mode) == ("JPEG", "RGB")
            assert picture.width <= 1600
            assert picture.height <= 3200
    assert processes.peak(pid) - resident < ROOM
