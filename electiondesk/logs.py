"""Keeps the tokens of sign-in links out of whatever is written down."""

import logging
import re

_SIGN_IN = re.compile(
    r"""((?:/|%2f)count(?:/|%2f)sign-in(?:/|%2f))(?!\[token\])[^/\s"'?%&<>\\]+""", re.IGNORECASE
)


def without_tokens(text: str) -> str:
    """`text` with the token of every sign-in link replaced by a mark."""
    return _SIGN_IN.sub(r"\1[token]", text)


class WithoutTokens(logging.Filter):
    """Rewrites each record before any formatter sees it; it never drops one."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            # One by one where that is enough: some formatters look at the arguments themselves.
            record.args = tuple(
                without_tokens(one) if isinstance(one, str) else one for one in record.args
            )
        message = record.getMessage()
        clean = without_tokens(message)
        if clean != message:
            record.msg, record.args = clean, ()
        if record.exc_info and record.exc_info[0]:
            fault = record.exc_text or logging.Formatter().formatException(record.exc_info)
            record.exc_text = without_tokens(fault)
        return True
