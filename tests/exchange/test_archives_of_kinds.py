"""An archive of each kind of election, opened from a folder: every link leads to a file."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import call_command

from results.arithmetic import ElectionKind
from results.exchange.archive import archive
from results.models import Election
from tests import councils, nights

pytestmark = pytest.mark.django_db
ATTRIBUTES = re.compile(r"""\b(?:href|src|action|data-(?:modes|styles))=["']([^"'#]*)""")
#: Contests of a rehearsal, where four would leave out a part of the kind.
CONTESTS = {
    ElectionKind.COUNCIL: 9,
    ElectionKind.SCOTTISH_PARLIAMENT: 8,
    ElectionKind.REFERENDUM: 1,
}
#: Pages of every archive.
PAGES = ("", "corrections/", "feed/")


def rehearsed(kind: ElectionKind) -> Election:
    seats = str(CONTESTS.get(kind, 4))
    call_command("rehearse", "night", "--kind", kind, "--speed", "0", "--seats", seats)
    return Election.objects.get()


def by_thirds() -> Election:
    night = councils.council_night("night")
    wards = {"Castle": (["lab"], ["green"]), "Market": (["ld"], ["ld"])}
    before = {"lab": 4, "ld": 1, "green": 1}
    councils.council(night, wards, seats=6, composition_before=before)
    for contest in night.contests.all():
        councils.declare(contest)
    return night


def council_with_by_election() -> Election:
    """A scheduled and a by-election ballot of one ward, and winners without figures."""
    night = councils.council_night("night")
    body = councils.council(night, {"Castle": (["lab"] * 2, ["green"] * 2)})
    people = [("Ann", "lab"), ("Bob", "green")]
    by_election = nights.contest(
        night, "Castle", people, body=body, slug="castle-by-election", by_election=True
    )
    councils.declare(body.contests.get(by_election=False))
    winner = by_election.candidates.first()
    assert winner is not None
    nights.declare_winner(by_election, [winner], by=nights.user(), idempotency_key="winner")
    return night


def broken_links(folder: Path) -> set[str]:
    """The links of a folder's pages that lead to no file of it, with the page."""
    broken = set()
    for page in folder.rglob("*.html"):
        for link in ATTRIBUTES.findall(page.read_text()):
            is_elsewhere = not link or link.startswith(("http://localhost", "https://localhost"))
            is_file = (page.parent / unquote(link)).is_file()
            if not (is_elsewhere or is_file or link.startswith(("data:", "mailto:"))):
                broken.add(f"{page.relative_to(folder)}: {link}")
    return broken


NIGHTS: dict[str, Callable[[], Election]] = {
    **{kind.value: partial(rehearsed, kind) for kind in ElectionKind},
    "by-thirds": by_thirds,
    "council-with-by-election": council_with_by_election,
}


@pytest.mark.parametrize("name", list(NIGHTS))
def test_every_link_leads_to_a_file(name: str, tmp_path: Path) -> None:
    election = NIGHTS[name]()
    Election.objects.update(final=True)
    election.refresh_from_db()
    files = archive(election, tmp_path / "a folder", host="localhost")
    night = tmp_path / "a folder" / "night"
    assert files > 10
    for page in PAGES:
        assert (night / page / "index.html").is_file(), page
    for contest in election.contests.all():
        assert (night / contest.slug / "index.html").is_file(), contest.slug
    assert broken_links(tmp_path / "a folder") == set()
