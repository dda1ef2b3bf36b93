"""Every sentence that a phone may show about its submissions, and when it is true."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.seeds.truth import Fact, Record

SILENT = "No answer from the desk: what it has done since is not here yet."
SIGNED_OUT = "You are signed out: sign in again before you send anything."
SINCE = "What the desk has done since is not here yet."


KEEPS_NOTHING = (
    r"This phone cannot keep what you enter \(private browsing, or its memory is full\): stay on "
    r"this page until it says “Sent”\. A photo that waits can be taken back to make room\."
)


@dataclass(frozen=True)
class Moment:
    """A submission: as the phone holds it, and as the desk has it.

    `up_to_date` is whether the page claims to know what the desk has done.
    """

    item: dict[str, Any] | None
    fact: Fact | None
    record: Record
    up_to_date: bool

    @property
    def is_unknown(self) -> bool:
        """Whether the desk has no answer to it, and the phone waits for one."""
        return self.item is not None and self.fact is None

    def asks(self, *states: str) -> bool:
        asked = (self.item or {}).get("asks") or {}
        return self.is_unknown and asked.get("state") in states

    def is_at(self, found: re.Match[str], *states: str) -> bool:
        """Whether it is in this state, under the bulletin and the time that the sentence has."""
        fact, groups = self.fact, found.groupdict()
        if fact is None or fact["state"] not in states:
            return False
        named = {"number": str(fact["sequence"]), "at": fact["at"]}
        named |= {"later": str(fact["later"]), "later_at": fact["later_at"]}
        return all(groups[name] == named[name] for name in groups.keys() & named.keys())

    def is_still(self, found: re.Match[str], *states: str) -> bool:
        """The same of a state that ends: a page that cannot hear of that says so."""
        return self.is_at(found, *states) or not self.up_to_date

    def is_changed(self, found: re.Match[str], kind: str) -> bool:
        return self.is_at(found, "published") and self.kind == kind

    @property
    def kind(self) -> str:
        """What has changed it since; empty for nothing."""
        return self.fact["later_kind"] if self.fact else ""

    @property
    def state(self) -> str:
        return self.fact["state"] if self.fact else ""

    @property
    def note(self) -> str:
        return self.fact["note"] if self.fact else ""


Claim = Callable[[Moment, re.Match[str]], bool]
AT, NUMBER = r"(?P<at>\d\d:\d\d)", r"bulletin (?P<number>\d+)"
LATER = r"(?P<later_at>\d\d:\d\d), bulletin (?P<later>\d+)"


def _waits(moment: Moment, _found: re.Match[str]) -> bool:
    return moment.is_unknown and not (moment.item or {}).get("tried")


def _tried(moment: Moment, _found: re.Match[str]) -> bool:
    """The desk may have it or not: the phone says that it does not know."""
    return bool((moment.item or {}).get("tried"))


def _signed_out(moment: Moment, _found: re.Match[str]) -> bool:
    """It has not been sent, and cannot be."""
    return moment.asks("signed-out") and not (moment.item or {}).get("tried")


def _stored(moment: Moment, _found: re.Match[str]) -> bool:
    return bool((moment.item or {}).get("stored"))


def _handed(moment: Moment, found: re.Match[str]) -> bool:
    """The service worker has it too, and sends it after the page is closed."""
    return _stored(moment, found) and bool((moment.item or {}).get("handed"))


def _holds(moment: Moment, _found: re.Match[str]) -> bool:
    return moment.item is not None


def _not_changed(moment: Moment, found: re.Match[str]) -> bool:
    return moment.is_at(found, "published") and (not moment.kind or not moment.up_to_date)


#: The kinds of revision that these words are true of.
KINDS_MEANT = {
    "published the full figures": ("declaration", "update"),
    "published the winner only": ("winner_only",),
    "published some totals": ("incomplete",),
    "published a correction": ("correction",),
    "withdrew what was published": ("withdrawal",),
}


def _overtaken(moment: Moment, found: re.Match[str]) -> bool:
    """The count's newest revision is by this person, and of this kind."""
    seat = (moment.item or {}).get("address", "").rstrip("/").rpartition("/")[2]
    by, kind = moment.record["newest"].get(seat, ("", ""))
    return moment.asks("conflict") and by == found["by"] and kind in KINDS_MEANT[found["what"]]


