"""The command start_over, and other commands that start a new epoch."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from results.live.log import frame_since
from results.models import Night
from tests import nights
from tests.exchange import files

pytestmark = pytest.mark.django_db


def test_makes_open_pages_reload(capsys: pytest.CaptureFixture[str]) -> None:
    seat = nights.islington_north(nights.election())
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="1"
    )
    before = Night.objects.get()
    call_command("start_over", "ge")
    after = Night.objects.get()
    assert after.epoch != before.epoch
    assert after.sequence == before.sequence
    assert "resync" in frame_since(after, after.sequence, before.epoch).text
    assert str(after.epoch) in capsys.readouterr().out
    call_command("verify", "ge")


def test_reports_a_missing_election() -> None:
    with pytest.raises(CommandError, match="no election “nowhere”"):
        call_command("start_over", "nowhere")


class TestLoadingBeforeTheFirstBulletin:
    """Pages may be open, and cached, before the first bulletin."""

    @pytest.fixture
    def page_after(self, client: Client, tmp_path: Path) -> Callable[..., str]:
        """Return a function that loads files and returns the front page after it."""

        def load(command: str, *texts: str, options: Sequence[str] = ()) -> str:
            paths = [
                files.write(tmp_path, f"{command}-{number}.csv", text)
                for number, text in enumerate(texts)
            ]
            epoch = Night.objects.get().epoch
            call_command(command, "vale", *map(str, paths), *options)
            assert Night.objects.get().epoch != epoch
            assert Night.objects.get().sequence == 0
            return client.get("/vale/").content.decode()

        path = files.write(tmp_path, "nominations.csv", files.NOMINATIONS)
        call_command("load_candidates", "vale", path)
        assert "Vale, Riverside" in client.get("/vale/").content.decode()
        return load

    def test_new_candidates(self, page_after: Callable[..., str]) -> None:
        text = files.NOMINATIONS.replace("Vale, Riverside", "Vale, Hillside")
        text = text.replace("E14000793", "E14000794")
        assert "Vale, Hillside" in page_after("load_candidates", text)

    def test_new_last_results(self, page_after: Callable[..., str]) -> None:
        seats = files.SEATS.partition("X2")[0].replace("Upper Vale", "Vale, Riverside")
        seats = seats.replace("X1,Vale, Riverside", 'E14000793,"Vale, Riverside"')
        page = page_after("load_results", seats, options=["--as", "previous"])
        assert "Labour" in page

    def test_new_contests_of_results(self, page_after: Callable[..., str]) -> None:
        options = ["--date", "2031-05-02", "--speed", "0", "--only", "0", "--seats", "all"]
        seats = files.SEATS.replace("2031-05-02", "2031-05-03")
        page = page_after("replay", seats, files.CANDIDATES, options=options)
        assert "Upper Vale" in page
