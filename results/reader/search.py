"""Finding a seat by what someone types of its name: accents, commas, case and order forgiven."""

import re
import unicodedata

from django.db.models import QuerySet

from results.models import Contest

#: More than this is no answer: the whole list is on the live page.
MOST = 60


def plain(text: str) -> str:
    """“Ynys Môn” → “ynys mon”; what is neither letter nor figure becomes a blank."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", " ", bare.replace("&", " and ")).strip()


def find(contests: "QuerySet[Contest]", asked: str) -> list[Contest]:
    """Those with every word asked for as the beginning of a word of theirs.

    A name that is exactly what was asked for answers alone.
    """
    words = plain(asked).split()
    if not words:
        return []
    # Names alone: reading every contest whole would be most of the work.
    named = [(plain(name), key) for key, name in contests.values_list("pk", "name")]
    exact = [key for name, key in named if name == " ".join(words)]
    found = exact[:1] or [
        key
        for name, key in named
        if all(any(part.startswith(word) for part in name.split()) for word in words)
    ]
    return list(contests.filter(pk__in=found[:MOST]).select_related("election"))
