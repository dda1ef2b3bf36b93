"""Page cache: an address in any spelling is rendered once, for everybody."""

import http.client
import re
import socket
from collections.abc import Callable, Iterator
from itertools import product

import pytest

from tests.processes import START_SECONDS
from tests.seeds import one_seat
from tests.servers import Server

pytestmark = pytest.mark.services

#: Every kind of page that is rendered for readers, in the spelling that the desk itself uses.
ADDRESSES = [
    "/ge/",
    "/ge/islington-north/",
    "/ge/feed/",
    "/ge/feed/?only=quotes",
    "/ge/feed/?before=2",
    "/ge/feed/?only=gains&before=2",
    "/ge/bulletins/1/",
    "/ge/regions/",
    "/ge/regions/london/",
    "/ge/parties/",
    "/ge/parties/lab/",
    "/ge/changes/",
    "/ge/records/",
    "/ge/corrections/",
    "/ge/results.json",
    "/ge/results.csv",
    "/ge/feed.atom",
    "/ge/card.png",
    "/ge/islington-north/card.png",
    "/embed/ge/",
    "/embed/ge/scoreboard/",
    "/embed/ge/map/",
    "/embed/ge/feed/",
    "/embed/ge/islington-north/",
]
#: Headers that no reader's page may depend on.
HEADERS = [
    {"Accept-Language": "cy"},
    {"Cookie": "sessionid=abc; csrftoken=def; x=y"},
    {"User-Agent": "x" * 500},
    {"Accept": "application/json"},
    {"Forwarded": "host=elsewhere.example"},
    {"X-Forwarded-Host": "elsewhere.example"},
    {"X-Forwarded-Port": "4444"},
    {"X-Original-URL": "/ge/records/"},
    {"HX-Request": "true"},
    {"Referer": "https://elsewhere.example/"},
    {"If-None-Match": '"of-another-page"'},
    {"If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    {"Range": "bytes=0-10"},
    {"Authorization": "Basic eDp5"},
]
CODINGS = {
    "": ["", "identity", "deflate", "br;q=0, gzip;q=0", "x-unknown", "*;q=0", "gzip;q=0.000"],
    "br": ["br", "gzip, br", "gzip,br;q=0.1", "GZIP , BR", "br;q=1.0", "*", "zstd, br, x"],
    "gzip": ["gzip", "gzip;q=0.5", "deflate, gzip", "Gzip", "br;q=0, *", "gzip;q=1.000"],
}


@pytest.fixture(scope="module")
def server(make_desk: Callable[..., Server]) -> Iterator[Server]:
    desk = make_desk()
    desk.seed(one_seat.declared_night)
    with desk:
        yield desk


@pytest.fixture(scope="module")
def reader(server: Server) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=START_SECONDS)
    yield connection
    connection.close()


def get(
    reader: http.client.HTTPConnection,
    path: str,
    headers: dict[str, str] | None = None,
    host: str = "",
) -> bytes:
    """Return the body at this address, which must answer 200."""
    reader.putrequest("GET", path, skip_host=bool(host), skip_accept_encoding=True)
    for name, value in ((headers or {}) | ({"Host": host} if host else {})).items():
        reader.putheader(name, value)
    reader.endheaders()
    with reader.getresponse() as response:
        body = response.read()
    assert response.status == 200, (path, headers, host, response.status)
    return body


def rendered(server: Server) -> int:
    match = re.search(r"^desk_pages_rendered_total (\S+)", server.get("/metrics"), re.MULTILINE)
    assert match is not None
    return int(float(match[1]))


