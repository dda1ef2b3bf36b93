"""Find seats by part of their name, ignoring accents, punctuation, case and the order of words."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from results.live.cached_snapshot import CachedSnapshot
from results.live.fragments import election_locale
from results.models import Contest

#: Limits the matches of a search; the live page lists all seats.
MAX_MATCHES = 60
#: Characters of a search; no name is longer.
MAX_QUERY = 100
#: Most names that are offered for a misspelt one, and how alike they are at least (1 is the same).
MAX_ALIKE, LIKENESS = 5, 0.75
#: Characters of what names are compared with: fewer are like many, more are no slip of a name.
COMPARED = range(4, 41)
#: Words that are written in two ways.
_SPELLINGS = {"saint": "st", "saints": "sts"}


def tidy(query: str) -> str:
    """The query as the page repeats it: with single spaces, cut to `MAX_QUERY`."""
    text = query[: 10 * MAX_QUERY].replace("\0", " ")
    return " ".join(text.split())[:MAX_QUERY].rstrip()


# The names of every contest are normalised for each search.
@lru_cache(maxsize=10_000)
def normalize(text: str) -> str:
    """“Ynys Môn” → “ynys mon”, “Saint Ives” → “st ives”, “King’s & Queen’s” → “kings and queens”.

    Everything but letters and digits becomes a space. static/reader/find.js does the same.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    letters = re.sub("['’‘]", "", letters.replace("&", " and "))
    words = re.sub(r"[^a-z0-9]+", " ", letters).split()
    return " ".join(_SPELLINGS.get(word, word) for word in words)


@dataclass(frozen=True, slots=True)
class Name:
    """A contest as search finds it. `beside` tells it from others: its body, or its region.

    `key` is the name as it is compared, `whole` that with what tells it apart; `patch` whether it
    is in the newsroom's first group of seats. `other_key` and `other_whole` are those of its name
    in Welsh, empty if it has none: either name matches, whichever language is read.
    """

    slug: str
    text: str
    beside: str
    key: str
    whole: str
    patch: bool = False
    other_key: str = ""
    other_whole: str = ""

    @classmethod
    def of(cls, contest: Contest, *, beside: str = "", patch: bool = False) -> "Name":
        welsh = contest.name_cy
        return cls(
            slug=contest.slug,
            text=contest.full_name,
            beside=beside,
            key=normalize(contest.name),
            whole=normalize(f"{contest.name} {contest.qualifier}"),
            patch=patch,
            other_key=normalize(welsh),
            other_whole=normalize(f"{welsh} {contest.qualifier}") if welsh else "",
        )


def names_in(snapshot: CachedSnapshot) -> Sequence[Name]:
    """The name of every contest, in order of name; cached until details or groups are edited."""
    memo = snapshot.cached.lists.memo
    if "names" not in memo:
        # In the page's language, whichever a view was asked in.
        with election_locale(snapshot.election):
            memo["names"] = _names_in(snapshot)
    names: Sequence[Name] = memo["names"]
    return names


def _names_in(snapshot: CachedSnapshot) -> list[Name]:
    contests = [cached.contest for cached in snapshot.cached_contests]
    bodies = {body.pk: body.local_name for body in snapshot.cached.lists.bodies}
    bodies = bodies if len(bodies) > 1 else {}
    patch: set[int] = set()
    if groups := snapshot.groups:
        patch = set(groups[0].contests.values_list("pk", flat=True))
    alike = Counter(contest.full_name for contest in contests)
    names = []
    for contest in contests:
        region = contest.region.local_name if contest.region else ""
        beside = bodies.get(contest.body_id) or region
        # The name may have it beside it already.
        beside = "" if contest.qualifier and alike[contest.full_name] == 1 else beside
        names.append(Name.of(contest, beside=beside, patch=contest.pk in patch))
    return names


def rank(name: Name, query: str) -> int | None:
    """Rank of a match: 0 for the whole name, 3 for a part in the middle; None for no match."""
    names = ((name.key, name.whole), (name.other_key, name.other_whole))
    found = [how for key, whole in names if (how := _rank(key, whole, query)) is not None]
    return min(found, default=None)


def _rank(key: str, whole: str, query: str) -> int | None:
    if query in (key, whole):
        return 0
    if key.startswith(query):
        return 1
    parts = whole.split()
    if all(any(part.startswith(word) for part in parts) for word in query.split()):
        return 2
    return 3 if len(query) > 2 and query in whole else None


def find_named(names: Iterable[Name], query: str) -> list[Name]:
    """The names that match `query`, best first, at most `MAX_MATCHES`.

    The newsroom's own come first, then whole names, beginnings, beginnings of words in any order,
    and parts. If any whole name matches exactly, only those that do are returned.
    """
    wanted = normalize(query)
    if not wanted:
        return []
    ranked = [
        (not name.patch, how, place, name)
        for place, name in enumerate(names)
        if (how := rank(name, wanted)) is not None
    ]
    exact = [each for each in ranked if each[1] == 0]
    ordered = sorted(exact or ranked, key=lambda each: each[:3])
    return [name for *_order, name in ordered[:MAX_MATCHES]]


def find_alike(names: Iterable[Name], query: str) -> list[Name]:
    """The names that are spelled much like `query`, likest first, for a search without a match.

    Only those with a word that begins with the same letter are compared.
    """
    wanted = normalize(query)
    if len(wanted) not in COMPARED:
        return []
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    ranked = [
        (-likeness, place, name)
        for place, name in enumerate(names)
        if (likeness := _likeness(name, wanted, matcher)) >= LIKENESS
    ]
    return [name for *_order, name in sorted(ranked, key=lambda each: each[:2])[:MAX_ALIKE]]


def _likeness(name: Name, wanted: str, matcher: SequenceMatcher[str]) -> float:
    """How alike the name is, or a part of it from a word's beginning on: 0 to 1."""
    best = 0.0
    for key in (name.key, name.other_key):
        for word in re.finditer(rf"\b{wanted[0]}", key):
            rest = key[word.start() :]
            for part in {rest, rest[: len(wanted)], rest[: len(wanted) + 1]}:
                matcher.set_seq1(part)
                if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best:
                    best = max(best, matcher.ratio())
    return best
