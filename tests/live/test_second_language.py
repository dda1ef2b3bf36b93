"""The stream of an election's second language: pages, and what comes after them."""

import pytest
from django.test import Client

from results.live import log
from results.live.feed_list import is_entry
from results.live.tail import Tail
from results.models import Election, Night
from results.models.languages import reading_in
from tests import nights
from tests.faults.parts import with_later
from tests.live.pages import Page, all_pages
from tests.live.test_snapshot_and_stream import every_kind_of_bulletin, served, three_seats

PAGES = ("", "islington-north/", "vale/", "corrections/")
EMBEDS = ("scoreboard", "map", "feed", "moor")


@pytest.fixture
def night() -> Election:
    election = three_seats()
    Election.objects.update(second_language="cy")
    election.refresh_from_db()
    return election


def _sent(client: Client, sequence: int, topics: str) -> Page:
    address = f"/cy/ge/updates/{sequence}/?topics={topics}"
    fragments: Page = client.get(address).json()["fragments"]
    return fragments


@pytest.mark.django_db(transaction=True)
def test_page_with_what_it_is_sent_equals_a_fresh_page(night: Election, client: Client) -> None:
    paths = [*(f"/cy/ge/{path}" for path in PAGES), *(f"/cy/embed/ge/{name}/" for name in EMBEDS)]
    before = {path: served(client, path) for path in paths}
    for step in every_kind_of_bulletin(night):
        sequence = Night.objects.get().sequence
        step()
        for path, old in before.items():
            new = before[path] = served(client, path)
            sent = _sent(client, sequence, old.topics)
            page = {name: sent.get(name, html) for name, html in old.elements.items()}
            page |= {name: html for name, html in sent.items() if is_entry(name)}
            assert {name: page[name] for name in new.elements} == new.elements, path


@pytest.mark.django_db(transaction=True)
def test_hub_reads_every_bulletin_translated(
    night: Election, caplog: pytest.LogCaptureFixture
) -> None:
    def pages() -> Page:
        with reading_in("cy"):
            return all_pages(night)

    tail = log.read_tail("cy/ge")
    assert tail is not None
    remembered = {0: pages()}
    for step in every_kind_of_bulletin(night):
        step()
        _night, entries = log.read_updates("cy/ge", tail.epoch, tail.sequence)
        tail.append(Night.objects.get().sequence, entries)
        remembered[tail.sequence] = pages()
    fresh = pages()
    for sequence, page in remembered.items():
        later = tail.since(sequence)["fragments"]
        assert with_later(page, later) == fresh, f"from {sequence}"
    assert "not translated" not in caplog.text
    assert 'href="/cy/ge/' in fresh["row-vale"]


def test_election_without_the_language_has_no_stream_in_it(db: None) -> None:
    nights.islington_north(nights.election())
    assert log.read_tail("cy/ge") is None
    assert isinstance(log.read_tail("ge"), Tail)
