"""Require the reason that readers see beside a change."""

from results.arithmetic import BLOCK, ValidationMessage, clean_text
from results.desk.errors import ValidationRefused


def require_reason(reason: str) -> str:
    """Return the reason without invisible characters. Raises ValidationRefused if it is empty."""
    reason = clean_text(reason)
    if not reason:
        raise ValidationRefused([ValidationMessage("reason_missing", BLOCK, "reason")])
    return reason