def joined(path: str, query: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{query}" if query else path


def queries(path: str) -> Iterator[str]:
    """Query strings that have no meaning, or repeat what the address says."""
    yield from (
        "",
        "x",
        "=",
        "&",
        "&&&",
        "x=1",
        "utm_source=a&fbclid=b",
        "%",
        "%fe=%ff",
        "?",
        "_=1",
    )
    yield from (f"cachebuster={number}" for number in range(4))
    yield f"x={'y' * 4000}"
    yield "&".join(f"a{number}=b" for number in range(900))
    yield "seats="
    if "before" not in path:
        yield from ("before=", "before=0", "before=x", "before=-1", "before=1e9", "before=%C2%B2")
        yield from (f"before={number}" for number in (1_000, 2**31, 10**9 - 1, 10**9, 10**30))
    if "only" not in path:
        yield from ("only=", "only=nothing", "only=QUOTES", "only=%01")
    if "?" in path:
        known = path.partition("?")[2]
        yield from (known, f"before=99&only=none&{known}", f"{known}&{known}")


def spellings(path: str) -> Iterator[str]:
    """Other spellings of the same address."""
    yield path.replace("/ge/", "/g%65/")
    yield path.replace("before=2", "before=0002").replace("bulletins/1/", "bulletins/0001/")
    yield path.replace("before=", "%62efore=").replace("quotes", "%71uotes")


def hosts(port: int) -> Iterator[str]:
    yield from ("localhost", "LOCALHOST", "localhost.", "LocalHost.:1")
    yield from (f"localhost:{other}" for other in (port, 1, 80, 443, 8000, 20001, 65535))
    yield from (f"a{number}.localhost" for number in range(3))
    yield from (f"b{number}.c.localhost:{20000 + number}" for number in range(3))


@pytest.mark.parametrize("path", ADDRESSES)
def test_renders_a_page_once_for_all_spellings_of_its_address(
    server: Server, reader: http.client.HTTPConnection, path: str
) -> None:
    before = rendered(server)
    (first, *others) = hosts(server.port)
    body = get(reader, path, host=first)
    spelt = [joined(path, query) for query in queries(path)] + list(spellings(path))
    for other in spelt:
        assert get(reader, other, host=first) == body, other
    for host in others:
        assert get(reader, path, host=host) == body, host
    for headers in HEADERS:
        assert get(reader, path, headers, host=first) == body, headers
    assert rendered(server) == before + 1


@pytest.mark.parametrize("path", ["/ge/", "/ge/results.json", "/embed/ge/map/"])
def test_renders_a_page_once_for_all_encodings(
    server: Server, reader: http.client.HTTPConnection, path: str
) -> None:
    bodies = set()
    get(reader, path)
    before = rendered(server)
    for accepted, query in product(CODINGS.values(), ("", "?x=1")):
        answers = {
            get(reader, path + query, {"Accept-Encoding": encoding}) for encoding in accepted
        }
        assert len(answers) == 1
        bodies |= answers
    assert len(bodies) == len(CODINGS)
    assert rendered(server) == before


def test_renders_once_for_a_thousand_spellings(
    server: Server, reader: http.client.HTTPConnection
) -> None:
    get(reader, "/ge/", host="localhost")
    server.seed(one_seat.headline, "One more thing")
    while "One more thing" not in server.get("/ge/feed.atom"):
        pass
    before = rendered(server)
    bodies = {
        get(reader, f"/ge/?{number}={number}", host=f"localhost:{20000 + number}")
        for number in range(1000)
    }
    assert len(bodies) == 1
    assert rendered(server) == before + 1


def test_pages_hold_the_sites_own_host_name(
    server: Server, reader: http.client.HTTPConnection
) -> None:
    page = get(reader, "/ge/", host="evil.localhost:4444").decode()
    assert f'<link rel="canonical" href="http://localhost:{server.port}/ge/">' in page
    assert "evil" not in page
    assert "4444" not in page


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "localhost@evil", "", "a b", "localhost\x00"]
)
def test_renders_nothing_for_a_host_that_is_not_allowed(server: Server, host: str) -> None:
    before = rendered(server)
    with socket.create_connection(("127.0.0.1", server.port), timeout=START_SECONDS) as raw:
        raw.sendall(f"GET /ge/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert b" 400 " in raw.recv(100)
    assert rendered(server) == before


def test_updates_are_the_same_for_all_spellings(
    server: Server, reader: http.client.HTTPConnection
) -> None:
    """All positions out of reach share one answer."""
    strange = [f"/ge/updates/{number}/" for number in (50, 51, 10**9, 10**40)]
    strange += [f"/ge/updates/1/?epoch={word}" for word in ("x", "y", "%01", "1" * 4000)]
    assert len({get(reader, path) for path in strange}) == 1
    assert len({get(reader, f"/ge/updates/1/?{query}") for query in ("", "x=1", "epoch=")}) == 1
