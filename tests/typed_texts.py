"""Quotes and photos as people send them, for the server's check and for the phone's."""

from tests.acceptance import pictures

#: What is drawn without a glyph, or not at all.
ZERO_WIDTH = "\u200b\u200d\ufeff"

#: The words of a quote, and whether they are taken.
WORDS: dict[str, bool] = {
    "A long night.": True,
    "“A long night.”": True,
    "é" * 2000: True,
    "\U0001f5f3" * 2000: True,
    "a" * 2001: False,
    "\U0001f5f3" * 2001: False,
    f"{'a' * 1999}\nb": False,  # a line break is sent as two characters
    f"{'a' * 1997}\nb": True,
    f" {'a' * 2000} \u200b": True,
    "": False,
    " \n ": False,
    ZERO_WIDTH: False,
    "\u2800\u3164": False,
    "\u202e\u202c": False,
    "“ ”": False,
    '""': False,
    "”": True,
    "…": True,
}

#: A speaker who stands nowhere, and whether the name is taken.
SPEAKERS: dict[str, bool] = {
    "The mayor": True,
    "": False,
    ZERO_WIDTH: False,
    "a" * 200: True,
    "a" * 201: False,
}

#: The caption of a photo; what it shows, and its credit, are texts of the same kind.
CAPTIONS: dict[str, bool] = {
    "The stage": True,
    "": False,
    ZERO_WIDTH: False,
    "a" * 400: True,
    "a" * 401: False,
    "\U0001f5f3" * 400: True,
}

#: Files that are sent as photos.
FILES: dict[str, tuple[bytes, bool]] = {
    "a PNG": (pictures.png(60, 40), True),
    "a text": (b"Ann Hall 21,000", False),
    "nothing": (b"", False),
    "an HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0", False),
    "an SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', False),
    "too large": (b"\xff\xd8\xff" + bytes(20 * 1024 * 1024), False),
}
