"""Put a full stop after what people type, where another sentence follows it."""

_CLOSING = "”’»\"')]"
#: Also those of scripts that people are quoted in: Arabic, Chinese and Japanese, Hindi.
_ENDS = tuple(".!?…:;؟。！？।")


def ended(text: str) -> str:
    """The text with a full stop, unless it ends as a sentence does; nothing for no text."""
    is_ended = text.rstrip(_CLOSING).endswith(_ENDS)
    return text if is_ended or not text else f"{text}."
