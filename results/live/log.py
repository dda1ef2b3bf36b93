"""Read the published log from the database.

An `address` is that of an election, or of its second language: `ge`, `cy/ge`.
"""

from uuid import UUID

from django.db.models import QuerySet

from results.live.election_snapshot import ElectionSnapshot
from results.live.fragments import newest_entries
from results.live.frames import Frame
from results.live.stream import Stream
from results.live.tail import CATCH_UP, Entry, Tail, rounded_distance
from results.live.topics import Topics, select
from results.live.translated import address_of, split_address, translate
from results.models import Bulletin, Night, is_public
from results.models.languages import chosen_language, reading_in

#: Bulletins that are read for the first reader of a second language in a process.
TRANSLATED = 10


def read_after(night: Night, sequence: int, limit: int) -> list[Entry]:
    """The bulletins of the night's epoch after `sequence`, oldest first, at most `limit`."""
    bulletins = Bulletin.objects.filter(
        election_id=night.election_id, epoch=night.epoch, sequence__gt=sequence
    ).order_by("sequence")
    return [
        # Fragments that held erased words are null, and later ones have replaced them.
        (number, {name: html for name, html in fragments.items() if html is not None})
        for number, fragments in bulletins.values_list("sequence", "fragments")[:limit]
    ]


def read_newest(night: Night) -> list[Entry]:
    """The newest bulletins of the night's epoch, as many as a page may catch up on."""
    return read_after(night, max(night.sequence - CATCH_UP, 0), CATCH_UP)


def read_tail(address: str) -> Tail | None:
    """Read the tail of an election's log; None if there is no such public election."""
    language, _slug = split_address(address)
    night = _nights_at(address).filter(is_public("election__")).first()
    if night is None:
        return None
    # Rendering takes longer than reading: pages that are further behind load again.
    limit = TRANSLATED if language else CATCH_UP
    newest = read_after(night, max(night.sequence - limit, 0), limit)
    return Tail(night.epoch, night.sequence, translate(night, newest, language))


def _nights_at(address: str) -> "QuerySet[Night]":
    """Return the night of the election at an address, or at that of its second language."""
    language, slug = split_address(address)
    nights = Night.objects.filter(election__slug=slug).select_related("election")
    return nights.filter(election__second_language=language) if language else nights


def read_updates(address: str, epoch: UUID, sequence: int) -> tuple[Night | None, list[Entry]]:
    """The night, and its bulletins after `sequence` of `epoch`.

    It returns the newest bulletins instead where the night has another epoch, was put back or is
    further ahead than a page may catch up on. Either ends at the night's own sequence: a later one
    may be within a batch, whose last bulletin has the night's fragments.
    """
    language, _slug = split_address(address)
    nights = _nights_at(address)
    if not language:
        # This is read every second and after every bulletin, and only translation needs all
        # columns.
        nights = nights.select_related(None).only("election", "epoch", "sequence")
    night = nights.first()
    if night is None or (night.epoch, night.sequence) == (epoch, sequence):
        return night, []
    if not can_catch_up(night, sequence, epoch):
        return night, [] if language else read_newest(night)
    missing = read_after(night, sequence, night.sequence - sequence)
    return night, translate(night, missing, language)


def can_catch_up(night: Night, sequence: int, epoch: UUID | None = None) -> bool:
    """Whether a page at `sequence` of `epoch` is near enough to the night to catch up."""
    return epoch in (None, night.epoch) and 0 <= night.sequence - sequence <= CATCH_UP


def is_in_reach(night: Night, sequence: int, epoch: UUID | None = None) -> bool:
    """Whether every bulletin that a page at `sequence` of `epoch` lacks is in the log."""
    if not can_catch_up(night, sequence, epoch):
        return False
    missing = Bulletin.objects.filter(
        election_id=night.election_id,
        epoch=night.epoch,
        sequence__gt=sequence,
        sequence__lte=night.sequence,
    )
    behind = night.sequence - sequence
    return not behind or missing.count() == behind


def frame_since(
    night: Night, sequence: int, epoch: UUID | None = None, topics: Topics | None = None
) -> Frame:
    """The frame for a page at `sequence` of `epoch` (by default the night's).

    It ends at the sequence that `night` was read at, whatever has been published since, and is in
    the language that the reader has chosen.
    """
    language = chosen_language()
    address = address_of(night.election.slug, language)
    stream = Stream(address, Tail(night.epoch, night.sequence))
    if not can_catch_up(night, sequence, epoch):
        return stream.frame_since(None)
    begin = max(night.sequence - rounded_distance(night.sequence - sequence), 0)
    entries = read_after(night, begin, night.sequence - begin)
    if language and topics is not None:
        entries = [(number, select(fragments, topics)) for number, fragments in entries]
    entries = translate(night, entries, language)
    stream = Stream(address, Tail(night.epoch, night.sequence, entries))
    if topics is None and stream.missing_entries():
        stream.add_entries(read_entries_of_feed(stream.slug))
    return stream.frame_since(sequence, topics)


def read_entries_of_feed(address: str) -> dict[str, str]:
    """Render the feed's newest entries as they stand now: `{element id: html}`."""
    night = _nights_at(address).get()
    with reading_in(split_address(address)[0]):
        snapshot = ElectionSnapshot(night.election, night)
        return {entry.id: entry.html for entry in newest_entries(snapshot)}
