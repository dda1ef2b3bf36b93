"""Recognise slips of typing in candidates' names, where no other reading is possible."""

import re

#: “Alom [Alom]”: the name commonly used, in brackets, where it is the same.
_REPEATED = re.compile(r"(\S(?:.*\S)?) ?[\[(] ?\1 ?[\])]", re.IGNORECASE)
_REPEATED_WITHIN = re.compile(r"\b(\w[\w'’ -]*) ?[\[(] ?\1 ?[\])]", re.IGNORECASE)


def without_slips(name: str) -> str:
    """A surname, forenames or a name, without commas at its ends and a bracket that repeats it.

    A bracket with another name stays: it is the one commonly used.
    """
    name = name.strip(" ,")
    repeated = _REPEATED.fullmatch(name)
    return repeated[1] if repeated else name


def compared_name(name: str) -> str:
    """The name as candidates are compared by it: one stored with its slips is the same."""
    without = _REPEATED_WITHIN.sub(r"\1", name)
    return re.sub(r",(?= |$)", "", without).casefold()
