"""Pages say nothing to be expected at a time that has passed, also where no script runs."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from results import desk
from results.arithmetic import ElectionKind
from results.models import Body, Contest
from results.reader import home, nights as nights_page, pages
from tests import nights

CLOSE = datetime(2023, 5, 4, 21, tzinfo=UTC)
PEOPLE = [("Ann Hall", "con"), ("Bob Rice", "lab")]


class Readers:
    """A reader without scripts, who opens pages at a time of the night."""

    def __init__(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        self._client, self._monkeypatch = client, monkeypatch

    def source(self, path: str, *, hours: float) -> str:
        clock = SimpleNamespace(now=lambda: CLOSE + timedelta(hours=hours))
        for module in (pages, home, nights_page):
            self._monkeypatch.setattr(module, "timezone", clock)
        return self._client.get(path).content.decode()

    def words(self, path: str, *, hours: float) -> str:
        page = self.source(path, hours=hours)
        # What the history of the night says was true at its time.
        shown = re.sub(r"<script.*?</script>|<ol class=\"steps.*?</ol>", "", page, flags=re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", shown).split())


@pytest.fixture
def readers(client: Client, monkeypatch: pytest.MonkeyPatch) -> Readers:
    return Readers(client, monkeypatch)


def awaited(kind: ElectionKind) -> list[Contest]:
    night = nights.election(kind=kind, date=CLOSE.date(), polls_close=CLOSE)
    return [
        nights.contest(night, name, PEOPLE, expected_at=CLOSE + timedelta(hours=hours))
        for name, hours in (("Vale", 1), ("Dale", 2))
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/ge/", "/cy/ge/", "/ge/vale/", "/ge/wall/"])
def test_expected_time_goes_once_it_has_passed(readers: Readers, path: str) -> None:
    [vale, _dale] = awaited(ElectionKind.UK_PARLIAMENT)
    vale.election.second_language = "cy"
    vale.election.save()
    timed = re.compile(r"(?<!was e)xpected about 23:00|[Dd]isgwyl[^.]*? tua 23:00")
    before = readers.words(path, hours=0.5)
    assert timed.search(before)
    assert not timed.search(readers.words(path, hours=1.5))
    assert readers.words(path, hours=0.5) == before


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/ge/", "/cy/ge/"])
def test_expected_time_goes_from_what_other_sites_read(readers: Readers, path: str) -> None:
    """Structured data, and the words of a shared link."""
    [vale, _dale] = awaited(ElectionKind.UK_PARLIAMENT)
    vale.election.second_language = "cy"
    vale.election.save()

    def words(hours: float) -> str:
        source = readers.source(path, hours=hours)
        read = r"<script type=\"application/ld.*?</script>|<meta [^>]*>"
        return " ".join(re.findall(read, source, re.DOTALL))

    timed = re.compile(r"(?<!was e)xpected about 23:00|[Dd]isgwyl[^.]*? tua 23:00")
    before = words(0.5)
    assert timed.search(before)
    assert not timed.search(words(1.5))
    assert words(0.5) == before


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/ge/", "/cy/ge/", "/ge/wall/"])
def test_overdue_result_is_marked_among_those_to_come(readers: Readers, path: str) -> None:
    """From ten minutes after its time, which is rough, for a day."""
    [vale, _dale] = awaited(ElectionKind.UK_PARLIAMENT)
    vale.election.second_language = "cy"
    vale.election.save()

    def marked(hours: float) -> list[str]:
        source = readers.source(path, hours=hours)
        return re.findall(r'<li class="(?:row )?is-overdue">\s*<time[^>]*>\s*([\d:]+)', source)

    assert marked(0.5) == marked(1.1) == []
    assert marked(1.2) == ["23:00"]
    assert marked(2.2) == ["23:00", "00:00"]
    assert marked(25.1) == ["00:00"]
    assert marked(1.1) == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/ge/", "/ge/wall/", "/ge/bodies/northshire/"])
def test_nothing_is_expected_in_a_closed_night(readers: Readers, path: str) -> None:
    kind = ElectionKind.COUNCIL if "bodies" in path else ElectionKind.UK_PARLIAMENT
    vale, _dale = awaited(kind)
    if kind is ElectionKind.COUNCIL:
        body = Body.objects.create(election=vale.election, slug="northshire", name="Northshire")
        vale.election.contests.update(body=body)
    assert "Expected" in readers.words(path, hours=0.5)
    vale.election.final = True
    vale.election.save()
    desk.start_new_epoch(vale.election)
    assert "Expected" not in readers.words(path, hours=0.5)
    assert "overdue" not in readers.words(path, hours=1.2)


@pytest.mark.django_db
def test_expected_time_of_an_office_is_in_the_past_once_it_has_passed(readers: Readers) -> None:
    awaited(ElectionKind.MAYOR)
    assert "was expected" not in readers.words("/ge/", hours=0.5)
    after = readers.words("/ge/", hours=1.5)
    assert "was expected about 23:00" in after
    assert "was expected about 00:00" not in after


@pytest.mark.django_db
def test_expected_time_on_a_name_card_is_in_the_past_once_it_has_passed(readers: Readers) -> None:
    awaited(ElectionKind.UK_PARLIAMENT)
    assert readers.words("/ge/vale/brief.html", hours=0.5).startswith("expected about 23:00")
    assert readers.words("/ge/vale/brief.html", hours=1.5).startswith("was expected about 23:00")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/nights/2023-05-04/"])
def test_expected_time_goes_from_a_list_of_elections(readers: Readers, path: str) -> None:
    for slug in ("ge", "other"):
        night = nights.election(slug, date=CLOSE.date(), polls_close=CLOSE)
        nights.contest(night, "Vale", PEOPLE, expected_at=CLOSE + timedelta(hours=1))
    assert readers.words(path, hours=0.5).count("First results expected about 23:00") == 2
    after = readers.words(path, hours=1.5)
    assert "expected about" not in after
    assert after.count("Polls have closed") == 2


@pytest.mark.django_db
def test_page_is_the_same_while_no_expected_time_passes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    [vale, _dale] = awaited(ElectionKind.UK_PARLIAMENT)
    nights.declare(vale, 200, 100)
    tags = []
    for hours in (0.5, 1.5, 2.5):
        clock = SimpleNamespace(now=lambda hours=hours: CLOSE + timedelta(hours=hours))
        monkeypatch.setattr(pages, "timezone", clock)
        tags.append(client.get("/ge/").headers["ETag"])
    assert tags[0] == tags[1] != tags[2]
