"""Show refusals of the publishing API as errors of a form."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms

from results import desk
from results.words.validation_messages import message_text


@contextmanager
def refusals_in(form: forms.Form) -> Iterator[None]:
    """Add what is refused within it to the form's errors: beside the fields that it names."""
    try:
        yield
    except desk.ValidationRefused as refusal:
        for message in refusal.messages:
            field = message.field if message.field in form.fields else None
            form.add_error(field, message_text(message))
    except desk.DeskError as refusal:
        form.add_error(None, str(refusal))
