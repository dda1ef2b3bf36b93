"""The order of names in lists."""

import pytest

from results.arithmetic.sorting import sort_key, stored_sort_key

#: Each list in the order in which people expect it.
LISTS = [
    ["Aberavon", "Ángel", "Berwick", "brent", "Çeredigion", "Ynys Môn", "York Central"],
    ["Na h-Eileanan an Iar", "New Forest East", "Newark", "North Antrim"],
    ["Spelthorne", "Spen Valley", "St Albans", "St Ives", "St. Michael’s", "Stafford"],
    ["King’s Hedges", "King's Lynn", "Kings Norton", "Kingston"],
    ["Ward 2", "Ward 10", "Ward 10A", "Ward 11"],
    ["Barking & Dagenham", "Barking and Dagenham West", "Barking Riverside"],
    ["Ortona", "Østby", "Otley"],
]


@pytest.mark.parametrize("names", LISTS, ids=lambda names: names[0])
def test_names_are_sorted_as_people_sort_them(names: list[str]) -> None:
    shuffled = names[::-1]
    assert sorted(shuffled, key=sort_key) == names
    assert sorted(shuffled, key=stored_sort_key) == names


@pytest.mark.parametrize("one", ["YNYS MÔN", "ynys mon", "Ynys-Môn", "Ynys  Mon"])
def test_case_accents_and_punctuation_do_not_count(one: str) -> None:
    assert sort_key(one) == sort_key("Ynys Môn")


def test_key_is_stored_as_hexadecimal_digits() -> None:
    assert stored_sort_key("Aé") == "00610065"
    assert len(stored_sort_key("x" * 500)) == 400
