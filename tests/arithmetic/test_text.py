"""Removal of invisible characters from typed text."""

import pytest
from hypothesis import given, strategies as st

from results.arithmetic import clean_text

INVISIBLE = {
    "nothing": "",
    "a space": " ",
    "a no-break space": "\N{NO-BREAK SPACE}",
    "an ideographic space": "\N{IDEOGRAPHIC SPACE}",
    "line and paragraph separators": "\u2028\u2029",
    "zero-width spaces": "\u200b\u200b\u200b",
    "zero-width joiners": "\u200d\u200c",
    "a word joiner": "\u2060",
    "invisible operators": "\u2061\u2062\u2063\u2064",
    "a byte order mark": "\ufeff",
    "a soft hyphen": "\u00ad",
    "a Mongolian vowel separator": "\u180e",
    "a combining grapheme joiner": "\u034f",
    "marks of direction": "\u200e\u200f\u061c",
    "an override alone": "\u202e\u202c",
    "isolates alone": "\u2066\u2067\u2068\u2069",
    "Hangul fillers": "\u115f\u1160\u3164\uffa0",
    "a blank of Braille": "\u2800",
    "variation selectors": "\ufe0f\U000e0100",
    "tags": "\U000e0067\U000e007f",
    "controls": "\x00\x01\x1b\x7f\x85\x9f",
    "a surrogate": "\ud800",
    "noncharacters": "\ufffe\uffff\U0010ffff",
    "private use": "\ue000\U000f0000",
    "accents on nothing": "\u0301\u0308",
    "interlinear annotation": "\ufff9\ufffa\ufffb",
    "all of them": " \u200b\u2800\n\u3164\t\ufeff\u202e\u0301\u00ad ",
}


@pytest.mark.parametrize("text", INVISIBLE.values(), ids=INVISIBLE)
def test_invisible_text_becomes_empty(text: str) -> None:
    assert clean_text(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "0",
        ".",
        "–",
        "£",
        "…",
        "Ynys Môn",
        "e\u0301",
        "नमस्ते",
        "می‌خواهم",  # with a zero-width non-joiner, as it is spelt
        "שלום",
        "한국",
        "👨‍👩‍👧",  # a family: joined by zero-width joiners
        "❤️",
        "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",  # the flag of Wales
        "one\ntwo\tthree\r\nfour",
    ],
)
def test_keeps_visible_text_in_any_script(text: str) -> None:
    assert clean_text(text) == text
    assert clean_text(f"\ufeff \u200b{text}\u2800\n\u200f") == text


@pytest.mark.parametrize("sign", "\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
def test_removes_changes_of_direction(sign: str) -> None:
    assert clean_text(f"Majority {sign}12,345") == "Majority 12,345"
    assert clean_text(f"Majority {sign}12,345\u202c\u2069 votes") == "Majority 12,345 votes"


@given(st.text())
def test_is_idempotent(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    once.encode()
    assert "\0" not in once
