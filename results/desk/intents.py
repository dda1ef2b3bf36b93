"""Intents of requests, which tell a repeated request from another with the same key."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from results.desk.errors import IdempotencyKeyReused


@dataclass(frozen=True)
class Intent:
    """The content of a request as JSON: an equal one under the same key is a repetition.

    `earlier` has the forms in which earlier releases stored it. They compared fewer fields, so that
    a fingerprint of theirs is never one of this release.
    """

    content: Mapping[str, Any]
    earlier: Sequence[Mapping[str, Any]] = ()

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint_of(self.content)

    def matches(self, fingerprint: str | None) -> bool:
        """Whether the fingerprint is that of this request; None, for none stored, matches."""
        same = fingerprint in (None, self.fingerprint)
        return same or any(fingerprint_of(content) == fingerprint for content in self.earlier)

    def require(self, fingerprint: str | None, idempotency_key: str) -> None:
        """Raise `IdempotencyKeyReused` where the key was used for another request."""
        if not self.matches(fingerprint):
            raise IdempotencyKeyReused(idempotency_key)


def fingerprint_of(content: Mapping[str, Any]) -> str:
    """Return a digest of a request's content."""
    plain = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()
