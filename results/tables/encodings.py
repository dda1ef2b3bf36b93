"""Decode text files: UTF-8, UTF-16, Windows-1252 or Mac Roman, recognised by their bytes."""

import codecs
import unicodedata

#: Encodings accepted by `--encoding`.
KNOWN = ("utf-8", "utf-16", "cp1252", "mac-roman")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Punctuation that occurs in names and headings.
_PUNCTUATION = frozenset("‘’“”–—…•£€·©®°½¼¾\N{NO-BREAK SPACE}")
#: Accents of names in Britain and Ireland, and of candidates there.
_ACCENTS = frozenset("\N{COMBINING GRAVE ACCENT}\N{COMBINING ACUTE ACCENT}") | frozenset(
    "\N{COMBINING CIRCUMFLEX ACCENT}\N{COMBINING DIAERESIS}\N{COMBINING TILDE}"
    "\N{COMBINING CEDILLA}\N{COMBINING RING ABOVE}"
)


class UnknownEncoding(ValueError):
    """Raised for text in an unrecognised encoding; `args[0]` has what is wrong and what to do."""


def decode(raw: bytes, encoding: str = "") -> tuple[str, str]:
    """Return the text and the name of its encoding, which is guessed where it is not given.

    Raises UnknownEncoding for bytes that are no text in the encoding, or fit none that is guessed.
    """
    name = encoding or _guess(raw)
    if name in ("utf-8", "utf-8-sig"):
        name = "utf-8-sig"
    try:
        text = raw.decode(name)
    except UnicodeDecodeError:
        raise UnknownEncoding(f"is not {encoding or 'UTF-16'} text: {_ADVICE}") from None
    if "\0" in text:
        raise UnknownEncoding("is not a text file: save the table as CSV (UTF-8) or as xlsx")
    return text, name.removesuffix("-sig").replace("_", "-")


_ADVICE = "save it as UTF-8, or say which it is with --encoding cp1252 or mac-roman"


def _guess(raw: bytes) -> str:
    for mark, name in _BYTE_ORDER_MARKS:
        if raw.startswith(mark) and (name != "utf-16" or len(raw) % 2 == 0):
            return name
    if b"\0" in raw:
        return _utf_16(raw)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return _one_byte_encoding(raw)
    return "utf-8"


def _utf_16(raw: bytes) -> str:
    """Recognise UTF-16 without a byte order mark by zeros in every second byte of Latin letters."""
    for name, zeros, letters in (
        ("utf-16-le", raw[1::2], raw[::2]),
        ("utf-16-be", raw[::2], raw[1::2]),
    ):
        if len(raw) % 2 == 0 and zeros.count(0) > 0.9 * len(zeros) and not letters.count(0):
            return name
    raise UnknownEncoding("is not a text file: save the table as CSV (UTF-8) or as xlsx")


def _one_byte_encoding(raw: bytes) -> str:
    """Return Windows-1252 or Mac Roman, whichever gives characters that are likely in names.

    If both do, it is Windows-1252: most such files come from Excel on Windows.
    """
    unlikely: dict[str, int] = {}
    for name in ("cp1252", "mac_roman"):
        try:
            unlikely[name] = _unlikely(raw.decode(name))
        except UnicodeDecodeError:
            continue
    name = min(unlikely, key=lambda each: unlikely[each], default="")
    if not name or unlikely[name]:
        raise UnknownEncoding(f"has letters in an encoding that is not recognised: {_ADVICE}")
    return name


def _unlikely(text: str) -> int:
    """Count the characters beyond ASCII that no name has, or not at that position."""
    return sum(
        not _is_likely(before, char, after)
        for before, char, after in zip(" " + text, text, text[1:] + " ", strict=False)
        if char > "\x7f"
    )


def _is_likely(before: str, char: str, after: str) -> bool:
    if char in _PUNCTUATION:
        # “M’n” is no name: an apostrophe comes before an s, a capital, or the end of a word.
        within = before.isalpha() and after.islower()
        return not within or (char == "’" and after in "sltv") or before.lower() in "dlo"
    if char in "ŒœßÆæØøŠšŽžŸÿıŁł":
        return char in "ŒœßÆæØø" and not (char.isupper() and before.islower())
    parts = unicodedata.normalize("NFD", char)
    if len(parts) != 2 or parts[1] not in _ACCENTS:
        return False
    return not (char.isupper() and before.islower())
