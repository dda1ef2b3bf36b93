"""What the checks found, as a sentence that says what to do."""

from django.utils.functional import Promise

SENTENCES: dict[str, str | Promise] = {}
