"""The contests of an election that a postcode is in."""

from dataclasses import dataclass

from results.live.cached_snapshot import CachedSnapshot
from results.live.night_cache import CachedContest
from results.models.postcode import PostcodeDistrict, is_part_of_postcode, read_postcode


@dataclass(frozen=True, slots=True)
class PostcodeAnswer:
    """Result of a postcode search. `is_partial` marks a first half, `in_use` is false if it is old.

    `known` says whether the postcode is in any file that was loaded, `loaded` whether one was,
    `coded` whether every contest has an official code, the only means by which to find it.
    """

    contests: tuple[CachedContest, ...] = ()
    is_partial: bool = False
    known: bool = False
    in_use: bool = True
    loaded: bool = True
    coded: bool = True


def looks_like_postcode(text: str) -> bool:
    return read_postcode(text) is not None or is_part_of_postcode(text)


def find_by_postcode(snapshot: CachedSnapshot, text: str) -> PostcodeAnswer:
    """The contests of the night whose official code is among those of a typed postcode.

    One query, by the first half of the postcode.
    """
    postcode = read_postcode(text)
    if postcode is None:
        return PostcodeAnswer(is_partial=True)
    areas = PostcodeDistrict.areas_of(postcode)
    if areas is None:
        return PostcodeAnswer(loaded=PostcodeDistrict.objects.exists())
    codes = {code.upper() for code in areas.codes}
    found = tuple(
        cached for cached in snapshot.cached_contests if cached.contest.code.upper() in codes
    )
    coded = all(cached.contest.code for cached in snapshot.cached_contests)
    return PostcodeAnswer(found, known=True, in_use=areas.in_use, coded=coded)
