"""Every finding of the checks has a sentence of its own, with the figures it is about."""

import re
from pathlib import Path

import pytest

from results.arithmetic import BLOCK, WARN, Finding, plausibility
from results.words.findings import SENTENCES, by_field, sentence


def test_every_code_of_the_checks_has_a_sentence() -> None:
    source = Path(plausibility.__file__).read_text(encoding="utf-8")
    codes = set(re.findall(r'_(?:block|warn)\(\s*"(\w+)"', source))
    assert len(codes) > 20
    assert codes <= SENTENCES.keys()


def test_figures_are_printed_as_pages_print_them() -> None:
    finding = Finding("papers_mismatch", BLOCK, "papers", {"papers": 54000, "sum": 54032})
    assert "54,032" in sentence(finding)
    assert "54,000" in sentence(finding)


def test_a_percentage_is_one() -> None:
    finding = Finding("turnout_differs", WARN, "", {"announced": "70", "turnout": "71.6"})
    assert sentence(finding) == ("These figures make a turnout of 71.6%; the one announced is 70%.")


def test_a_code_without_a_sentence_shows_itself() -> None:
    assert sentence(Finding("novelty", WARN, "")) == "novelty"


def test_sentences_are_kept_by_field() -> None:
    found = [
        Finding("votes_missing", BLOCK, "votes-1", {"name": "Ann"}),
        Finding("polls_open", BLOCK, ""),
    ]
    assert by_field(found).keys() == {"votes-1", ""}


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_needs_only_the_figures_of_its_finding(code: str) -> None:
    source = Path(plausibility.__file__).read_text(encoding="utf-8")
    calls = re.findall(rf'_(?:block|warn)\(\s*"{code}"(.*?)\)\n', source, flags=re.DOTALL)
    needed = set(re.findall(r"%\((\w+)\)s", str(SENTENCES[code])))
    assert all(f"{name}=" in call for call in calls for name in needed)
