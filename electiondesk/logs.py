"""Keep tokens of sign-in links, and the tracebacks of refusals, out of logs."""

import logging
import re

from django.core.exceptions import PermissionDenied

_SIGN_IN = re.compile(
    r"((?:/|%2f)(?:count(?:/|%2f)sign-in|admin(?:/|%2f)login)(?:/|%2f))"
    r"""(?!\[token\])[^/\s"'?%&<>\\]+""",
    re.IGNORECASE,
)


def without_tokens(text: str) -> str:
    """Return `text` with the token of every sign-in link replaced by `[token]`."""
    return _SIGN_IN.sub(r"\1[token]", text)


class WithoutTokens(logging.Filter):
    """Logging filter that redacts sign-in tokens in each record, and drops no record."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            # Each argument by itself where that is enough: some formatters read the arguments.
            record.args = tuple(
                without_tokens(arg) if isinstance(arg, str) else arg for arg in record.args
            )
        message = record.getMessage()
        clean = without_tokens(message)
        if clean != message:
            record.msg, record.args = clean, ()
        if record.exc_info and record.exc_info[0]:
            traceback = record.exc_text or logging.Formatter().formatException(record.exc_info)
            record.exc_text = without_tokens(traceback)
        return True


class RefusalsOnOneLine(logging.Filter):
    """Logging filter that leaves out the traceback of a request without the right, and no record.

    The refusal is an answer like any other, and its line has the address.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], PermissionDenied):
            record.exc_info = record.exc_text = None
        return True
