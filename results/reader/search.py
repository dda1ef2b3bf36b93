"""Finds seats by part of their name, ignoring accents, punctuation, case and the order of words."""

import re
import unicodedata
from functools import lru_cache

from django.db.models import QuerySet

from results.models import Contest

#: A longer list is no answer; the live page lists all seats.
MAX_MATCHES = 60
#: Characters of a search; no name is longer.
MAX_QUERY = 100


def tidy(query: str) -> str:
    """The search in one spelling, as the page repeats it: with single spaces, and cut."""
    return " ".join(query[: 10 * MAX_QUERY].split())[:MAX_QUERY].rstrip()


# The names of every contest are normalised for each search.
@lru_cache(maxsize=10_000)
def normalize(text: str) -> str:
    """“Ynys Môn” → “ynys mon”; everything but letters and digits becomes a space."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", " ", letters.replace("&", " and ")).strip()


def find(contests: "QuerySet[Contest]", query: str) -> list[int]:
    """Ids of the contests with every word of `query` at the beginning of a word of their name.

    In no order, and at most `MAX_MATCHES`; only those whose whole name is what was searched for, if
    there are any. What tells contests of one name apart counts as a part of the name.
    """
    words = normalize(query).split()
    if not words:
        return []
    # Only names: reading whole contests would be most of the work.
    rows = contests.values_list("pk", "name", "qualifier")
    names = [(normalize(name), normalize(f"{name} {more}"), pk) for pk, name, more in rows]
    exact = [pk for name, whole, pk in names if " ".join(words) in (name, whole)]
    matches = exact or [
        pk
        for _name, whole, pk in names
        if all(any(part.startswith(word) for part in whole.split()) for word in words)
    ]
    return matches[:MAX_MATCHES]
