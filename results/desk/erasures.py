"""Withdraw words and pictures for good: hide them from readers, and erase them in every row.

docs/withdrawing.md says what is erased and what remains. The append-only triggers have one
exception for it, in `results.migrations._append_only`.
"""

import json
import logging
import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from results.arithmetic import BLOCK, ValidationMessage
from results.desk.bulletins import BulletinDraft
from results.desk.contents import CONTENT_OF
from results.desk.erased_texts import Erased, Texts, fragments_with
from results.desk.errors import InvalidTransition, ValidationRefused
from results.desk.intents import Intent
from results.desk.publications import draft_withdrawal
from results.desk.publishing import (
    PublishResult,
    create_bulletin,
    find_record,
    locked_night,
    record_answer,
    require_no_batch,
)
from results.desk.reasons import require_reason
from results.live.pictures import path_of
from results.models import (
    WIDTHS,
    AuditEntry,
    Bulletin,
    ChainEntry,
    ExternalFigures,
    Headline,
    Night,
    Photo,
    Publication,
    Quote,
    ReviewItem,
)

logger = logging.getLogger(__name__)

#: Values of each model's columns after an erasure.
EMPTIED: dict[type[Publication], dict[str, Any]] = {
    Quote: {
        "candidate": None,
        **dict.fromkeys(("speaker", "role", "location", "words"), ""),
    },
    Photo: dict.fromkeys(("name", "caption", "alt", "credit", "location"), ""),
    Headline: {"text": ""},
    ExternalFigures: {"source": "", "rows": []},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """The result of an erasure. `sequences` are the bulletins that had the words."""

    result: PublishResult
    sequences: tuple[int, ...] = ()
    wordings: tuple[str, ...] = ()
    fragments: int = 0
    audit_entries: int = 0
    review_items: int = 0
    pictures: int = 0


def withdraw_for_good(
    publication: Publication, *, by: User, reason: str, idempotency_key: str
) -> Erasure:
    """Withdraw a publication if it is current, and erase every wording of it.

    The reason is public, in the log. Raises `InvalidTransition` where that was done before,
    `ValidationRefused` without a reason or with one that repeats the words, and RuntimeError
    within a batch.
    """
    require_no_batch()
    reason = require_reason(reason)
    kind = CONTENT_OF[type(publication)].bulletin_kind
    intent = Intent({"act": f"erase {kind}", str(kind): publication.pk, "reason": reason})
    _overwrite_on_disk()
    with locked_night(publication.election_id) as night:
        earlier = find_record(by, idempotency_key)
        if earlier is not None:
            intent.require(earlier.fingerprint, idempotency_key)
            return Erasure(result=earlier.answer)
        erasure = _erase(night, publication, by, reason)
        record_answer(
            erasure.result.bulletin,
            by=by,
            idempotency_key=idempotency_key,
            fingerprint=intent.fingerprint,
        )
        return erasure


def _erase(night: Night, publication: Publication, by: User, reason: str) -> Erasure:
    rows = _revisions(publication)
    if rows[-1].erased_by is not None:
        raise InvalidTransition(_("This has been withdrawn for good already."))
    texts = Texts.of(rows)
    if texts.are_in(reason):
        raise ValidationRefused([ValidationMessage("reason_has_words", BLOCK, "reason")])
    if rows[-1].is_current:
        create_bulletin(night, draft_withdrawal(night, rows[-1], by), by)
        rows = _revisions(publication)
    hidden_from = _hidden_from(night, rows[-1])
    sequences = tuple(row.sequence for row in rows)
    bulletin = create_bulletin(night, _draft(publication, sequences, reason), by)
    by_bulletin = {"erased_by": bulletin.sequence}
    rows_erased = _plain(type(publication)).filter(pk__in=[row.pk for row in rows])
    rows_erased.update(**_emptied(publication), **by_bulletin)
    erased = Erased(rows, texts, sequences, hidden_from, bulletin.sequence)
    fragments = _erase_bulletins(night, erased)
    _erase_salts(night, erased)
    names = {row.name for row in rows if isinstance(row, Photo)}
    return Erasure(
        result=PublishResult(bulletin),
        sequences=sequences,
        wordings=tuple(dict.fromkeys(row.full_text for row in rows if not row.withdrawn)),
        fragments=fragments,
        audit_entries=_erase_audit_entries(night, erased),
        review_items=_erase_review_items(night, erased),
        pictures=_delete_pictures(names),
    )


def _revisions(publication: Publication) -> list[Any]:
    """Every revision of the publication, its withdrawal included, oldest first."""
    rows = type(publication)._default_manager.filter(
        election=publication.election_id, first_sequence=publication.first_sequence
    )
    return list(rows.order_by("sequence").select_related("election", "replaced_by"))


def _hidden_from(night: Night, newest: Publication) -> int:
    """Return the bulletin that hid the newest revision from readers."""
    if newest.withdrawn:
        return newest.sequence
    later = type(newest)._default_manager.filter(
        election=night.election_id, sequence__gt=newest.sequence
    )
    sequence: int = later.order_by("sequence").values_list("sequence", flat=True)[0]
    return sequence


def _draft(publication: Publication, sequences: tuple[int, ...], reason: str) -> BulletinDraft:
    summary = _("Withdrawn for good: %(kind)s of bulletin %(number)d. %(reason)s") % {
        "kind": publication._meta.verbose_name,
        "number": publication.first_sequence,
        "reason": reason,
    }
    return BulletinDraft(
        kind=Bulletin.Kind.ERASURE,
        summary=summary,
        contest=getattr(publication, "contest", None),
        says={"erased": list(sequences), "reason": reason},
        after=reason,
    )


def _emptied(publication: Publication) -> dict[str, Any]:
    return EMPTIED.get(type(publication), {"title": "", "text": ""})


def _plain(model: type[Model]) -> QuerySet[Any]:
    """Return a QuerySet of an append-only model that may update rows."""
    return QuerySet(model)


# --- Rows that repeat the words -------------------------------------------------------------


def _erase_bulletins(night: Night, erased: Erased) -> int:
    """Erase summaries, contents, salts and fragments; return the number of fragments."""
    bulletins = _plain(Bulletin)
    own = bulletins.filter(election=night.election_id, sequence__in=erased.sequences)
    own.update(summary="", content=None, salt=None, erased_by=erased.by)
    log = Bulletin.objects.filter(election=night.election_id, sequence__gte=erased.sequences[0])
    changed = 0
    stored = log.order_by("sequence").values_list("pk", "sequence", "fragments")
    for pk, sequence, fragments in list(stored.iterator(chunk_size=100)):
        if holding := fragments_with(erased, sequence, fragments):
            changed += len(holding)
            emptied = fragments | dict.fromkeys(holding)
            bulletins.filter(pk=pk).update(fragments=emptied, erased_by=erased.by)
    return changed


def _erase_salts(night: Night, erased: Erased) -> None:
    """Erase the salts of bulletins that were there before the chain."""
    for entry in ChainEntry.objects.filter(election=night.election_id, salts__isnull=False):
        numbers = {str(sequence) for sequence in erased.sequences} & entry.salts.keys()
        if numbers:
            salts = entry.salts | dict.fromkeys(numbers)
            _plain(ChainEntry).filter(pk=entry.pk).update(salts=salts, erased_by=erased.by)


def _erase_audit_entries(night: Night, erased: Erased) -> int:
    """Erase copies in the audit log and the admin's history; return the number of entries."""
    starts = tuple(f"{sequence}: " for sequence in erased.sequences)
    wordings = {row.full_text for row in erased.rows} - {""}
    entries = AuditEntry.objects.filter(election=night.election.slug[:60])
    keys = [
        pk
        for pk, *texts in entries.values_list("pk", "about", "before", "after").iterator()
        if texts[0].startswith(starts)
        or not wordings.isdisjoint(texts[1:])
        or any(map(erased.texts.are_in, texts))
    ]
    emptied = dict.fromkeys(("about", "before", "after"), "")
    for some in _in_parts(keys):
        _plain(AuditEntry).filter(pk__in=some).update(**emptied, erased_by=erased.by)
    history = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(erased.model),
        object_id__in=[str(row.pk) for row in erased.rows],
    )
    history.update(object_repr="", change_message="")
    return len(keys)


