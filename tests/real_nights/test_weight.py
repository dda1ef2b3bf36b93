"""What a first visit weighs with all of a real night declared: a cheap phone, a bad signal."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from results.models import Contest
from tests.real_nights.conftest import RealNight

pytestmark = pytest.mark.django_db

MOST = 60_000
BR = {"accept-encoding": "br"}
ASKED = re.compile(r'<(?:link[^>]*rel="stylesheet"[^>]*href|script[^>]*src)="([^"]+)"')
IMPORTED = re.compile(r'from "\./([^"]+)"')


def files_of(client: Client, page: str) -> dict[str, int]:
    """Each file the page asks for, with its compressed size; modules that modules ask for too."""
    found: dict[str, int] = {}
    waiting = [urlsplit(address).path for address in ASKED.findall(page)]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        static = finders.find(path.removeprefix("/static/")) if "/static/" in path else None
        text = Path(static).read_bytes() if static else client.get(path).content
        found[path] = len(brotli.compress(text))
        folder = path.rpartition("/")[0]
        waiting += [f"{folder}/{name}" for name in IMPORTED.findall(text.decode())]
    return found


def test_the_first_page_is_light(real_night: RealNight, client: Client) -> None:
    page = client.get("/ge/", headers=BR).content
    weights = files_of(client, brotli.decompress(page).decode()) | {"/ge/": len(page)}
    assert any(path.endswith("feed.js") for path in weights)
    assert sum(weights.values()) <= MOST, weights


def test_every_seat_is_on_the_map_of_2019(real_night: RealNight, client: Client) -> None:
    if real_night.election.date.year == 2019:
        assert not Contest.objects.filter(hex_q=None).exists()
    page = client.get("/ge/").content.decode()
    assert page.count('class="hex"') == Contest.objects.exclude(hex_q=None).count()


@pytest.mark.parametrize(
    "part", ["feed", "regions", "parties", "changes", "records", "results.json", "feed.atom"]
)
def test_every_listing_is_drawn(real_night: RealNight, client: Client, part: str) -> None:
    path = f"/ge/{part}" if "." in part else f"/ge/{part}/"
    answer = client.get(path)
    assert answer.status_code == 200
    assert "None" not in re.sub(r"<[^>]+>", " ", answer.content.decode())
