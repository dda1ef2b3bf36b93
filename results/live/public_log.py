"""The public log, which anybody can check with docs/verify_log.py; docs/record.md describes it."""

import json
from collections.abc import Iterator

from results.live.election_snapshot import ElectionSnapshot
from results.models import Bulletin, ChainEntry, Election

#: An entry: its number, header, head, salt and content, as stored.
Row = tuple[int, str, str, str | None, str | None]
_COLUMNS = ("chain_number", "header", "head", "salt", "content")

#: Version of the document's format.
FORMAT = 1
_NOT_PUBLIC = '"salt":null,"content":null'


def public_log(snapshot: ElectionSnapshot) -> Iterator[str]:
    """Yield the parts of a JSON document: `{"format", "entries", "head", "log"}`, oldest first.

    It is composed of the stored text, which has the form that was hashed. Words that were reworded
    or withdrawn since are left out with their salts, as on every page: null.
    """
    night = snapshot.night
    head = f'"{night.head}"' if night.head else "null"
    yield f'{{"format":{FORMAT},"entries":{night.entries},"head":{head},"log":['
    separator = "\n"
    for _number, header, digest, salt, content in _rows(snapshot.election, night.entries):
        opened = _NOT_PUBLIC
        if salt is not None and content is not None:
            opened = f'"salt":{json.dumps(salt)},"content":{_as_json(content)}'
        yield f'{separator}{{"header":{_as_json(header)},"head":{json.dumps(digest)},{opened}}}'
        separator = ",\n"
    yield "\n]}\n"


def _as_json(stored: str) -> str:
    """Return the stored text, or a JSON string of it if it is a damaged entry, no JSON object."""
    try:
        is_object = isinstance(json.loads(stored), dict)
    except (TypeError, ValueError, RecursionError):
        is_object = False
    return stored if is_object else json.dumps(stored)


def _rows(election: Election, newest: int) -> list[Row]:
    """Return the entries up to the newest, without contents that readers no longer see."""
    bulletins = Bulletin.objects.filter(election=election, chain_number__lte=newest)
    hidden = set(bulletins.filter(hides__isnull=False).values_list("hides", flat=True))
    rows: list[Row] = [
        (number, header, head, *((None, None) if sequence in hidden else (salt, content)))
        for number, header, head, salt, content, sequence in bulletins.values_list(
            *_COLUMNS, "sequence"
        )
    ]
    others = ChainEntry.objects.filter(election=election, chain_number__lte=newest)
    rows += others.values_list(*_COLUMNS)
    return sorted(rows)
