"""nginx’s cache: every different page has a key of its own, and nothing else does."""

import json
import re
import urllib.parse
import uuid
from http.client import HTTPConnection

import pytest

from results.api.api import openapi_document
from results.live.topics import MAX_NEAR
from tests import needs
from tests.nginx import NAME, Nginx
from tests.processes import START_SECONDS
from tests.servers import Server
from tests.tls import Response

pytestmark = pytest.mark.services
EPOCH = "{epoch}"
OTHER = str(uuid.UUID(int=1))
#: What is asked first, and what is asked then: its answer must be the desk's own.
POISONINGS = {
    "coding at the end of the query": (
        (f"/ge/updates/0/?epoch={EPOCH}br", {}),
        (f"/ge/updates/0/?epoch={EPOCH}", {"Accept-Encoding": "br"}),
    ),
    "coding at the end of a search": (
        ("/ge/find/?q=zzzbr", {}),
        ("/ge/find/?q=zzz", {"Accept-Encoding": "br"}),
    ),
    "coding after a space": (
        (f"/ge/updates/0/?epoch={EPOCH}%20br", {}),
        (f"/ge/updates/0/?epoch={EPOCH}", {"Accept-Encoding": "br"}),
    ),
    "parameter twice": (
        (f"/ge/updates/0/?epoch={EPOCH}&epoch={OTHER}", {}),
        (f"/ge/updates/0/?epoch={EPOCH}", {}),
    ),
    "parameter in capitals": (
        (f"/ge/updates/0/?EPOCH={EPOCH}&epoch={OTHER}", {}),
        (f"/ge/updates/0/?epoch={EPOCH}", {}),
    ),
    "parameter of another address": (("/ge/?q=islington", {}), ("/ge/", {})),
    "parameter inside another": (
        ("/ge/find/?q=a%26only=gains", {}),
        ("/ge/find/?q=a&only=gains", {}),
    ),
    "encoded path": (("/ge%2Ffeed/", {}), ("/ge/feed/", {})),
    "doubled slash": (("/ge//feed/", {}), ("/ge/feed/", {})),
    "dots in the path": (("/ge/feed/../", {}), ("/ge/", {})),
    "question mark in the path": (("/ge/feed/%3Fonly=gains", {}), ("/ge/feed/?only=gains", {})),
    "another host": (("/ge/", {"X-Forwarded-Host": "evil.example"}), ("/ge/", {})),
    "host with a port": (("/ge/", {"Host": f"{NAME}:20001"}), ("/ge/", {})),
    "cookie": (("/ge/", {"Cookie": "sessionid=1; csrftoken=2"}), ("/ge/", {})),
    "conditional request": (("/ge/", {"If-None-Match": "*"}), ("/ge/", {})),
    "part of a page": (("/ge/", {"Range": "bytes=0-9"}), ("/ge/", {})),
    "method in a header": (("/ge/", {"X-HTTP-Method-Override": "POST"}), ("/ge/", {})),
}


def ask_the_desk(desk: Server, path: str, headers: dict[str, str]) -> str:
    """Return the desk's own response to nginx's request, decompressed."""
    coding = "br" if headers.get("Accept-Encoding") == "br" else ""
    connection = HTTPConnection("127.0.0.1", desk.port, timeout=START_SECONDS)
    sent = {"Host": NAME, "X-Forwarded-Proto": "https", "Accept-Encoding": coding}
    connection.request("GET", path, headers=sent)
    response = connection.getresponse()
    answer = Response(response.status, response.headers, response.read())
    connection.close()
    return answer.text


@pytest.mark.parametrize("name", POISONINGS)
def test_cache_key_separates_different_requests(
    standing_nginx: Nginx, standing_desk: Server, name: str
) -> None:
    epoch = json.loads(standing_nginx.site.get("/ge/now/").text)["epoch"]
    (bad_path, bad_headers), (path, headers) = POISONINGS[name]
    path, bad_path = path.replace(EPOCH, epoch), bad_path.replace(EPOCH, epoch)
    standing_nginx.site.request("GET", bad_path, headers=bad_headers)
    answer = standing_nginx.site.request("GET", path, headers=headers)
    assert answer.status == 200
    assert answer.headers["Content-Encoding"] in (headers.get("Accept-Encoding"), None)
    assert answer.text == ask_the_desk(standing_desk, path, headers)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("br", "br"),
        ("gzip, deflate, br;q=0.1", "br"),
        ("br;q=0", None),
        ("br; q=0.0, gzip", "gzip"),
        ("gzip;q=0", None),
        ("x-br-x, gzipped", None),
        ("", None),
    ],
)
def test_serves_an_encoding_that_the_browser_accepts(
    standing_nginx: Nginx, accepted: str, coding: str | None
) -> None:
    answer = standing_nginx.site.get("/ge/", Accept_Encoding=accepted)
    assert answer.headers["Content-Encoding"] == coding


