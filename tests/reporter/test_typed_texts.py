"""Quotes and photos as they are typed: `tests/browser/test_typing.py` has the same cases."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import nights
from tests.acceptance import pictures
from tests.reporter.conftest import JSON, URL, phone_of
from tests.typed_texts import CAPTIONS, FILES, SPEAKERS, WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(trusted: User) -> Client:
    return phone_of(trusted)


def taken(phone: Client, fields: dict[str, Any]) -> bool:
    """Whether the desk takes these fields from a phone's outbox."""
    answer = phone.post(URL, {"key": nights.key(), **fields}, **JSON)
    assert answer.json()["state"] in ("published", "faulty", "refused")
    return bool(answer.status_code == 200)


def as_sent(text: str) -> str:
    """Browsers send a line break as two characters."""
    return text.replace("\n", "\r\n")


@pytest.mark.parametrize("words", WORDS, ids=range(len(WORDS)))
def test_words_of_a_quote(phone: Client, words: str) -> None:
    quote = {"step": "quote", "speaker": "The mayor", "words": as_sent(words)}
    assert taken(phone, quote) is WORDS[words]


@pytest.mark.parametrize("speaker", SPEAKERS, ids=range(len(SPEAKERS)))
def test_speaker_of_a_quote(phone: Client, speaker: str) -> None:
    quote = {"step": "quote", "speaker": speaker, "words": "A long night."}
    assert taken(phone, quote) is SPEAKERS[speaker]


@pytest.mark.parametrize("caption", CAPTIONS, ids=range(len(CAPTIONS)))
def test_caption_of_a_photo(phone: Client, caption: str) -> None:
    file = SimpleUploadedFile("a.png", pictures.png(60, 40), "image/png")
    texts = {"caption": as_sent(caption), "alt": "Four people", "credit": "Ann Hall"}
    assert taken(phone, {"step": "photo", "picture": file, **texts}) is CAPTIONS[caption]


@pytest.mark.parametrize("name", FILES)
def test_file_of_a_photo(phone: Client, name: str) -> None:
    content, expected = FILES[name]
    file = SimpleUploadedFile("photo", content, "image/jpeg")
    texts = {"caption": "The stage", "alt": "Four people", "credit": "Ann Hall"}
    assert taken(phone, {"step": "photo", "picture": file, **texts}) is expected
