"""Contests by what people call them: a name, an address or an official code, as typed."""

from collections.abc import Iterable

from django.utils.text import slugify

from .contest import Contest
from .election import Election


def find_contests(
    election: Election, words: Iterable[str]
) -> tuple[list[Contest], tuple[str, ...]]:
    """The contests of an election that the words name, and the words that name none."""
    known: dict[str, Contest] = {}
    for contest in Contest.objects.filter(election=election):
        for word in (contest.name, contest.slug, contest.code):
            known[slugify(word)] = contest
    known.pop("", None)
    typed = [word.strip() for word in words if word.strip()]
    found = [known[slugify(word)] for word in typed if slugify(word) in known]
    return found, tuple(word for word in typed if slugify(word) not in known)
