"""Per-process cache of the contests of each night, brought up to date from its log.

A bulletin names the contest that it changes. Only that one is read again, and only its parts of
pages are rendered again. All contests are read again in a new epoch, where the log has a gap or was
put back, and by a process that has not read the night before.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from cachetools import LRUCache
from django.core.cache import caches
from django.db.models import F

from results.arithmetic import Tally
from results.live.carried_fragments import CarriedFragments, Entries
from results.live.contest_lists import ContestLists
from results.live.feed_list import is_milestone
from results.live.fragments import Fragments
from results.live.tail import CATCH_UP
from results.models import Bulletin, Contest, Election, Night, Standing

#: The most cached contests of all nights together; further nights evict older ones.
MAX_CONTESTS = 10_000

#: Kinds of bulletins that change nothing but contests, results, the tally and milestones.
RESULTS = (
    Bulletin.Kind.DECLARATION,
    Bulletin.Kind.WINNER_ONLY,
    Bulletin.Kind.UPDATE,
    Bulletin.Kind.UNOPPOSED,
    Bulletin.Kind.INCOMPLETE,
    Bulletin.Kind.STATUS,
)
MadeT = TypeVar("MadeT")


@dataclass(eq=False, slots=True)
class CachedContest:
    """A contest with standing and region as of bulletin `version`, and values cached for it.

    Another object replaces it when a bulletin changes the contest. Objects never change, so that
    they are shared by all threads. `sort_order` is the contest's position in the order of names.
    """

    contest: Contest
    version: int
    sort_order: int
    contribution: Tally = field(init=False)
    has_result: bool = field(init=False)
    is_incomplete: bool = field(init=False)
    #: The number of the result's entry in the feed, 0 for none.
    first_sequence: int = field(init=False)
    #: When its result was first declared; None without a result, or without a time.
    declared_at: datetime | None = field(init=False)
    #: The number of the bulletin that postponed its poll, 0 for none.
    postponed_in: int = field(init=False)
    _made: dict[str, Any] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        standing = self.standing
        self.contribution = standing.added_to_tally if standing else Tally()
        self.has_result = standing is not None and standing.has_result
        self.declared_at = standing.first_declared_at if standing and self.has_result else None
        self.is_incomplete = standing is not None and standing.incomplete
        self.first_sequence = (standing.first_sequence if standing else None) or 0
        self.postponed_in = (standing.postponed_in if standing else None) or 0

    @property
    def standing(self) -> Standing | None:
        return getattr(self.contest, "standing", None)

    @property
    def is_awaited(self) -> bool:
        """Whether its declaration is to come on this night."""
        return not (self.has_result or self.postponed_in)

    def made(self, name: str, make: Callable[[], MadeT]) -> MadeT:
        """Return `make()`, cached under this name after the first call."""
        if name not in self._made:
            self._made[name] = make()
        return cast(MadeT, self._made[name])

    def put(self, name: str, made: Any) -> None:
        """Cache a value that is known already."""
        self._made[name] = made

    def lacks(self, name: str) -> bool:
        return name not in self._made


@dataclass(frozen=True, slots=True)
class CachedNight:
    """A night at one bulletin, with every contest by its key, in order of name.

    `lists` changes only with a new epoch or edited details, last with bulletin `edited`. `changed`
    has the bulletin that last changed an entry of the feed, by the entry's number, since everything
    was read at bulletin `read_at`. `parts` are fragments of the whole night as the last bulletin
    that changed them carries them, or as they were rendered since; `entries` are those of the feed
    that recent bulletins carry, by element id. `as_of` is `Bulletin.newest_known_at`.
    """

    night: Night
    as_of: datetime | None
    contests: Mapping[int, CachedContest]
    lists: ContestLists
    read_at: int
    edited: int
    changed: Mapping[int, int]
    parts: Fragments
    entries: Entries
    _read: dict[str, Any]

    def version_of(self, number: int, contest_pk: int | None) -> int:
        """Return the bulletin that last changed the entry with this number, of this contest."""
        contest = self.contests.get(contest_pk or 0)
        version = contest.version if contest else self.edited
        return max(self.changed.get(number, self.read_at), version)

    def some(self, keys: Iterable[int]) -> list[CachedContest]:
        """Return the contests with these keys, in their order, without deleted ones."""
        return [self.contests[pk] for pk in keys if pk in self.contests]

    def read_once(self, name: str, read: Callable[[], MadeT]) -> MadeT:
        """Return `read()`, cached until a bulletin changes anything but contests."""
        if name not in self._read:
            self._read[name] = read()
        return cast(MadeT, self._read[name])


class _ReadAgain(Exception):
    """Raised where the log does not lead from the cached night to the present one."""


#: Election and language, since fragments are cached with their contest.
Key = tuple[int, str]
_nights: LRUCache[Key, CachedNight] = LRUCache(
    MAX_CONTESTS, getsizeof=lambda cached: min(max(len(cached.contests), 1), MAX_CONTESTS)
)
_nights_lock = threading.Lock()
#: Locks by which one thread reads while the others wait for it.
_reading: defaultdict[Key, threading.Lock] = defaultdict(threading.Lock)


def cached_night(election: Election, night: Night) -> CachedNight:
    """Return the election's night at the bulletin of `night`, or at a later one.

    It is in the reader's language: each language has its own cache entry.
    """
    cache_key = election.pk, election.page_language
    with _reading[cache_key]:
        with _nights_lock:
            known = _nights.get(cache_key)
        if known is not None and _is_later(known.night, night):
            # Another thread has read further, or the log was put back.
            night = Night.objects.get(election=election)
        if known is not None and _same(known.night, night):
            return known
        fresh = read_night(election, night) if known is None else _updated(election, known, night)
        with _nights_lock:
            _nights[cache_key] = fresh
        return fresh


def clear() -> None:
    """Forget every night."""
    with _nights_lock:
        _nights.clear()


def _same(one: Night, other: Night) -> bool:
    return (one.epoch, one.sequence) == (other.epoch, other.sequence)


def _is_later(one: Night, other: Night) -> bool:
    return one.epoch == other.epoch and one.sequence > other.sequence


# --- Reading --------------------------------------------------------------------------------


def read_night(election: Election, night: Night) -> CachedNight:
    """Read the whole night; nothing of it is cached."""
    keys = Contest.objects.filter(election=election).order_by("sort_key", "pk")
    sort_orders = {
        pk: sort_order for sort_order, pk in enumerate(keys.values_list("pk", flat=True))
    }
    versions = dict.fromkeys(sort_orders, night.sequence)
    return CachedNight(
        night=night,
        as_of=Bulletin.newest_known_at(election),
        contests=_read_contests(election, sort_orders, versions),
        lists=ContestLists(election),
        read_at=night.sequence,
        edited=night.sequence,
        changed={},
        parts={},
        entries={},
        _read={},
    )


def _read_contests(
    election: Election, sort_orders: Mapping[int, int], versions: Mapping[int, int]
) -> dict[int, CachedContest]:
    """The contests with these keys, in the order of `versions`."""
    rows = Contest.objects.filter(pk__in=versions).select_related("region", "standing")
    contests = {contest.pk: contest for contest in rows}
    read = {}
    for pk, version in versions.items():
        contest = contests.get(pk)
        if contest is None:  # deleted since, and a new epoch is about to say so
            continue
        # Set to avoid a query of the election for each contest.
        contest.election = election
        read[pk] = CachedContest(contest, version, sort_orders[pk])
    return read


def _updated(election: Election, known: CachedNight, night: Night) -> CachedNight:
    """Return the night with the changes of the bulletins between `known` and `night`."""
    try:
        bulletins = _bulletins_between(known.night, night)
        versions = _changed_contests(known, bulletins)
    except _ReadAgain:
        return read_night(election, night)
    if any(bulletin.kind == Bulletin.Kind.ERASURE for bulletin in bulletins):
        # Words were withdrawn for good in another process: forget the pages that had them.
        for name in ("pages", "choices"):
            caches[name].clear()
    sort_orders = {pk: known.contests[pk].sort_order for pk in versions}
    edits = [one.sequence for one in bulletins if one.kind == Bulletin.Kind.DETAILS]
    carried = CarriedFragments.of(election, bulletins)
    changed = _read_contests(election, sort_orders, versions)
    for cached in changed.values():
        if both := carried.row_and_hexagon(cached.contest.slug, cached.version):
            cached.put("row", both)
    return CachedNight(
        night=night,
        as_of=_known_at(bulletins[-1]),
        # The order stays: none of the keys is new.
        contests={**known.contests, **changed},
        lists=ContestLists(election) if edits else known.lists,
        read_at=known.read_at,
        edited=max(edits, default=known.edited),
        changed={**known.changed, **dict(_changed_entries(bulletins))},
        # A copy, to which other threads add nothing meanwhile.
        parts=carried.parts_after(known.parts.copy()),
        entries=carried.entries_after(known.entries),
        _read={} if any(map(_changes_more, bulletins)) else known._read,
    )


def _bulletins_between(known: Night, night: Night) -> list[Bulletin]:
    """Return the bulletins after `known` up to `night`. Raises _ReadAgain if any is missing."""
    missing = night.sequence - known.sequence
    if known.epoch != night.epoch or not 0 < missing <= CATCH_UP:
        raise _ReadAgain
    log = Bulletin.objects.filter(
        election=night.election_id,
        epoch=night.epoch,
        sequence__gt=known.sequence,
        sequence__lte=night.sequence,
    )
    declared_at = F("declaration__declared_at")
    bulletins = list(log.order_by("sequence").annotate(declared_at=declared_at))
    if len(bulletins) != missing:
        raise _ReadAgain
    return bulletins


def _known_at(bulletin: Bulletin) -> datetime | None:
    declared_at = bulletin.declared_at  # type: ignore[attr-defined]  # annotated
    return Bulletin.known_at(bulletin.published_at, bulletin.kind, declared_at)


def _changed_contests(known: CachedNight, bulletins: Collection[Bulletin]) -> dict[int, int]:
    """Return the last bulletin that changed each contest. Raises _ReadAgain for an unknown one."""
    edited = any(bulletin.kind == Bulletin.Kind.DETAILS for bulletin in bulletins)
    slugs = {cached.contest.slug: pk for pk, cached in known.contests.items()} if edited else {}
    changed: dict[int, int] = {}
    for bulletin in bulletins:
        keys: list[int | None] = [bulletin.contest_id] if bulletin.contest_id else []
        if bulletin.kind == Bulletin.Kind.DETAILS:
            # The bulletin itself names a contest only where it is about a single one.
            rows = (name for name in bulletin.fragments if name.startswith("row-"))
            keys += [slugs.get(name.removeprefix("row-")) for name in rows]
        for key in keys:
            if key is None or key not in known.contests:
                raise _ReadAgain
            changed[key] = bulletin.sequence
            whole = known.contests[key].contest.part_of_id
            if whole is not None and whole in known.contests:
                changed[whole] = bulletin.sequence
    return changed


def _changes_more(bulletin: Bulletin) -> bool:
    """Whether a bulletin may change anything but contests, their results and the tally."""
    return bulletin.kind not in RESULTS or any(map(is_milestone, bulletin.fragments))


def _changed_entries(bulletins: Iterable[Bulletin]) -> Iterator[tuple[int, int]]:
    """Yield (number, bulletin) of each entry of the feed that changed, besides contests'."""
    for bulletin in bulletins:
        yield bulletin.sequence, bulletin.sequence
        yield bulletin.first_sequence, bulletin.sequence
        # One of several milestones of an earlier bulletin may be undone.
        for name in bulletin.fragments:
            if is_milestone(name):
                yield int(name.split("-")[1]), bulletin.sequence
