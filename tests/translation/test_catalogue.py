"""The Welsh catalogue is whole: every message of the source, translated, and compiled."""

from pathlib import Path

import django
import polib
import pytest
from django.utils import translation
from django.utils.translation import ngettext

from tests.translation import catalogue
from tests.translation.messages import Message, messages

HINT = "run: .venv/bin/python -m tests.translation"


@pytest.fixture(scope="module")
def stored() -> polib.POFile:
    return catalogue.load()


def test_has_every_message_of_the_source_and_no_other(stored: polib.POFile) -> None:
    in_source, in_catalogue = set(messages()), {catalogue.key_of(entry) for entry in stored}
    assert in_source - in_catalogue == set(), HINT
    assert in_catalogue - in_source == set(), HINT


def test_every_message_is_translated(stored: polib.POFile) -> None:
    assert catalogue.untranslated(stored) == []


def test_translations_have_the_placeholders_of_the_originals(stored: polib.POFile) -> None:
    assert catalogue.with_other_placeholders(stored) == []


def test_compiled_catalogue_is_that_of_the_source(stored: polib.POFile) -> None:
    assert catalogue.MO.read_bytes() == catalogue.compiled(stored), HINT


def test_plural_forms_are_those_of_djangos_catalogue(stored: polib.POFile) -> None:
    # Django joins catalogues of the same plural forms only.
    path = Path(django.__file__).parent / "conf/locale/cy/LC_MESSAGES/django.po"
    ours, theirs = (
        text.replace(" ", "")
        for text in (
            stored.metadata["Plural-Forms"],
            polib.pofile(str(path)).metadata["Plural-Forms"],
        )
    )
    assert ours == theirs


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1 cyngor"), (2, "2 gyngor"), (3, "3 cyngor"), (8, "8 cyngor"), (11, "11 cyngor")],
)
def test_noun_follows_its_number(number: int, text: str) -> None:
    with translation.override("cy"):
        assert ngettext("%(n)d council", "%(n)d councils", number) % {"n": number} == text


def test_says_that_nobody_has_read_it_yet(stored: polib.POFile) -> None:
    assert "A Welsh speaker has still to read it" in stored.header


def test_extracts_messages_of_python_and_of_templates() -> None:
    found = messages()
    assert Message("", "%(n)d council", "%(n)d councils") in found
    assert Message("", "Skip to the results") in found
    assert Message("of a seat", "Gain") in found
    assert "templates/reader/base.html" in found[Message("", "Skip to the results")]