def _in_parts(keys: list[int]) -> Iterable[list[int]]:
    return (keys[start : start + 500] for start in range(0, len(keys), 500))


def _erase_review_items(night: Night, erased: Erased) -> int:
    """Erase contents and notes of settled review items with these words; return their number."""
    items = ReviewItem.objects.filter(
        contest__election=night.election_id,
        kind__in=[ReviewItem.Kind.QUOTE, ReviewItem.Kind.PHOTO],
    ).exclude(state=ReviewItem.State.WAITING)
    published = Q(bulletin__sequence__in=erased.sequences)
    changed = 0
    for item in items.filter(published) | items.filter(~published):
        is_published = item.bulletin is not None and item.bulletin.sequence in erased.sequences
        has_words = is_published or erased.texts.are_in(
            json.dumps(item.content, ensure_ascii=False)
        )
        repeats_words = erased.texts.are_in(item.note)
        if has_words:
            item.content = _emptied_content(item.content)
        if repeats_words:
            item.note = ""
        if has_words or repeats_words:
            item.save(update_fields=["content", "note"])
            changed += 1
    return changed


def _emptied_content(content: dict[str, Any]) -> dict[str, Any]:
    emptied = {
        name: "" if isinstance(value, str) and name != "said_at" else value
        for name, value in content.items()
    }
    return emptied | ({"candidate": None} if "candidate" in content else {})


# --- Files and caches -----------------------------------------------------------------------


def _delete_pictures(names: Collection[str]) -> int:
    """Delete the files of pictures that no other photo shows, once this is committed.

    Raises `InvalidTransition` where one would stay.
    """
    unused = {name for name in names if name} - set(
        Photo.objects.filter(name__in=names).values_list("name", flat=True)
    )
    for name in unused:
        for width in WIDTHS:
            path = path_of(name, width)
            _require_deletable(Path(default_storage.path(path)))
            transaction.on_commit(partial(default_storage.delete, path), robust=True)
    transaction.on_commit(_clear_memory, robust=True)
    return len(unused)


def _require_deletable(file: Path) -> None:
    try:
        file.stat()
        is_deletable = os.access(file.parent, os.W_OK | os.X_OK)
    except FileNotFoundError:
        return
    except OSError:
        is_deletable = False
    if not is_deletable:
        words = _(
            "%(file)s cannot be deleted on the server: tell whoever runs it. Nothing is erased yet."
            " Withdraw the photo meanwhile."
        )
        raise InvalidTransition(words % {"file": file})


def _clear_memory() -> None:
    """Clear this process's caches of pages, and SQLite's write-ahead log."""
    for name in ("pages", "choices"):
        caches[name].clear()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            is_busy, *_pages = cursor.fetchone()
        if is_busy:
            logger.warning(
                "what was erased is still in the write-ahead log of SQLite: something reads the "
                "database, such as a backup. Restart the service when it has ended"
            )


def _overwrite_on_disk() -> None:
    """Make SQLite overwrite erased data with zeros; PostgreSQL's VACUUM frees it later."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
