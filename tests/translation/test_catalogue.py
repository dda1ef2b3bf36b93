"""The Welsh catalogue is whole: every message of the source, translated, and compiled."""

import re
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


def _texts(entry: polib.POEntry) -> dict[int | None, str]:
    """The translations of an entry by plural form; None is the one of a text without any."""
    return dict(entry.msgstr_plural) if entry.msgid_plural else {None: entry.msgstr}


def test_no_article_stands_before_a_number(stored: polib.POFile) -> None:
    """“Y 9”, but “yr 8”, as it is read out: which one it is, no text can know. “O’r” fits all."""
    article = re.compile(r"(?<![\w’'])[Yy]r? %\(")
    assert [t for entry in stored for t in _texts(entry).values() if article.search(t)] == []


#: Nouns after digits: feminine ones soften after 1 and 2, masculine ones after 2.
SOFTENED = {
    "pleidlais": ("bleidlais", (0, 1)),
    "plaid": ("blaid", (0, 1)),
    "papur": ("bapur", (1,)),
    "cyngor": ("gyngor", (1,)),
    "cyfanswm": ("gyfanswm", (1,)),
    "canlyniad": ("ganlyniad", (1,)),
    "cywiriad": ("gywiriad", (1,)),
    "cornest": ("gornest", (0, 1)),
}


@pytest.mark.parametrize("noun", SOFTENED)
def test_nouns_change_after_1_and_2_only(stored: polib.POFile, noun: str) -> None:
    softened, forms = SOFTENED[noun]
    wrong = []
    for entry in stored:
        for form, text in _texts(entry).items():
            changes = form in forms
            other = noun if changes else rf"(?:{softened}|{noun[0]}h{noun[1:]})"
            if re.search(rf"%\((?!name)\w+\)[sd] {other}\b", text):
                wrong.append(text)
    assert wrong == []
