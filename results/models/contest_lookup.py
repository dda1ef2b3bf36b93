"""Find contests by name, address, code or ballot paper id; tell contests of one name apart."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from django.utils.text import slugify

from .contest import Contest
from .election import Election
from .merged_contest import MergedContest

#: The most parts between commas that one name may have.
MOST_PARTS = 6
#: The most unknown names that similar ones are suggested for: in a list of another election all are
#: unknown, and each search takes a hundredth of a second among 650 names.
MOST_SUGGESTED = 20
#: The word for a by-election in a qualifier, and so in addresses.
BY_ELECTION = "by-election"


@dataclass(frozen=True, slots=True)
class FoundContests:
    """The result of a lookup: contests found, unknown words, and ambiguous ones."""

    contests: list[Contest]
    unknown: tuple[str, ...]
    ambiguous: dict[str, list[Contest]]

    @property
    def choices(self) -> str:
        """The ambiguous words as text, each with slugs that identify one contest."""
        return "; ".join(
            f"“{word}”: "
            + ", ".join(f"{contest.full_name} = {contest.slug}" for contest in contests)
            for word, contests in self.ambiguous.items()
        )


class ContestNames:
    """Index of one election's contests by every name, code and address. Costs two queries."""

    def __init__(self, election: Election) -> None:
        self.contests = list(Contest.objects.filter(election=election).select_related("body"))
        self._exact = {
            plain_name(word): contest
            for contest in self.contests
            for word in (contest.slug, contest.ballot_paper_id)
            if word
        }
        by_pk = {contest.pk: contest for contest in self.contests}
        for merged in MergedContest.objects.filter(election=election):
            self._exact.setdefault(plain_name(merged.slug), by_pk[merged.contest_id])
        self._searches = 0
        self._named: defaultdict[str, dict[int, Contest]] = defaultdict(dict)
        for contest in self.contests:
            for word in _words_for(contest):
                self._named[plain_name(word)][contest.pk] = contest
        # A name in Welsh names no contest where it is another's own name.
        own = set(self._named)
        for contest in self.contests:
            for key in {*map(plain_name, _welsh_words_for(contest))} - own:
                self._named[key][contest.pk] = contest

    def match(self, word: str) -> list[Contest]:
        """The contests that the word names: one, none, or several of one name.

        Case, accents and punctuation do not matter, and “&” is “and”. A word that is the address
        or the ballot paper id of one contest and the name of others means the former.
        """
        word = word.strip()
        key = plain_name(word) if word else ""
        matches = list(self._named.get(key, {}).values())
        if len(matches) > 1 and not _is_address(word, key, self._exact):
            return matches
        return [self._exact[key]] if key in self._exact else matches

    def find(self, words: Iterable[str]) -> "FoundContests":
        """Look up words, and return the contests found in the words' order."""
        found: list[Contest] = []
        unknown: list[str] = []
        ambiguous: dict[str, list[Contest]] = {}
        for word in filter(None, (word.strip() for word in words)):
            matches = self.match(word)
            if len(matches) > 1:
                ambiguous[word] = matches
            elif matches:
                found.append(matches[0])
            else:
                unknown.append(word)
        return FoundContests(found, tuple(unknown), ambiguous)

    def split(self, text: str, separator: str = ",") -> list[str]:
        """Split a list of names at its commas, but not at commas within a name.

        “Aford, Ayr, Carrick and Cumnock” is two: the longest name that exists is taken first.
        """
        parts = [part.strip() for part in text.split(separator)]
        joint = f"{separator} "
        names: list[str] = []
        while parts:
            lengths = range(min(len(parts), MOST_PARTS), 1, -1)
            length = next((length for length in lengths if self._is_name(parts[:length], joint)), 1)
            names.append(joint.join(parts[:length]))
            del parts[:length]
        return [name for name in names if name]

    def _is_name(self, parts: list[str], joint: str) -> bool:
        """Whether the parts make one name.

        “West, Northshire” is no name of West, of the body Northshire, where that is a contest too.
        """
        named = self.match(joint.join(parts))
        return bool(named) and not any(
            self.match(joint.join(parts[:length])) == named
            and self.match(joint.join(parts[length:]))
            for length in range(1, len(parts))
        )

    def similar(self, word: str, most: int = 3) -> list[Contest]:
        """Return contests whose name, or the start of it, resembles the word; most alike first.

        None for words after the first `MOST_SUGGESTED`.
        """
        self._searches += 1
        if self._searches > MOST_SUGGESTED:
            return []
        typed = plain_name(word)
        names: dict[str, Contest] = {}
        for key, contests in self._named.items():
            if len(contests) == 1:
                (contest,) = contests.values()
                # “Islingtn South” is the beginning of “Islington South and Finsbury”.
                names.setdefault(key[: len(typed) + 1], contest)
                names[key] = contest
        close = get_close_matches(typed, names, n=most, cutoff=0.8)
        return list({names[key].pk: names[key] for key in close}.values())


