"""Hostile values, the number of examples, and the rollback of each request.

A run draws the same examples every time: a third of those that each test names. FUZZ=20 draws
twenty times as many as it names, others each time.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlencode

import hypothesis
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, strategies as st

from results.models import (
    AuditEntry,
    Bulletin,
    Declaration,
    Headline,
    Night,
    Photo,
    Post,
    Quote,
    SignInThrottle,
)
from tests.cached_pages import clear_caches

TIMES = max(int(os.environ.get("FUZZ") or 1), 1)

#: Values that have broken something somewhere: each for a reason of its own.
TEXTS = [
    "",
    " ",
    "\0",
    "a\0b",
    "\x01\x08\x0b\x1b",
    "\ud800",
    "\ufffe\uffff",
    "\u202egnp.exe",
    "\u2028\u2029",
    "e\u0301" * 40,
    "a\r\nX-Forged: 1\r\n\r\nb",
    "one\ntwo\rthree",
    "../../../../etc/passwd",
    "%00",
    "%s%n{0}{{7*7}}",
    "</script><script>alert(1)</script>",
    "']]>\"><!--",
    "=1+1",
    "NaN",
    "Infinity",
    "1e999",
    "None",
    "null",
    "true",
    "[]",
    "²",
    "٣",
    "½",
    "0",
    "-1",
    "1",
    "007",
    "1,234",
    "0.1",
    "2147483648",
    "9223372036854775808",
    "9" * 30,
    "9" * 5000,
    "-" + "9" * 30,
    "9" * 12 + ":00",
    "25:61",
    "03:18",
    "٠٣:١٨",
    "0000-00-00",
    "01/01/0001 00:00",
    "31/12/9999 23:59",
    "13/12/2019 03:18",
    "11111111-1111-1111-1111-111111111111",
    "x" * 300,
    "ŵ" * 5000,
]
#: Those that have found something here, for where each is tried alone; all of them in a hunt.
FINDERS = ["\0", "\ud800", "²", "٣", "9" * 30, "9" * 5000, "9" * 12 + ":00", "-1", "", "ŵ" * 5000]
ALONE = FINDERS if TIMES == 1 else TEXTS
#: Larger than any field, smaller than what is refused unread.
BIG = "a<b" * 350_000

texts = st.sampled_from(TEXTS) | st.text(max_size=60)

METHODS = ["GET", "HEAD", "POST", "PUT", "OPTIONS", "DELETE", "PATCH"]
FORM = "application/x-www-form-urlencoded"


def hostile_examples(examples: int) -> Callable[[Any], Any]:
    """Settings of a hypothesis test: the number of examples, which are the same in every run."""
    return hypothesis.settings(
        max_examples=examples * TIMES if TIMES > 1 else -(-examples // 3),
        derandomize=TIMES == 1,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def escaped(text: str) -> str:
    """Quote as part of an address; surrogates become the bytes that a broken client sends."""
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def body_of(pairs: list[tuple[str, str]]) -> bytes:
    return urlencode(pairs, errors="surrogatepass").encode()


def send(
    client: Client, path: str, pairs: list[tuple[str, str]], method: str = "POST", **more: Any
) -> Any:
    """Send a form as a browser or a hostile script does; exceptions of the desk are raised here."""
    return client.generic(method, path, body_of(pairs), content_type=FORM, **more)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Roll back what the block writes, and clear the caches."""
    clear_caches()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    clear_caches()


COUNTED = [
    model for model in apps.get_models() if model not in (Session, AuditEntry, SignInThrottle)
]


def rows() -> dict[str, int]:
    """Count the rows of each table, except sessions, audit log and sign-in attempts.

    In one query: it is made twice for each of thousands of examples.
    """
    tables = (connection.ops.quote_name(model._meta.db_table) for model in COUNTED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in tables))
        counts = cursor.fetchone()
    return {model._meta.label: count for model, count in zip(COUNTED, counts, strict=True)}


def assert_log_is_whole() -> None:
    """Assert that the log is dense, and that it has every publication once."""
    for night in Night.objects.all():
        log = Bulletin.objects.filter(election=night.election).order_by("sequence")
        numbers = list(log.values_list("sequence", flat=True))
        assert numbers == list(range(1, night.sequence + 1))
    for kind in (Quote, Photo, Post, Headline, Declaration):
        named = Bulletin.objects.filter(**{f"{kind._meta.model_name}__isnull": False})
        assert kind._default_manager.count() == named.count(), kind


def assert_consistent(response: Any, before: dict[str, int]) -> None:
    """Assert no server error; a refusal has stored nothing, an acceptance everything."""
    assert response.status_code < 500
    body = b"" if response.streaming else response.content
    assert b"Traceback (most recent call last)" not in body
    after = rows()
    if response.status_code >= 400:
        assert after == before
    elif after != before:
        assert_log_is_whole()
