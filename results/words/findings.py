"""What the checks found, as a sentence that says what to do."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from results.arithmetic import Finding

SENTENCES: dict[str, str | Promise] = {}
