"""Parse and format seats of parties and control of a council."""

import re
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from results.arithmetic import NO_OVERALL_CONTROL, BodySeats, InvalidNumber, read_count
from results.models import OTHERS
from results.models.party_alias import spelling_key
from results.words.control_sentences import control_name
from results.words.party_labels import labels_by_name, names_of
from results.words.party_names import PartyNames

#: The separator of two parties: a new line, or a comma after a number, since names contain commas.
_BETWEEN = re.compile(r"[\r\n]+|(?<=\d)\s*[,;]\s*")
#: Spellings of no overall control, normalised.
_NOBODY = frozenset(map(spelling_key, ("no overall control", "NOC", "none", NO_OVERALL_CONTROL)))


class UnreadableSeats(ValueError):
    """Raised for a text that does not give the party or its number of seats.

    `errors` has a sentence for each part of the text that is wrong.
    """

    def __init__(self, *errors: str) -> None:
        super().__init__(" ".join(errors))
        self.errors = errors


def read_party_seats(text: str) -> dict[str, int]:
    """Parse “Labour 48, Green 3”, or a party a line, to seats by label; raises UnreadableSeats."""
    parts = [part.strip() for part in _BETWEEN.split(text) if part.strip()]
    labels = labels_by_name() if parts else {}
    seats: dict[str, int] = {}
    errors: list[str] = []
    for part in parts:
        try:
            label, number = _read_part(part, labels)
            if label in seats:
                raise UnreadableSeats(_("“%(part)s”: this party is there twice.") % {"part": part})
            seats[label] = number
        except UnreadableSeats as exc:
            errors += exc.errors
    if errors:
        raise UnreadableSeats(*errors)
    return {label: number for label, number in seats.items() if number}


def _read_part(part: str, labels: Mapping[str, set[str]]) -> tuple[str, int]:
    name, _space, number = part.replace("\t", " ").rpartition(" ")
    label = _only_label(part, labels.get(spelling_key(name), set()))
    try:
        return label, read_count(number)
    except InvalidNumber:
        raise UnreadableSeats(
            _("“%(part)s”: write the party and its number of seats, as in “Labour 48”.")
            % {"part": part}
        ) from None


def read_control(text: str) -> str:
    """Parse who controlled a council: a label, `NO_OVERALL_CONTROL`, or "" for empty text.

    Raises UnreadableSeats for a name that no party here has, or several have.
    """
    text = text.strip()
    if not text:
        return ""
    if spelling_key(text) in _NOBODY:
        return NO_OVERALL_CONTROL
    return _only_label(text, labels_by_name().get(spelling_key(text), set()))


def _only_label(text: str, labels: set[str]) -> str:
    found = labels - {OTHERS}
    if not found:
        raise UnreadableSeats(_("“%(text)s”: no party here is called that.") % {"text": text})
    if len(found) > 1:
        full = sorted(max(names_of(label), key=len) for label in found)
        parties = _(" or ").join(f"“{name}”" for name in full)
        words = {"text": text, "parties": parties}
        raise UnreadableSeats(_("“%(text)s”: which party? Write %(parties)s.") % words)
    return found.pop()


def party_seats_text(seats: Mapping[str, int], party_names: PartyNames) -> str:
    """Return “Labour 48, Green 3”, most seats first."""
    ordered = sorted(seats.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{party_names[label].name} {number}" for label, number in ordered)


def body_claims(name: str, seats: BodySeats, party_names: PartyNames) -> dict[str, str]:
    """Return the published facts of the body called `name` by heading; "" for unknown ones."""
    claims = {
        _("%(body)s: seats in all"): str(seats.seats or ""),
        _("%(body)s: seats before"): party_seats_text(seats.before, party_names),
        _("%(body)s: seats not up"): party_seats_text(seats.not_up or {}, party_names),
        _("%(body)s: control before"): control_name(seats.controlled_before, party_names),
        _("%(body)s: control"): control_name(seats.control.by, party_names),
    }
    return {heading % {"body": name}: claim for heading, claim in claims.items()}


def changed_claims(
    before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Yield (heading, before, after) of each published claim that differs now.

    The two have the same claims in the same order: a heading has the body's name, which may have
    changed as well.
    """
    for (heading, now), was in zip(after.items(), before.values(), strict=True):
        if was and was != now:
            yield heading, was, now
