"""Requests made from the OpenAPI document: every response matches the document.

A few for each operation, always the same ones: CI runs them on every change. `make fuzz` asks for
others.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings, strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from results import desk
from results.api.api import openapi_document
from results.models import Contest
from tests import nights
from tests.api.conftest import token

pytestmark = pytest.mark.django_db

EXAMPLES = 6 * int(os.environ.get("FUZZ", "1"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(openapi_document())
OPERATIONS: list[Any] = [
    found.ok()  # type: ignore[union-attr]  # raises where the document is wrong
    for found in SCHEMA.get_all_operations()
]
#: Of the night that the requests are about.
KNOWN = {"election_slug": "ge", "contest_slug": "islington-north", "key": "one"}


@pytest.fixture
def declared(seat: Contest) -> Contest:
    nights.declare_counts(
        seat, nights.islington_ballot_counts(seat), by=nights.user(), idempotency_key="1"
    )
    quote = desk.QuoteContent(words="Thank you.", speaker="Ann", contest=seat)
    desk.publish(seat.election, quote, by=nights.user("ed", staff=True), idempotency_key="q")
    return seat


@pytest.fixture
def open_database() -> Iterator[None]:
    """Keep the test's connection open after each request, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("open_database")
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_answers_what_the_document_says(declared: Contest, operation: Any, settings: Any) -> None:
    settings.API_WRITES_PER_MINUTE = 10_000
    secret, app = token(), get_wsgi_application()
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
    cases = st.one_of([operation.as_strategy(generation_mode=mode) for mode in modes])

    @_few
    @given(case=cases, is_known=st.booleans())
    def ask(case: Any, is_known: bool) -> None:
        if is_known:
            case.path_parameters = {
                name: KNOWN[name] for name in case.path_parameters if name in KNOWN
            }
        own = {"Authorization": f"Bearer {secret}", "Accept-Encoding": "identity"}
        case.headers = {**(case.headers or {}), **own}
        case.call_and_validate(app=app, base_url="http://localhost", checks=CHECKS)

    ask()


_few = settings(
    max_examples=EXAMPLES,
    derandomize="FUZZ" not in os.environ,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