def find_contests(election: Election, words: Iterable[str]) -> FoundContests:
    """Find the contests of the election that `words` name, as `ContestNames.find` does."""
    return ContestNames(election).find(words)


def _is_address(word: str, key: str, exact: dict[str, Contest]) -> bool:
    """Whether the word, as it was typed, is the address of one contest rather than a name."""
    contest = exact.get(key)
    return contest is not None and word in (contest.slug, contest.ballot_paper_id)


def _words_for(contest: Contest) -> Iterable[str]:
    yield from filter(None, (contest.name, contest.code, contest.full_name))
    yield f"{contest.name} {contest.body.name}"


def _welsh_words_for(contest: Contest) -> Iterable[str]:
    """The same in Welsh: a ward may have a name in it alone, and so may its council."""
    name, body = contest.name_cy or contest.name, contest.body.name_cy or contest.body.name
    yield from (name, f"{name} {contest.body.name}", f"{name} {body}")


@lru_cache(maxsize=20_000)
def plain_name(name: str) -> str:
    """Normalise a name for comparing: no case, accents or punctuation; “&” is “and”."""
    return slugify(name.replace("&", " and ")) or name.strip().casefold()


@dataclass(frozen=True, slots=True)
class Named:
    """The details that tell a contest apart from others of the same name."""

    name: str
    body: str
    by_election: bool = False
    code: str = ""


def qualifiers(contests: Sequence[Named]) -> list[str]:
    """Return each contest's qualifier: empty where no other contest has the name.

    It is the body if contests of one name are of several; “by-election” if the ballots of one body
    and name differ in that; the code where nothing else tells them apart.
    """
    by_name: defaultdict[str, list[int]] = defaultdict(list)
    for number, contest in enumerate(contests):
        by_name[plain_name(contest.name)].append(number)
    result = [""] * len(contests)
    for numbers in by_name.values():
        if len(numbers) > 1:
            for number, qualifier in _told_apart([contests[n] for n in numbers], numbers):
                result[number] = qualifier
    return result


def _told_apart(contests: list[Named], numbers: list[int]) -> Iterable[tuple[int, str]]:
    has_bodies = len({contest.body for contest in contests}) > 1
    for number, contest in zip(numbers, contests, strict=True):
        parts = [contest.body] if has_bodies else []
        rivals = [
            other for other in contests if other is not contest and other.body == contest.body
        ]
        if contest.by_election and any(not other.by_election for other in rivals):
            parts.append(BY_ELECTION)
        if contest.code and any(other.by_election == contest.by_election for other in rivals):
            parts.append(contest.code)
        yield number, " ".join(parts)


def set_qualifiers(election: Election) -> bool:
    """Compute and store each contest's qualifier; return whether any changed."""
    contests = list(Contest.objects.filter(election=election).select_related("body").order_by("pk"))
    changed = []
    for contest, qualifier in zip(contests, qualifiers([*map(named, contests)]), strict=True):
        if contest.qualifier != qualifier[:200]:
            contest.qualifier = qualifier[:200]
            changed.append(contest)
    if changed:
        Contest.objects.bulk_update(changed, ["qualifier"])
    return bool(changed)


def named(contest: Contest) -> Named:
    return Named(contest.name, contest.body.name, contest.by_election, contest.code)