#: The title of an entry or a receipt.
TITLES: dict[str, Claim] = {
    r"Not sent yet": _waits,
    r"Not answered yet": _tried,
    r"On its way …": _holds,
    r"Taking it back …": _holds,
    rf"Published {AT}, {NUMBER}": _not_changed,
    r"Published already": lambda m, f: m.is_at(f, "unchanged"),
    r"The desk has it": lambda m, f: m.is_still(f, "waiting", "kept"),
    r"The desk has it, \d\d:\d\d": lambda m, f: m.is_still(f, "waiting"),
    r"Set aside by the desk": lambda m, f: m.is_at(f, "declined"),
    r"Published, and corrected since": lambda m, f: m.is_changed(f, "correction"),
    r"Published, and withdrawn since": lambda m, f: m.is_changed(f, "withdrawal"),
    r"Published, and reworded by the desk": lambda m, f: m.is_changed(f, "wording"),
    r"Taken back": lambda m, f: m.is_at(f, "taken-back"),
    r"Sign in again to send it": _signed_out,
    r"The desk asks: is it right\?": lambda m, _f: m.asks("reason"),
    r"(?P<by>\w+) (?P<what>(published|withdrew) (the|some|a|what) .+)": _overtaken,
    r"Not published: there is something to put right": lambda m, _f: m.asks("faulty"),
    r"Not sent: look first": lambda m, _f: m.asks("stopped"),
    r"Cannot be taken": lambda m, _f: m.asks("refused"),
}

#: The sentences below a title, and those of the strip after the label.
LINES: dict[str, Claim] = {
    r"It is kept on this phone\. Keep this page open: it is sent only while a page of the counts "
    r"is open, and tried again until the desk has answered\.": _stored,
    r"It is kept on this phone and tried again until the desk has answered\. You may close this "
    r"page: this browser sends it when there is a signal, or else when you open a page of the "
    r"counts again\.": _handed,
    r"It is kept on this phone, and not sent again before you have answered\.": _stored,
    r"It is kept on this phone, and not sent before who typed it signs in here again\.": _stored,
    r"It was sent, and no answer came: the desk may have it\. It is kept on this phone and tried "
    r"again\. It is published once\.": lambda m, f: _tried(m, f) and _stored(m, f),
    r"This phone cannot keep it \(private browsing, or its memory is full\): it is gone if you "
    r"close this page\.": lambda m, f: _holds(m, f) and not _stored(m, f),
    r"The desk may have it: it is asked, and says what became of it\.": _holds,
    rf"Published {AT}, {NUMBER}\. Corrected {LATER}\.": lambda m, f: m.is_changed(f, "correction"),
    rf"Published {AT}, {NUMBER}\. Reworded {LATER}\.": lambda m, f: m.is_changed(f, "wording"),
    rf"Published {AT}, {NUMBER}\. Withdrawn {LATER}: readers do not see it\.": lambda m, f: (
        m.is_changed(f, "withdrawal")
    ),
    rf"Published {AT}, {NUMBER}\.": _not_changed,
    r"Set aside by the desk \d\d:\d\d: (?P<note>.+?\.)": lambda m, f: (
        m.is_at(f, "declined") and m.note == f["note"]
    ),
    rf"The desk has had it since {AT}\. (Kept for a second person, who confirms it or enters the "
    r"same|Sent to the desk, which decides)\. Not published yet\.": lambda m, f: m.is_still(
        f, "waiting"
    ),
    r"Kept for a second person, who confirms it or enters the same\. Not published yet\.": (
        lambda m, f: m.is_still(f, "waiting")
    ),
    r"Sent to the desk, which decides\. Not published yet\.": lambda m, f: m.is_still(f, "waiting"),
    rf"The desk has had it since {AT}\. Readers never see it\.": lambda m, _f: m.state == "kept",
    r"The desk has it\. Readers never see it\.": lambda m, _f: m.state == "kept",
    r"The desk has your answer\.": lambda m, _f: m.state == "kept",
    r"You took this back\.": lambda m, f: m.is_at(f, "taken-back"),
    r"Confirmed by two people: you and colleague\.": lambda m, _f: m.state == "published",
    r"You are not sent to this count any more\. Ring the desk\.": lambda m, _f: m.asks("stopped"),
    r"The night was closed before this arrived\. If you send it now the desk decides: readers see "
    r"nothing of it before\.": lambda m, _f: m.asks("stopped"),
    r"This poll is postponed: [^.]+\.": lambda m, _f: m.asks("stopped"),
    r"The poll here is postponed: no result is published from this count\.": lambda m, _f: True,
    r"There is a result here now[^.]*\.": lambda m, _f: m.asks("refused"),
    r"There is no count at this address now\.": lambda m, _f: m.asks("refused"),
    r"The count was reported again at [\d:]+, after you reported this: [^.]+\.": (
        lambda m, _f: m.asks("refused")
    ),
}

