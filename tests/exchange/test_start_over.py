"""start_over: numbers given before a backup was restored mean nothing to open pages any more."""

import pytest
from django.core.management import CommandError, call_command

from results.live.log import document_since
from results.models import Night
from tests import nights
from tests.exchange import files

pytestmark = pytest.mark.django_db


def test_open_pages_load_themselves_afresh(capsys):
    seat = nights.islington_north(nights.election())
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="1"
    )
    before = Night.objects.get()
    call_command("start_over", "ge")
    after = Night.objects.get()
    assert after.epoch != before.epoch
    assert after.sequence == before.sequence
    assert document_since(after, after.sequence, str(before.epoch))["resync"]
    assert str(after.epoch) in capsys.readouterr().out
    call_command("verify", "ge")


def test_of_no_election_is_refused():
    with pytest.raises(CommandError, match="no election “nowhere”"):
        call_command("start_over", "nowhere")


class TestLoadingBeforeTheFirstBulletin:
    """Pages of an election are open, and cached, before anything is published."""

    @pytest.fixture
    def shown(self, client, tmp_path):
        """What a reader's page says once a file has been loaded."""

        def shown(command, *texts, options=()):
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
        return shown

    def test_candidates(self, shown):
        text = files.NOMINATIONS.replace("Vale, Riverside", "Vale, Hillside")
        text = text.replace("E14000793", "E14000794")
        assert "Vale, Hillside" in shown("load_candidates", text)

    def test_last_results(self, shown):
        seats = files.SEATS.partition("X2")[0].replace("Upper Vale", "Vale, Riverside")
        seats = seats.replace("X1,Vale, Riverside", 'E14000793,"Vale, Riverside"')
        page = shown("load_results", seats, options=["--as", "previous"])
        assert "Labour" in page

    def test_contests_of_results(self, shown):
        options = ["--date", "2031-05-02", "--speed", "0", "--only", "0"]
        page = shown("replay", files.SEATS, files.CANDIDATES, options=options)
        assert "Upper Vale" in page
