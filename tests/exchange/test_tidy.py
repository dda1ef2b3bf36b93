"""Cells of a CSV file whose text was decoded with the wrong character set."""

import pytest

from results.exchange.table import tidy


@pytest.mark.parametrize("name", ["Ynys Môn", "Gŵyr", "Siân Ŵyn", "Seán Ó Riain", "O’Neill"])
@pytest.mark.parametrize("wrong", ["cp1252", "latin-1"])
def test_restores_names_decoded_twice(name: str, wrong: str) -> None:
    assert tidy(name.encode().decode(wrong)) == name


@pytest.mark.parametrize("name", ["Ynys Môn", "SÃO PAULO", "PÂRTI", "François", "“Zoë” – Å"])
def test_leaves_correct_names_alone(name: str) -> None:
    assert tidy(name) == name
