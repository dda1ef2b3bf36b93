"""Sentences on women and on people elected for the first time."""

from django.utils import translation

from results.arithmetic.people_elected import PersonElected, count_people, is_first_time
from results.words.people_sentences import people_sentences

WOMAN, MAN = PersonElected(is_woman=True), PersonElected(is_woman=False)


def test_says_that_nobody_is_known() -> None:
    women, first_time = people_sentences(count_people([PersonElected()]))
    assert women.startswith("How many women are elected is not known")
    assert first_time.startswith("How many are elected for the first time is not known")


def test_says_of_how_many_it_is_known() -> None:
    people = [WOMAN, MAN, MAN, PersonElected(is_first_time=True), PersonElected()]
    women, first_time = people_sentences(count_people(people))
    assert women == "1 of the 3 elected whose gender is recorded is a woman; 5 are elected."
    assert first_time.startswith("1 of the 1 elected whose earlier elections are recorded is")
    assert first_time.endswith("; 5 are elected.")


def test_gives_totals_where_all_are_known() -> None:
    people = [PersonElected(True, True)] * 2 + [PersonElected(False, False)] * 1_000
    assert people_sentences(count_people(people)) == [
        "2 of the 1,002 elected are women.",
        "2 of the 1,002 elected are elected for the first time.",
    ]


def test_welsh_has_a_word_of_every_number() -> None:
    with translation.override("cy"):
        for women in range(31):
            sentence = people_sentences(count_people([WOMAN] * women + [MAN]))[0]
            assert str(women) in sentence
            assert "elected" not in sentence


def test_times_here_and_elections_elsewhere_say_who_is_new() -> None:
    assert is_first_time(None, None) is None
    assert is_first_time(0, None) is True
    assert is_first_time(0, True) is False  # elected elsewhere
    assert is_first_time(0, False) is True
    assert is_first_time(3, False) is False
    assert is_first_time(None, False) is True
