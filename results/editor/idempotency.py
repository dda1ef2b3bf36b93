"""One key for each form that is opened, so that sending it twice publishes once."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms

from results import desk


def new_key() -> str:
    return f"editor-{uuid.uuid4()}"


class KeyField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        own: dict[str, Any] = {"widget": forms.HiddenInput, "max_length": 80, "initial": new_key}
        super().__init__(**own | options)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False  # a key is nothing that anyone edits


def with_key(key: str, publish: Callable[[str], desk.PublishResult]) -> desk.PublishResult:
    """Publish under ``key``, or a new one where the page was gone back to and other words sent."""
    try:
        return publish(key)
    except desk.IdempotencyKeyReused:
        return publish(new_key())
