"""Idempotency keys of the admin's forms: a form that is sent twice publishes once."""

import uuid
from collections.abc import Callable

from django import forms

from results import desk


def new_key() -> str:
    return f"editor-{uuid.uuid4()}"


class KeyField(forms.CharField):
    """A hidden field with a new idempotency key for each form that is opened."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, max_length=80, initial=new_key)

    def has_changed(self, initial: object, data: object) -> bool:
        """Ignore the new key, which is no change to the content of the form."""
        return False


def with_key(key: str, publish: Callable[[str], desk.PublishResult]) -> desk.PublishResult:
    """Call `publish` with the key, or with a new one if the key was used for other content."""
    try:
        return publish(key)
    except desk.IdempotencyKeyReused:
        return publish(new_key())