def test_unknown_parameters_are_the_same_page(standing_nginx: Nginx) -> None:
    """Nobody can make the desk render a page again by adding parameters to its address."""
    standing_nginx.site.get("/ge/islington-north/")
    asked = [f"?utm_source={number}" for number in range(5)]
    asked += ["?", "?only=gains", f"?q={uuid.uuid4()}", "?epoch=x", "?before=1", "?seats=x"]
    seen = [standing_nginx.site.get(f"/ge/islington-north/{query}") for query in asked]
    # However old the page is by then: only one with a key of its own would be missed.
    assert "MISS" not in {answer.headers["X-Cache"] for answer in seen}


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/ge/feed/", "only=quotes"),
        ("/ge/feed/", "seats=islington-north,islington-south"),
        ("/ge/feed/", "seats=islington-north%2Cislington-south&before=2"),
        ("/ge/feed/", "after=1"),
        ("/cy/ge/feed/", "only=quotes"),
        ("/ge/recap/", "since=1"),
        ("/cy/ge/recap/", "since=1"),
        ("/ge/", "map=gains"),
        ("/cy/ge/", "map=gains"),
        ("/embed/ge/map/", "map=turnout"),
        ("/ge/wall/", "theme=light&view=map&seconds=30"),
        ("/ge/find/", "q=" + urllib.parse.quote_plus("zürich & co = ?")),
        ("/cy/ge/find/", "q=zz"),
        ("/api/v1/elections/ge/contests", "after=islington-north&limit=2"),
        ("/api/v1/elections/ge/expected", "after=islington-north&limit=2"),
        ("/api/oembed", f"url=https%3A%2F%2F{NAME}%2Fge%2F&format=xml&maxwidth=300&maxheight=200"),
        ("/api/v1/elections/ge/feed", "before=1&limit=2"),
        ("/api/v1/elections/ge/changes", f"epoch={OTHER}&since=0&limit=2"),
        ("/ge/updates/0/", f"epoch={OTHER}"),
        ("/ge/updates/0/", "epoch=rubbish"),
        ("/ge/updates/0/", "topics=seat:islington-north,region:wales"),
        ("/ge/updates/0/", urllib.parse.urlencode({"topics": "seat:islington-north,seat:vale"})),
    ],
)
def test_known_parameters_reach_the_desk(
    standing_nginx: Nginx, standing_desk: Server, path: str, query: str
) -> None:
    answer = standing_nginx.site.get(f"{path}?{query}")
    assert answer.status == 200
    assert answer.text == ask_the_desk(standing_desk, f"{path}?{query}", {})


#: What the page of a seat asks for, where all addresses are as long as they may be.
LONGEST_TOPICS = ",".join(
    [f"seat:{'v' * 120}", f"region:{'w' * 80}", *(f"near:{n:0120}" for n in range(MAX_NEAR))]
)


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/ge/updates/0/", f"topics={LONGEST_TOPICS}", 200),
        # A redirect has them in its address as well as in the cache key.
        (f"/ge/updates/{OTHER}/0-1/", f"topics={LONGEST_TOPICS}", 302),
        ("/api/v1/elections/ge/contests", f"after={'v' * 120}", 422),
        ("/api/v1/elections/ge/expected", f"after={'v' * 120}", 422),
    ],
)
def test_longest_parameters_reach_the_desk(
    standing_nginx: Nginx, standing_desk: Server, path: str, query: str, status: int
) -> None:
    answer = standing_nginx.site.get(f"{path}?{query}")
    assert answer.status == status
    assert answer.text == ask_the_desk(standing_desk, f"{path}?{query}", {})


def test_nginx_knows_every_parameter_of_readers_views() -> None:
    """nginx would drop a parameter that it does not know."""
    reader = needs.ROOT / "results" / "reader"
    source = "".join(file.read_text() for file in reader.glob("*.py"))
    read = set(re.findall(r"""request\.GET(?:\.get\(|\.getlist\(|\[)["'](\w+)["']""", source))
    assert read
    parameters = [
        parameter
        for operations in openapi_document()["paths"].values()
        for parameter in operations.get("get", {}).get("parameters", [])
    ]
    read |= {each["name"] for each in parameters if each["in"] == "query"}
    known = set(re.findall(r"\$arg_(\w+)", (needs.ROOT / "deploy" / "nginx.conf").read_text()))
    assert read == known
    assert source.count("request.GET") == len(re.findall(r"request\.GET\.get\([\"']\w+", source))


def test_nginx_passes_on_parameters_of_every_address_that_has_one() -> None:
    """It would answer with the same page for any of them."""
    source = (needs.ROOT / "deploy" / "nginx.conf").read_text()
    table = source.partition("map $desk_path $desk_reads {")[2].partition("\n}")[0]
    patterns = [re.compile(each) for each in re.findall(r'"~(\^.+)" \w+;', table)]
    assert patterns
    paths = [
        re.sub(r"\{\w+\}", "one", path)
        for path, operations in openapi_document()["paths"].items()
        if any(each["in"] == "query" for each in operations.get("get", {}).get("parameters", ()))
    ]
    night = ["", "feed/", "recap/", "find/", "following/", "wall/", "updates/0/"]
    night += ["bodies/one/", "bodies/one/wall/", f"updates/{OTHER}/0-1/"]
    paths += [f"{language}/ge/{path}" for path in night for language in ("", "/cy")]
    paths += ["/embed/ge/map/", "/cy/embed/ge/map/", "/api/oembed"]
    dropped = [path for path in paths if not any(each.search(path) for each in patterns)]
    assert dropped == []
