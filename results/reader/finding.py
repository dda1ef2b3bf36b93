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
    named = [(plain(contest.name), contest) for contest in contests.select_related("election")]
    exact = [contest for name, contest in named if name == " ".join(words)]
    if exact:
        return exact[:1]
    found = [
        contest
        for name, contest in named
        if all(any(part.startswith(word) for part in name.split()) for word in words)
    ]
    return found[:MOST]
