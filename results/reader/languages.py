"""Addresses of pages in an election's second language: `/cy/…`, `/en/…`.

The rest of the address is that of the page in the election's own language, and leads to the same
view. Links within such a page stay below the prefix, as below a script's name in WSGI.
"""

import re
from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import get_script_prefix

from results.models import Election
from results.models.election import RESERVED_SLUGS
from results.models.languages import OF_SEGMENT, SEGMENTS, language_name
from results.reader.addresses import absolute, path_of

_PREFIXED = re.compile(rf"/({'|'.join(OF_SEGMENT)})(/([^/]*).*)", re.DOTALL)
#: First segments of the site's own addresses that readers' pages are below.
_READERS = frozenset({"embed", "masthead", "nights"})


class NotInThisLanguage(Http404):
    """The election has no pages in the language that its address names."""


@dataclass(frozen=True, slots=True)
class Alternate:
    """A page in one of its election's languages. `name` is the language's own."""

    language: str
    name: str
    address: str
    is_current: bool


def split_language(path: str) -> tuple[str, str]:
    """`("cy", "/ge/")` for `/cy/ge/`; ("", path) for what has no pages in other languages."""
    match = _PREFIXED.fullmatch(path)
    if match is None or (match[3] in RESERVED_SLUGS and match[3] not in _READERS):
        return "", path
    return OF_SEGMENT[match[1]], match[2]


def alternates(request: HttpRequest, election: Election) -> list[Alternate]:
    """The page in each of the election's languages; empty if there is only one."""
    if len(election.languages) < 2 or not election.is_published:
        return []
    path = without_language(path_of(request))
    return [
        Alternate(
            language,
            language_name(language),
            absolute(request, path if language == election.language else _below(language, path)),
            language == election.page_language,
        )
        for language in election.languages
    ]


def without_language(path: str) -> str:
    """The path without the prefix of the page's language, for addresses that exist in none."""
    return f"/{path.removeprefix(get_script_prefix())}"


def _below(language: str, path: str) -> str:
    return f"/{SEGMENTS[language]}{path}"
