"""Heads of the public logs in the connected database, which a restore may discard."""

from django.db import DatabaseError, transaction

from results.models import Bulletin, ChainEntry

#: The heads of each election's log, oldest first, by slug.
Heads = dict[str, list[str]]


def read_heads() -> Heads | None:
    """The heads of every log; None where the database has none or cannot be read."""
    try:
        with transaction.atomic():
            rows = [
                row
                for model in (Bulletin, ChainEntry)
                for row in model.objects.filter(head__isnull=False).values_list(
                    "election__slug", "chain_number", "head"
                )
            ]
    except DatabaseError:
        return None
    heads: Heads = {}
    for slug, _number, head in sorted(rows):
        heads.setdefault(slug, []).append(head)
    return heads
