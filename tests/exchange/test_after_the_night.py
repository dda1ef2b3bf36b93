"""Commands of the day after: compare, preview, archive."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import CommandError, call_command

from results import desk
from results.exchange.archive import archive
from results.models import Bulletin, Candidate, Contest, Election, LastResult, ReviewItem
from results.rehearsal import islington
from tests import nights
from tests.exchange import files

pytestmark = pytest.mark.django_db
Run = Callable[..., str]
FAR_AHEAD = datetime(2040, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def close_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("results.desk.checks.timezone.now", lambda: FAR_AHEAD)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(
        name: str, *options: str, seats: str = files.SEATS, candidates: str = files.CANDIDATES
    ) -> str:
        texts = [("seats.csv", seats), ("candidates.csv", candidates)]
        paths = [files.write(tmp_path, name, text) for name, text in texts]
        call_command(name, "vale", *paths, *options)
        output = capsys.readouterr()
        return output.out + output.err

    return command


class TestCompare:
    @pytest.fixture
    def declared(self, run: Run) -> Election:
        run("load_results", "--as", "declared")
        return Election.objects.get(slug="vale")

    def test_finds_no_difference_in_the_same_files(self, run: Run, declared: Election) -> None:
        assert "0 seats differ" in run("compare")

    def test_names_each_differing_vote_count(self, run: Run, declared: Election) -> None:
        newer = files.CANDIDATES.replace("Ann,Hall,Yes,21000", "Ann,Hall,Yes,20100")
        output = run("compare", candidates=newer)
        assert "Upper Vale: Ann Hall 21,000 here, 20,100 in the file" in output
        assert "1 seat differs" in output
        assert not ReviewItem.objects.exists()

    def test_proposes_each_correction_once(self, run: Run, declared: Election) -> None:
        newer = files.CANDIDATES.replace("Ann,Hall,Yes,21000", "Ann,Hall,Yes,20100")
        for _time in range(2):
            run("compare", "--propose", candidates=newer)
        item = ReviewItem.objects.get()
        upper = Contest.objects.get(slug="upper-vale")
        hall = upper.candidates.get(name="Ann Hall").pk
        assert (item.kind, item.contest) == (ReviewItem.Kind.CORRECTION, upper)
        assert item.ballot_counts is not None
        assert item.ballot_counts.votes[hall] == 20100
        assert Bulletin.objects.filter(election=declared).count() == 2

    def test_compares_electorate_and_rejected_ballots(self, run: Run, declared: Election) -> None:
        newer = files.SEATS.replace(",70000,40000,100,", ",70001,40000,101,")
        output = run("compare", seats=newer)
        assert "rejected 100 here, 101 in the file" in output
        assert "electorate 70,000 here, 70,001 in the file" in output

    def test_compares_totals_only_with_a_table_by_area(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], declared: Election
    ) -> None:
        newer = files.SEATS.replace(",70000,40000,100,", ",70000,40001,101,")
        call_command("compare", "vale", files.write(tmp_path, "area.csv", newer))
        output = capsys.readouterr()
        assert "Upper Vale: rejected 100 here, 101 in the file" in output.out
        assert "Upper Vale: valid votes 40,000 here, 40,001 in the file" in output.err
        assert "no votes for" not in output.out + output.err

    def test_reports_seats_that_cannot_be_compared(self, run: Run, declared: Election) -> None:
        by = nights.user()
        upper = Contest.objects.get(slug="upper-vale")
        nights.withdraw(upper, by=by, idempotency_key="w", base_revision=1, reason="Wrong hall.")
        newer = files.CANDIDATES.replace("Cat,Moss", "Zed,Zed").replace(
            "Conservative,Con,Zed", "Unheard of,Xyz,Zed"
        )
        output = run("compare", candidates=newer)
        assert "Upper Vale: in the file, and without a result here" in output
        assert "is not on the ballot paper of Lower Vale, East" in output


class TestPreview:
    def test_lists_new_and_changed_candidates_and_changes_nothing(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = files.write(tmp_path, "candidates.csv", files.NOMINATIONS)
        call_command("load_candidates", "may", file, "--preview")
        output = capsys.readouterr().out
        assert "new: contest Vale, Riverside" in output
        assert "new: candidate Vale, Riverside, Ann Hall (Labour, place" in output
        assert "Nothing was changed" in output
        assert not Election.objects.exists()
        call_command("load_candidates", "may", file)
        capsys.readouterr()
        call_command("load_candidates", "may", file, "--preview")
        assert "0 changes" in capsys.readouterr().out
        moved = files.NOMINATIONS.replace("Bob Abbot", "Bob Zabbot")
        call_command("load_candidates", "may", files.write(tmp_path, "c.csv", moved), "--preview")
        output = capsys.readouterr().out
        assert "Bob" in output
        assert Candidate.objects.filter(name="Bob Abbot").exists()

    def test_lists_last_results(self, run: Run) -> None:
        run("load_results", "--as", "declared")
        # Of the poll four years before.
        seats, candidates = (
            text.replace("2031", "2027") for text in (files.SEATS, files.CANDIDATES)
        )
        output = run("load_results", "--preview", seats=seats, candidates=candidates)
        assert "new: last time Upper Vale, Ann Hall (21000 votes)" in output
        assert not LastResult.objects.exists()

    def test_reports_errors_of_a_bad_file(self, tmp_path: Path) -> None:
        file = files.write(tmp_path, "bad.csv", "no,such,columns\n1,2,3\n")
        with pytest.raises(CommandError, match="Nothing was changed"):
            call_command("load_candidates", "may", file, "--preview")


class TestArchive:
    @pytest.fixture
    def closed(self) -> Election:
        election = islington.load(nights.user("paper"))
        Election.objects.filter(pk=election.pk).update(final=True)
        return election

    def test_holds_every_page_and_what_it_links_to(self, closed: Election, tmp_path: Path) -> None:
        folder = tmp_path / "archive"
        call_command("archive", closed.slug, str(folder), "--host", "localhost")
        for name in ("", "islington-north/", "corrections/", "feed/", "parties/", "bulletins/1/"):
            assert (folder / closed.slug / name / "index.html").is_file(), name
        for name in ("results.json", "results.csv", "feed.atom", "card.png"):
            assert (folder / closed.slug / name).is_file(), name
        live = (folder / closed.slug / "index.html").read_text()
        assert "data-live" not in live.split(">", 2)[1]
        assert "live results" not in live
        for name in ("scoreboard", "map", "feed", "islington-north"):
            assert (folder / "embed" / closed.slug / name / "index.html").is_file(), name
        assert list(folder.glob("static/reader/embedding*.js"))
        assert "Islington" in (folder / "index.html").read_text()

    def test_every_link_leads_to_a_file_wherever_the_folder_is(
        self, closed: Election, tmp_path: Path
    ) -> None:
        folder = tmp_path / "a folder"
        told: list[tuple[int, int]] = []

        def progress(done: int, known: int) -> None:
            told.append((done, known))

        files = archive(closed, folder, host="localhost", progress=progress)
        assert told[-1] == (files - 1, files - 1)  # the page that leads to the night is no answer
        assert len([file for file in folder.rglob("*") if file.is_file()]) == files
        wrong, absolute = set(), set()
        attributes = r"""\b(?:href|src|action|data-(?:modes|styles))=["']([^"'#]*)"""
        for page in folder.rglob("*.html"):
            scripts = re.search(r'data-address="([^"]*)"', page.read_text())
            if scripts is not None:
                assert (page.parent / scripts[1] / "find/names.json").is_file()
            for link in re.findall(attributes, page.read_text()):
                if link.startswith(("http", "data:")) or not link:
                    absolute.add(link.split("?")[0])
                elif not (page.parent / unquote(link)).is_file():
                    wrong.add(link)
        assert wrong == set()
        # What only a server can answer is still asked of the site.
        assert {link for link in absolute if "/2019" in link and "localhost" not in link} == set()

    def test_has_older_pages_of_the_feed_and_what_it_is_filtered_by(
        self, closed: Election, tmp_path: Path
    ) -> None:
        by = nights.user("editor", staff=True)
        for number in range(50):
            post = desk.PostContent(text=f"Post {number}.")
            desk.publish(closed, post, by=by, idempotency_key=str(number))
        archive(closed, tmp_path, host="localhost")
        feed = tmp_path / closed.slug / "feed"
        (older,) = feed.glob("before-*/index.html")
        assert "Post 0." in older.read_text()
        assert "Post 49." in (feed / "index.html").read_text()
        assert (feed / "only-gains" / "index.html").is_file()

    def test_needs_a_closed_night_and_an_empty_folder(
        self, closed: Election, tmp_path: Path
    ) -> None:
        (tmp_path / "something").write_text("")
        with pytest.raises(CommandError, match="not empty"):
            call_command("archive", closed.slug, str(tmp_path))
        Election.objects.update(final=False)
        with pytest.raises(CommandError, match=r"for ever\. Close it first"):
            call_command("archive", closed.slug, str(tmp_path / "archive"))

    def test_needs_a_host_that_the_desk_answers_to(self, closed: Election, tmp_path: Path) -> None:
        folder = tmp_path / "archive"
        with pytest.raises(CommandError, match=r"“other\.example” is not in ALLOWED_HOSTS"):
            call_command("archive", closed.slug, str(folder), "--host", "other.example:8443")
        assert not folder.exists()
