"""Compute sort keys of names: the order people expect, the same on every database."""

import re
import unicodedata

#: Digits of a number in a name, so that “Ward 2” comes before “Ward 10”.
NUMBER_WIDTH = 8
#: Letters that Unicode does not take apart, as English indexes file them.
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def sort_key(name: str) -> str:
    """A key that sorts names word by word, without case, accents and punctuation.

    “Ynys Môn” is filed like “ynys mon”, “King’s Lynn” like “kings lynn”, and “Ward 2” before
    “Ward 10”. “St” stays “st”: the House of Commons files St Albans after Spelthorne. Names that
    differ in nothing else have the same key.
    """
    decomposed = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS))
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    letters = re.sub(r"['’‘ʼ`]", "", letters.replace("&", " and "))
    words = re.sub(r"[^\w]+|_", " ", letters).strip()
    return re.sub(r"[0-9]+", lambda digits: digits[0].zfill(NUMBER_WIDTH), words)


def stored_sort_key(name: str) -> str:
    """Return the key as digits and letters that every database collation orders alike.

    In hexadecimal, four digits for each of the first hundred characters: a database's own collation
    may skip spaces, or sort letters of other alphabets differently.
    """
    return "".join(f"{min(ord(letter), 0xFFFF):04x}" for letter in sort_key(name)[:100])
