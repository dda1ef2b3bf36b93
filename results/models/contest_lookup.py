"""Find contests by name, slug or official code."""

from collections.abc import Iterable

from django.utils.text import slugify

from .contest import Contest
from .election import Election


def find_contests(
    election: Election, words: Iterable[str]
) -> tuple[list[Contest], tuple[str, ...]]:
    """The contests of the election that `words` name, and the words that name none.

    Case, accents and punctuation do not matter, and “&” is “and”.
    """
    by_slug = {
        slug: contest
        for contest in Contest.objects.filter(election=election)
        for word in (contest.name, contest.slug, contest.code)
        if (slug := _plain(word))
    }
    names = [word.strip() for word in words if word.strip()]
    contests = [by_slug[_plain(name)] for name in names if _plain(name) in by_slug]
    return contests, tuple(name for name in names if _plain(name) not in by_slug)


def _plain(name: str) -> str:
    return slugify(name.replace("&", " and "))
