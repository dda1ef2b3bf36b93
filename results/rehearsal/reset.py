"""Delete a rehearsal: the only place where anything published is ever deleted."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from results.models import (
    Bulletin,
    ChainEntry,
    Declaration,
    Election,
    ElectionCorrection,
    ExternalFigures,
    Headline,
    IdempotencyRecord,
    Night,
    Photo,
    Post,
    Quote,
    ReviewItem,
    Standing,
    Total,
    Verified,
)
from results.rehearsal.setting_up import NotARehearsal


@transaction.atomic
def delete_rehearsal(election: Election) -> None:
    """Delete a rehearsal and all that was published in it. Raises NotARehearsal."""
    fresh = Election.objects.select_for_update().get(pk=election.pk)
    if not fresh.rehearsal:
        raise NotARehearsal(fresh.slug)
    Standing.objects.filter(contest__election=fresh).update(declaration=None)
    declarations = Declaration.objects.filter(contest__election=fresh)
    tables: list[QuerySet[Any]] = [
        IdempotencyRecord.objects.filter(bulletin__election=fresh),
        ReviewItem.objects.filter(contest__election=fresh),
        Bulletin.objects.filter(election=fresh),
        ChainEntry.objects.filter(election=fresh),
        Verified.objects.filter(declaration__in=declarations),
        Total.objects.filter(declaration__in=declarations),
        declarations,
        *(
            model.objects.filter(election=fresh)
            for model in (Quote, Post, Photo, Headline, ExternalFigures, ElectionCorrection)
        ),
    ]
    for rows in tables:
        # Without the append-only models, which refuse to delete.
        rows._raw_delete(rows.db)
    Night.objects.filter(election=fresh).update(epoch=uuid.uuid4())
    fresh.delete()
