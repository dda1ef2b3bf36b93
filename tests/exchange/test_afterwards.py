"""After the night: compared with the Library's file, previewed before loading, kept as files."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results.models import Bulletin, Candidate, Contest, Election, LastResult, ReviewItem
from results.rehearsal import islington
from tests import nights
from tests.exchange import files

pytestmark = pytest.mark.django_db
FAR_AHEAD = datetime(2040, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def polls_have_closed(monkeypatch):
    monkeypatch.setattr("results.desk.checks.timezone.now", lambda: FAR_AHEAD)


@pytest.fixture
def run(tmp_path, capsys):
    def command(name, *options, seats=files.SEATS, candidates=files.CANDIDATES):
        given = [("seats.csv", seats), ("candidates.csv", candidates)]
        paths = [files.write(tmp_path, name, text) for name, text in given]
        call_command(name, "vale", *paths, *options)
        said = capsys.readouterr()
        return said.out + said.err

    return command


class TestCompared:
    @pytest.fixture
    def declared(self, run):
        run("load_results", "--as", "declared")
        return Election.objects.get(slug="vale")

    def test_the_same_is_the_same(self, run, declared):
        assert "0 seats differ" in run("compare")

    def test_each_figure_that_differs_is_named(self, run, declared):
        newer = files.CANDIDATES.replace("Ann,Hall,Yes,21000", "Ann,Hall,Yes,20100")
        said = run("compare", candidates=newer)
        assert "Upper Vale: Ann Hall 21,000 here, 20,100 in the file" in said
        assert "1 seats differ" in said
        assert not ReviewItem.objects.exists()

    def test_each_is_proposed_once_as_a_correction(self, run, declared):
        newer = files.CANDIDATES.replace("Ann,Hall,Yes,21000", "Ann,Hall,Yes,20100")
        for _time in range(2):
            run("compare", "--propose", candidates=newer)
        offer = ReviewItem.objects.get()
        upper = Contest.objects.get(slug="upper-vale")
        hall = upper.candidates.get(name="Ann Hall").pk
        assert (offer.kind, offer.contest) == (ReviewItem.Kind.CORRECTION, upper)
        assert offer.ballot_counts.votes[hall] == 20100
        assert Bulletin.objects.filter(election=declared).count() == 2

    def test_electorate_and_rejected_too(self, run, declared):
        newer = files.SEATS.replace(",70000,40000,100,", ",70001,40000,101,")
        said = run("compare", seats=newer)
        assert "rejected 100 here, 101 in the file" in said
        assert "electorate 70,000 here, 70,001 in the file" in said

    def test_what_cannot_be_compared_is_said(self, run, declared):
        by = nights.user()
        upper = Contest.objects.get(slug="upper-vale")
        nights.withdraw(upper, by=by, idempotency_key="w", base_revision=1, reason="Wrong hall.")
        newer = files.CANDIDATES.replace("Cat,Moss", "Zed,Zed").replace(
            "Conservative,Con,Zed", "Unheard of,Xyz,Zed"
        )
        said = run("compare", candidates=newer)
        assert "Upper Vale: in the file, and without a result here" in said
        assert "is not on the ballot paper of Lower Vale, East" in said


class TestPreviewed:
    def test_candidates_new_other_and_nothing_changed(self, tmp_path, capsys):
        file = files.write(tmp_path, "candidates.csv", files.NOMINATIONS)
        call_command("load_candidates", "may", file, "--preview")
        said = capsys.readouterr().out
        assert "new: contest Vale, Riverside" in said
        assert "new: candidate Vale, Riverside, Ann Hall (lab, place" in said
        assert "Nothing was changed" in said
        assert not Election.objects.exists()
        call_command("load_candidates", "may", file)
        capsys.readouterr()
        call_command("load_candidates", "may", file, "--preview")
        assert "0 changes" in capsys.readouterr().out
        moved = files.NOMINATIONS.replace("Bob Abbot", "Bob Zabbot")
        call_command("load_candidates", "may", files.write(tmp_path, "c.csv", moved), "--preview")
        said = capsys.readouterr().out
        assert "Bob" in said
        assert Candidate.objects.filter(name="Bob Abbot").exists()

    def test_last_results(self, run):
        run("load_results", "--as", "declared")
        said = run("load_results", "--preview")
        assert "new: last time Upper Vale, Ann Hall (21000 votes)" in said
        assert not LastResult.objects.exists()

    def test_a_bad_file_says_so_as_when_loading(self, tmp_path):
        file = files.write(tmp_path, "bad.csv", "no,such,columns\n1,2,3\n")
        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("load_candidates", "may", file, "--preview")


class TestArchived:
    @pytest.fixture
    def closed(self):
        election = islington.load(nights.user("paper"))
        Election.objects.filter(pk=election.pk).update(final=True)
        return election

    def test_every_page_and_all_that_it_needs(self, closed, tmp_path: Path):
        folder = tmp_path / "kept"
        call_command("archive", closed.slug, str(folder), "--host", "localhost")
        for name in ("", "islington-north/", "corrections/", "feed/", "parties/", "bulletins/1/"):
            assert (folder / closed.slug / name / "index.html").is_file(), name
        for name in ("results.json", "results.csv", "feed.atom", "card.png"):
            assert (folder / closed.slug / name).is_file(), name
        live = (folder / closed.slug / "index.html").read_text()
        assert "data-live" not in live.split(">", 2)[1]
        missing = set()
        for page in folder.rglob("*.html"):
            for link in re.findall(r"""(?:href|src)=["'](/[^"'#?]*)""", page.read_text()):
                file = folder / link.lstrip("/")
                kept = (file / "index.html") if link.endswith("/") else file
                if link.startswith((f"/{closed.slug}/", "/static/")) and not kept.is_file():
                    missing.add(link)
        assert missing == set()

    def test_only_a_closed_night_into_an_empty_folder(self, closed, tmp_path):
        (tmp_path / "something").write_text("")
        with pytest.raises(CommandError, match="not empty"):
            call_command("archive", closed.slug, str(tmp_path))
        Election.objects.update(final=False)
        with pytest.raises(CommandError, match="not closed"):
            call_command("archive", closed.slug, str(tmp_path / "kept"))