#: The sentences of the strip that name a submission, before `label`.
STRIP: dict[str, Claim] = {
    r"Not sent yet: {label}\. It is kept on this phone and tried again\.": lambda m, f: (
        _waits(m, f) and _stored(m, f)
    ),
    r"Not sent yet: {label}\. It is tried again while this page is open\.": _waits,
    r"Not sent yet, and gone if this page is closed before you have signed in in another tab: "
    r"{label}\.?": (lambda m, f: _signed_out(m, f) and not _stored(m, f)),
    r"Not answered yet: {label}\. The desk may have it\. It is tried again\.": _tried,
    r"Sending: {label} …": _holds,
    r"Taking back: {label}\. The desk has not answered yet\.": _holds,
    rf"Sent {AT}, {NUMBER}: {{label}}\.?": _not_changed,
    rf"Published already, {NUMBER}: {{label}}\.?": lambda m, f: m.is_at(f, "unchanged"),
    rf"The desk has had it since {AT}, not published yet: {{label}}\.?": lambda m, f: m.is_still(
        f, "waiting"
    ),
    r"Not published: {label}\. The desk asks you something\.": lambda m, _f: m.asks(
        "reason", "conflict", "faulty"
    ),
    r"Not sent: {label}\.( The desk asks you something\.)?": lambda m, _f: m.asks("stopped"),
    r"Cannot be taken: {label}\.": lambda m, _f: m.asks("refused"),
    r"Not answered yet, so the desk may have it: {label}\.?": _tried,
    r"Not sent yet, and safe on this phone: {label}\.?": lambda m, f: (
        _signed_out(m, f) and _stored(m, f)
    ),
    r"{label}:": lambda _m, _f: True,
}


def general_sentences(screen: dict[str, Any], record: Record) -> Iterator[tuple[str, Claim]]:
    """The sentences of the strip that are about no submission."""
    items = screen["items"]
    asked = [item for item in items if (item["asks"] or {}).get("state")]
    unsent = len(items) - len(asked)
    to_answer = [item for item in asked if item["asks"]["state"] not in ("signed-out", "another")]
    to_sign_in = len([item for item in asked if item["asks"]["state"] == "signed-out"])
    yield r"Nothing is waiting on this phone\.", lambda _m, _f: not items
    yield r"And (?P<n>\d+) more\.", lambda _m, f: int(f["n"]) + 1 in (unsent, to_sign_in)
    yield r"And (?P<n>\d+) more to answer\.", lambda _m, f: int(f["n"]) == len(to_answer) - 1
    yield re.escape(SILENT), lambda _m, _f: True
    yield r"The night is closed: only the desk publishes now\.", lambda _m, _f: record["closed"]
    yield (
        r"You are not sent to this count any more\. Ring the desk\.",
        lambda m, _f: m.asks("stopped") or screen["count"] not in record["assigned"],
    )
    yield re.escape(SIGNED_OUT), lambda _m, _f: True
    yield re.escape(SINCE), lambda _m, _f: True
    yield r"Sign in again\.", lambda _m, _f: to_sign_in > 0
    yield KEEPS_NOTHING, lambda _m, _f: bool(screen["refuses"])
