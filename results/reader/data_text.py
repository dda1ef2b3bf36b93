"""Assemble results.json and results.csv from the text of each contest.

A contest's text is made once for each of its bulletins, and kept with the contest.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from results.live.body_data import bodies_table
from results.live.cached_snapshot import CachedSnapshot
from results.live.data import BYTE_ORDER_MARK, COLUMNS, Document, contests_of, head_of, rows_of
from results.live.night_cache import CachedContest
from results.models import Contest


def json_of(snapshot: CachedSnapshot) -> str:
    """The document that `results.live.data.document_of` describes."""
    head = encode(head_of(snapshot))
    contests = ",".join(text for _cached, text in contest_texts(snapshot))
    return f'{head[:-1]},"contests":[{contests}]}}'


def csv_of(snapshot: CachedSnapshot) -> str:
    """The table that `results.live.data.table_of` describes."""
    rows = (
        cached.made("csv", _rows_in(snapshot, text)) for cached, text in contest_texts(snapshot)
    )
    return BYTE_ORDER_MARK + _lines([list(COLUMNS)]) + "".join(rows)


def seat_csv_of(snapshot: CachedSnapshot, contest: Contest) -> str:
    """The rows of one contest, or of a counting area, under the same headings."""
    documents = contests_of(snapshot, Contest.objects.filter(pk=contest.pk))
    rows = [row for each in documents.values() for row in rows_of(snapshot.election, each)]
    return BYTE_ORDER_MARK + _lines([list(COLUMNS), *rows])


def bodies_csv_of(snapshot: CachedSnapshot) -> str:
    """The table that `results.live.body_data.bodies_table` describes."""
    return BYTE_ORDER_MARK + _lines(bodies_table(snapshot))


def _rows_in(snapshot: CachedSnapshot, text: str) -> Callable[[], str]:
    return lambda: _lines(rows_of(snapshot.election, json.loads(text)))


def contest_texts(snapshot: CachedSnapshot) -> Iterator[tuple[CachedContest, str]]:
    """Yield each contest as JSON, in order of name; read those that changed in the same queries."""
    missing = [cached for cached in snapshot.cached_contests if cached.lacks("json")]
    keys = [cached.contest.pk for cached in missing]
    documents = contests_of(snapshot, Contest.objects.filter(pk__in=keys)) if keys else {}
    for cached in snapshot.cached_contests:
        document = documents.get(cached.contest.pk)
        # One that has just been deleted has neither.
        if document is not None or not cached.lacks("json"):
            yield cached, cached.made("json", partial(encode, document or {}))


def encode(document: Document) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))


def _lines(rows: Iterable[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
