"""Names with a comma at the end, or with themselves in brackets, as councils' tables have them."""

from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from results.exchange.name_slips import compared_name, without_slips
from results.models import Contest
from tests.exchange import files


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Alom [Alom]", "Alom"),
        ("Gita Kanchan [Gita Kanchan]", "Gita Kanchan"),
        ("ALOM (Alom)", "ALOM"),
        ("Gilani,", "Gilani"),
        ("Adebayo [Adams]", "Adebayo [Adams]"),
        ("John Robert [John]", "John Robert [John]"),
        ("O'Neill, Jr", "O'Neill, Jr"),
        ("[Alom]", "[Alom]"),
    ],
)
def test_only_what_is_said_twice_and_commas_at_the_ends_go(written: str, name: str) -> None:
    assert without_slips(written) == name


def test_a_name_that_was_stored_with_slips_is_the_same() -> None:
    assert compared_name("Gita [Gita] Alom [Alom]") == compared_name("Gita Alom")
    assert compared_name("Vanita Mendonca,") == compared_name("Vanita Mendonca")
    assert compared_name("Susan Adebayo [Adams]") != compared_name("Susan Adebayo")


ROWS = (
    "ward,surname,forenames,party,votes,seats\n"
    "Hill,{},Gita [Gita],Labour,900,1\nHill,{},Ed,Green,1,1\n"
)


@pytest.mark.django_db
def test_loaders_leave_slips_out_and_note_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = files.write(tmp_path, "results.csv", ROWS.format("ALOM [Alom]", '"MENDONCA,"'))
    options = {"kind": "council", "date": date(2026, 5, 7), "body": "Northshire Council"}
    call_command("load_candidates", "council", table, preview=True, **options)
    preview = "".join(capsys.readouterr())
    call_command("load_candidates", "council", table, **options)
    call_command("load_results", "council", table, use="declared", **options)
    said = "".join(capsys.readouterr())
    contest = Contest.objects.get()
    assert [each.name for each in contest.candidates.all()] == ["Gita Alom", "Ed Mendonca"]
    for text in (preview, said):
        assert "2: commas at the end of names, and names repeated in brackets, are left out" in text


@pytest.mark.django_db
def test_a_ballot_paper_with_slips_takes_results_without(tmp_path: Path) -> None:
    rows = ROWS.format("ALOM [Alom]", "MENDONCA").replace("Green", "Labour")
    table = files.write(tmp_path, "results.csv", rows)
    options = {"kind": "council", "date": date(2026, 5, 7), "body": "Northshire Council"}
    call_command("load_candidates", "council", table, **options)
    first = Contest.objects.get().candidates.first()
    assert first is not None
    first.name = "Gita [Gita] Alom [Alom]"
    first.save()
    call_command("load_results", "council", table, use="declared", **options)
    assert Contest.objects.get().standing.has_result
