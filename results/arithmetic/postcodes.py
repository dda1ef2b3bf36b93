"""Parse postcodes as people type them and as files have them.

Source of the form: Royal Mail, Programmers' Guide to PAF; ONS Postcode Directory, User Guide.
"""

import re
from dataclasses import dataclass

_WHOLE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
_BEGINNING = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?(?: ?[0-9][A-Z]?)?")
#: The most characters of a typed postcode; longer text is not one.
MAX_TYPED = 12


@dataclass(frozen=True, slots=True)
class Postcode:
    """“N1 2AB”: the outward code says the post town's district, the inward one the street."""

    outward: str
    inward: str

    def __str__(self) -> str:
        return f"{self.outward} {self.inward}"


def read_postcode(text: str) -> Postcode | None:
    """Read a whole postcode with or without spaces, in either case; None for anything else."""
    letters = "".join(text.split()).upper()
    match = _WHOLE.fullmatch(letters) if len(letters) <= MAX_TYPED else None
    return Postcode(match[1], match[2]) if match else None


def is_part_of_postcode(text: str) -> bool:
    """Whether the text is the beginning of a postcode, such as “N1” or “N1 2”, not a whole one."""
    letters = " ".join(text.split()).upper()
    is_short = len(letters) <= MAX_TYPED and read_postcode(letters) is None
    return is_short and _BEGINNING.fullmatch(letters) is not None
