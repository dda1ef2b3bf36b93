"""Create bulletins, each in a transaction under the night's lock, once per idempotency key."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

from django.contrib.auth.models import User
from django.db import transaction

from results.desk.bulletins import BulletinDraft, Bulletins
from results.desk.errors import ElectionNotPublic, TakenBack
from results.desk.intents import Intent
from results.desk.rendered import known_party_names
from results.models import Bulletin, Election, IdempotencyRecord, Night, ReviewItem
from results.words.party_names import PartyNames, load_party_names


@dataclass(frozen=True, slots=True)
class PublishResult:
    """The answer to a request to publish, which is the same for each repetition.

    `unchanged`: nothing was published, since `bulletin` had published the same before.
    `repeated`: a request with the same key was answered before.
    """

    bulletin: Bulletin
    repeated: bool = False
    unchanged: bool = False

    @property
    def sequence(self) -> int:
        return self.bulletin.sequence


#: The answer to a submission: what was published, or the item that waits for another person.
SubmitResult = PublishResult | ReviewItem

T = TypeVar("T")
AnswerT = TypeVar("AnswerT")

#: Most publications in an importer's transaction: it blocks other writers for half a second, and a
#: page may miss several batches before it has to reload.
BATCH = 25

_open_batch: ContextVar[Bulletins | None] = ContextVar("open_batch", default=None)


@dataclass(frozen=True, slots=True)
class EarlierAnswer(Generic[AnswerT]):
    """The earlier answer to an idempotency key, and the fingerprint of its request."""

    fingerprint: str
    answer: AnswerT


#: A function that writes under the night's lock; it returns the bulletin to create, or the one that
#: published the same before.
Change = Callable[[Night], BulletinDraft | Bulletin]

#: A function that creates the bulletin of a draft by this person under the night's lock.
Create = Callable[[Night, BulletinDraft, User], Bulletin]


def publish_bulletin(
    election: Election,
    *,
    by: User,
    idempotency_key: str,
    intent: Intent,
    change: Change,
    create: Create | None = None,
) -> PublishResult:
    """Run `change` in one transaction and create its bulletin, once for each `by` and key.

    `create` stores the draft where others follow from it; `create_bulletin` stores it alone. Raises
    `IdempotencyKeyReused` where the key was used for another intent.
    """
    with locked_night(election.pk) as night:
        earlier = find_record(by, idempotency_key)
        if earlier is not None:
            intent.require(earlier.fingerprint, idempotency_key)
            return earlier.answer
        outcome = change(night)
        unchanged = isinstance(outcome, Bulletin)
        if isinstance(outcome, BulletinDraft):
            outcome = (create or create_bulletin)(night, outcome, by)
        return record_answer(
            outcome,
            by=by,
            idempotency_key=idempotency_key,
            fingerprint=intent.fingerprint,
            unchanged=unchanged,
        )


@contextmanager
def batch(election: Election) -> Iterator[None]:
    """Publish everything within in one transaction, so that readers get it at once.

    It is for importers. The log still has one bulletin, audit entry and idempotency record for each
    publication, but these are stored at the end, and the night's fragments are rendered once. A
    publication that raises is undone by itself: catch the error to keep the others. Other writers
    wait until the batch ends, so that it should have at most `BATCH` publications (`in_batches`).
    Raises RuntimeError within another batch.
    """
    require_no_batch()
    with locked_night(election.pk) as night, stored_together(night):
        yield


@contextmanager
def stored_together(night: Night) -> Iterator[None]:
    """Store the bulletins within of the locked night at the end, with the night's parts rendered.

    Within a batch of the night they are stored with the batch.
    """
    if _open_bulletins(night) is not None:
        yield
        return
    bulletins = Bulletins(night)
    token = _open_batch.set(bulletins)
    try:
        yield
        bulletins.store()
    finally:
        _open_batch.reset(token)


def require_no_batch() -> None:
    """Raise RuntimeError within a batch."""
    if _open_batch.get() is not None:
        raise RuntimeError("a batch is open")


def in_batches(items: Iterable[T]) -> Iterator[list[T]]:
    """Yield the items in lists of at most `BATCH`."""
    remaining = iter(items)
    while some := list(islice(remaining, BATCH)):
        yield some


@contextmanager
def locked_night(election_pk: int) -> Iterator[Night]:
    """Hold the night's row lock in one transaction, with the election read under the lock.

    Within a batch of the election, which holds the lock already, it is a savepoint.
    """
    bulletins = _open_batch.get()
    with transaction.atomic():
        if bulletins is not None and bulletins.night.pk == election_pk:
            with bulletins.undone_on_error():
                yield bulletins.night
            return
        night = Night.objects.select_for_update().get(election=election_pk)
        night.election = Election.objects.get(pk=election_pk)
        yield night


def lock_all_nights() -> None:
    """Lock every night until the end of the transaction, always in the same order."""
    list(Night.objects.select_for_update().order_by("pk").values_list("pk"))


def _open_bulletins(night: Night) -> Bulletins | None:
    """The bulletins of the batch that is open for this night, if any."""
    bulletins = _open_batch.get()
    return bulletins if bulletins is not None and bulletins.night is night else None


def find_record(by: User, idempotency_key: str) -> EarlierAnswer[PublishResult] | None:
    """Find the answer to this person's key: the bulletin published, or published before.

    Raises TakenBack where its sender took the request back.
    """
    bulletins = _open_batch.get()
    record = bulletins.find_record(by, idempotency_key) if bulletins else None
    if record is None:
        # Nearly every key is new, so that its bulletin is read only where there is one.
        records = IdempotencyRecord.objects.filter(by=by, idempotency_key=idempotency_key)
        record = records.first()
    if record is None:
        return None
    if record.bulletin is None:
        raise TakenBack
    result = PublishResult(record.bulletin, repeated=True, unchanged=record.unchanged)
    return EarlierAnswer(record.fingerprint, result)


def record_answer(
    bulletin: Bulletin, *, by: User, idempotency_key: str, fingerprint: str, unchanged: bool = False
) -> PublishResult:
    """Record this bulletin as the answer to the key, for repetitions too."""
    record = IdempotencyRecord(
        by=by,
        idempotency_key=idempotency_key,
        fingerprint=fingerprint,
        bulletin=bulletin,
        unchanged=unchanged,
    )
    bulletins = _open_batch.get()
    if bulletins is None:
        record.save()
    else:
        bulletins.add_record(record)
    return PublishResult(bulletin, unchanged=unchanged)


def create_bulletin(night: Night, draft: BulletinDraft, by: User) -> Bulletin:
    """Create a bulletin of the locked night; within a batch it is stored with the batch.

    Raises ElectionNotPublic, since readers would not see what it publishes.
    """
    if not night.election.is_published:
        raise ElectionNotPublic(night.election)
    bulletins = _open_bulletins(night)
    if bulletins is not None:
        return bulletins.add(draft, by)
    single = Bulletins(night)
    bulletin = single.add(draft, by)
    single.store()
    return bulletin


def party_names_of(night: Night) -> PartyNames:
    """The names of all labels, read again only after they may have changed."""
    bulletins = _open_bulletins(night)
    known = known_party_names(night) if bulletins is None else bulletins.party_names
    return known or load_party_names(night.election.date)


def find_bulletin(**lookup: Any) -> Bulletin | None:
    """Find the newest bulletin with these values; an open batch is stored first."""
    bulletins = _open_batch.get()
    if bulletins is not None:
        bulletins.store()
    return Bulletin.objects.filter(**lookup).order_by("-sequence").first()
