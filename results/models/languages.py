"""Languages of readers' pages, and the language chosen by the address of the request.

An election has a language of its own, at its own address, and may have a second one, below `/cy/`
or `/en/`. What the log stores is in the first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.urls import get_script_prefix, set_script_prefix
from django.utils import translation

#: The first segment of the addresses of pages in an election's second language.
SEGMENTS = {"en-gb": "en", "cy": "cy"}
OF_SEGMENT = {segment: language for language, segment in SEGMENTS.items()}

_chosen: ContextVar[str] = ContextVar("chosen_language", default="")
_of_phone: ContextVar[str] = ContextVar("phone_language", default="")


def chosen_language() -> str:
    """Return the language that the reader's address chooses; empty for each election's own."""
    return _chosen.get()


def phone_language() -> str:
    """Return the language chosen on the reporter's phone of this request; empty for none."""
    return _of_phone.get()


@contextmanager
def reporting_in(language: str) -> Iterator[None]:
    """Use the language of a reporter's phone, whatever is published meanwhile; empty for none."""
    if not language:
        yield
        return
    token = _of_phone.set(language)
    try:
        with translation.override(language):
            yield
    finally:
        _of_phone.reset(token)


def language_name(language: str) -> str:
    """Return the language's own name for itself, such as “Cymraeg”."""
    return dict(settings.LANGUAGES)[language]


@contextmanager
def reading_in(language: str) -> Iterator[None]:
    """Use a language chosen by a reader, also in the addresses of links; empty changes nothing."""
    if not language:
        yield
        return
    token, before = _chosen.set(language), get_script_prefix()
    set_script_prefix(f"/{SEGMENTS[language]}/")
    try:
        with translation.override(language):
            yield
    finally:
        set_script_prefix(before)
        _chosen.reset(token)
