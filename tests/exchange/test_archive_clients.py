"""An archive on a plain web server, read by third-party clients."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command

from results.models import Election
from results.rehearsal import islington
from tests import needs, nights
from tests.file_server import serving

pytestmark = pytest.mark.django_db
LINK = re.compile(r"""\b(?:href|src)=["']([^"'#]+)""")
LOG_SCRIPT = needs.ROOT / "docs" / "verify_log.py"


@pytest.fixture
def archived(tmp_path: Path) -> Iterator[str]:
    """The address of an archived night, in a folder of a web server."""
    election = islington.load(nights.user("paper"))
    Election.objects.filter(pk=election.pk).update(final=True)
    call_command("archive", election.slug, str(tmp_path / "old" / "2019"), "--host", "localhost")
    with serving(tmp_path) as address:
        yield f"{address}old/2019/"


def get(address: str) -> tuple[HTTPResponse, bytes]:
    """The answer of a plain client, which follows no redirects and runs nothing."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.netloc, timeout=30)
    connection.request("GET", parts.path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def curl(*options: str) -> str:
    program = needs.program("curl", package="curl")
    command = [str(program), "--silent", "--show-error", "--fail", *options]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_every_link_of_every_page_is_answered(archived: str) -> None:
    to_do, seen, failed = [archived], {archived}, dict[str, int]()
    while to_do:
        address = to_do.pop()
        answer, body = get(address)
        if answer.status != 200:
            failed[address] = answer.status
        if not (answer.getheader("Content-Type") or "").startswith("text/html"):
            continue
        for link in LINK.findall(body.decode()):
            target = urljoin(address, unescape(link)).split("#")[0]
            if target.startswith(archived) and target not in seen:
                seen.add(target)
                to_do.append(target)
    assert failed == {}
    assert len([address for address in seen if address.endswith(".html")]) > 10


def test_curl_reads_results_and_the_log_verifies(archived: str) -> None:
    night = f"{archived}ge2019/"
    contests = json.loads(curl(f"{night}results.json"))["contests"]
    assert contests[0]["slug"] == "islington-north"
    assert "Jeremy Corbyn" in curl(f"{night}results.csv")
    assert "<feed" in curl(f"{night}feed.atom")
    assert curl("--output", "/dev/null", "--write-out", "%{content_type}", f"{night}card.png") == (
        "image/png"
    )
    command = [sys.executable, "-I", str(LOG_SCRIPT), f"{night}log.json"]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    assert re.search(r"\d+ entries, the last head is [0-9a-f]{64}", told.stdout)
