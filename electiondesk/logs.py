"""Keeps the tokens of sign-in links out of whatever is written down."""

import logging
import re

_SIGN_IN = re.compile(r"(/count/sign-in/)[^/\s\"'?]+")


def without_tokens(text: str) -> str:
    """`text` with the token of every sign-in link replaced by a mark."""
    return _SIGN_IN.sub(r"\1[token]", text)


class WithoutTokens(logging.Filter):
    """Rewrites each record before any formatter sees it; it never drops one."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        clean = without_tokens(message)
        if clean != message:
            record.msg, record.args = clean, ()
        return True
