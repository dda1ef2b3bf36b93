"""Read the JSON of a request's body."""

import json
from collections import Counter
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser


class BodyParser(Parser):
    """Refuses what another program may read otherwise: a name that an object has twice."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the body's document. Raises ValueError."""
        document: dict[str, Any] = json.loads(request.body, object_pairs_hook=_named_once)
        return document


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        numbers = Counter(name for name, _value in pairs)
        twice = next(name for name, number in numbers.items() if number > 1)
        raise ValueError(f"an object has {json.dumps(twice[:40])} twice")
    return members
