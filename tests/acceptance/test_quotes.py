"""Quotes and photos sent by curl: published, or queued for review."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance import pictures
from tests.acceptance.curl import Curl, data, parts, token_of
from tests.seeds import one_seat
from tests.seeds.one_seat import PASSWORD
from tests.servers import Server

pytestmark = pytest.mark.services

COUNT = "/count/ge/islington-north/"
SCRIPT = ("--header", "Accept: application/json")


@pytest.fixture(scope="module")
def make_night(make_desk: Callable[..., Server]) -> Callable[[str], Server]:
    def make(seed: str) -> Server:
        server = make_desk()
        server.seed(getattr(one_seat, seed))
        server.start()
        return server

    return make


@pytest.fixture(scope="module")
def server(make_night: Callable[[str], Server]) -> Server:
    return make_night("night")


@pytest.fixture(scope="module")
def trusted(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Curl:
    return phone(server, "trusted", tmp_path_factory.mktemp("trusted"))


def phone(server: Server, name: str, folder: Path) -> Curl:
    curl = Curl(server, folder)
    curl.sign_in(name, PASSWORD)
    return curl


def quote(curl: Curl, words: str, *options: str, **more: str) -> tuple[int, str]:
    fields = more | {
        "step": "quote",
        "key": uuid.uuid4().hex,
        "speaker": "Ann Hall",
        "words": words,
    }
    fields["csrfmiddlewaretoken"] = token_of(curl(COUNT))
    answer = curl(COUNT, *options, *data(fields))
    return answer.status, answer.text


def photo(curl: Curl, **more: str) -> dict[str, Any]:
    file = curl.folder / "picture"
    file.write_bytes(pictures.jpeg(600, 400))
    fields = {"step": "photo", "key": uuid.uuid4().hex, "caption": "The stage", "alt": "Four"}
    fields |= more | {"credit": "Ann", "csrfmiddlewaretoken": token_of(curl(COUNT))}
    answer: dict[str, Any] = json.loads(curl(COUNT, *SCRIPT, *parts(fields, picture=file)).text)
    return answer


def readers_see(server: Server) -> str:
    return server.get("/ge/feed/") + server.get("/ge/islington-north/")


INVISIBLE = ["\u200b\u200b", "\u2800", "\u3164\uffa0", "“\u2060”", "\u202e\u202c", " \u00ad "]


@pytest.mark.parametrize("words", INVISIBLE)
def test_refuses_an_invisible_quote(server: Server, trusted: Curl, words: str) -> None:
    status, text = quote(trusted, words, *SCRIPT)
    assert (status, json.loads(text)["findings"]) == (422, ["Write what was said."])
    status, text = quote(trusted, words)
    assert status == 422
    assert "Write what was said." in text
    assert "Ann Hall" not in readers_see(server)


def test_directional_override_reverses_no_number(server: Server, trusted: Curl) -> None:
    status, _text = quote(trusted, "A majority of \u202e12,345", *SCRIPT)
    assert status == 200
    assert "A majority of 12,345" in readers_see(server)
    assert "\u202e" not in readers_see(server)


@pytest.mark.parametrize(
    ("seed", "known", "reason"),
    [
        ("open_night", {}, "The polls are still open."),
        ("closed_night", {"knows_closed": "1"}, "The night is closed."),
    ],
)
def test_queues_what_comes_before_the_polls_close_or_after_the_end(
    make_night: Callable[[str], Server],
    tmp_path: Path,
    seed: str,
    known: dict[str, str],
    reason: str,
) -> None:
    server = make_night(seed)
    curl = phone(server, "trusted", tmp_path)
    if known:  # The phone asks first, as what was typed may be older than the end of the night.
        for answer in (json.loads(quote(curl, "It is over.", *SCRIPT)[1]), photo(curl)):
            assert answer["state"] == "stopped"
            assert answer["words"].startswith("The night was closed")
    text = quote(curl, "It is over.", *SCRIPT, **known)[1]
    for answer in (json.loads(text), photo(curl, **known)):
        assert answer["state"] == "kept"
        assert answer["words"].startswith(reason)
        assert "Not published yet." in answer["words"]
    assert quote(curl, "It is over, for a person.", **known)[0] == 302
    assert reason in curl(f"{COUNT}?kept=quote").text
    assert "It is over" not in readers_see(server)
    assert "The stage" not in readers_see(server)
