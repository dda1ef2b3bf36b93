"""Update the Welsh catalogue from the source, and compile it.

`python -m tests.translation` adds what is new, leaves out what is gone, compiles, and prints what
is not translated. Nothing here runs at the newsroom: the compiled catalogue is in the repository.
"""

import re
from pathlib import Path

import polib

from tests.translation.messages import ROOT, Message, messages

PO = ROOT / "locale/cy/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
#: Django's own catalogue has these forms, and Django joins only catalogues of the same: with the
#: six of Unicode's CLDR ours would be one apart.
PLURAL_FORMS = "nplurals=4; plural=(n==1) ? 0 : (n==2) ? 1 : (n != 8 && n != 11) ? 2 : 3;"
FORMS = 4

#: `%(name)s` of Python, `{name}` of JavaScript, and HTML.
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}|(%%)|(<[^>]*>)")


def load(path: Path = PO) -> polib.POFile:
    return polib.pofile(str(path), wrapwidth=100)


def key_of(entry: polib.POEntry) -> Message:
    return Message(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def update(catalogue: polib.POFile) -> polib.POFile:
    """The same with every message of the source and no other, in their order."""
    known = {key_of(entry): entry for entry in catalogue if not entry.obsolete}
    fresh = polib.POFile(wrapwidth=100)
    fresh.header, fresh.metadata = catalogue.header, catalogue.metadata
    fresh.metadata["Plural-Forms"] = PLURAL_FORMS
    for message, paths in messages().items():
        entry = known.get(message) or _new(message)
        entry.occurrences = [(path, "") for path in paths]
        entry.flags = ["python-format"] if re.search(r"%\(\w+\)[sd]", message.singular) else []
        fresh.append(entry)
    return fresh


def _new(message: Message) -> polib.POEntry:
    forms = dict.fromkeys(range(FORMS), "") if message.plural else {}
    return polib.POEntry(
        msgctxt=message.context or None,
        msgid=message.singular,
        msgid_plural=message.plural,
        msgstr="",
        msgstr_plural=forms,
    )


def compiled(catalogue: polib.POFile) -> bytes:
    """The catalogue as gettext's binary: the same bytes for the same messages."""
    return bytes(catalogue.to_binary())


def translations_of(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def untranslated(catalogue: polib.POFile) -> list[str]:
    """The messages without a translation, or with one that somebody is to look at."""
    return [
        entry.msgid
        for entry in catalogue
        if entry.fuzzy or not all(translations_of(entry)) or _lacks_forms(entry)
    ]


def _lacks_forms(entry: polib.POEntry) -> bool:
    return bool(entry.msgid_plural) and len(entry.msgstr_plural) != FORMS


def placeholders(text: str) -> list[str]:
    return sorted({next(filter(None, match.groups())) for match in PLACEHOLDER.finditer(text)})


def with_other_placeholders(catalogue: polib.POFile) -> list[str]:
    """The messages whose translation has not the placeholders, or the HTML, of the original."""
    wrong = []
    for entry in catalogue:
        originals = [placeholders(text) for text in (entry.msgid, entry.msgid_plural) if text]
        for text in translations_of(entry):
            if text and placeholders(text) not in originals:
                wrong.append(f"{entry.msgid!r}: {text!r}")
    return wrong


def main() -> None:
    catalogue = update(load())
    catalogue.save(str(PO))
    MO.write_bytes(compiled(catalogue))
    missing = untranslated(catalogue)
    print(f"{len(catalogue)} messages, {len(missing)} not translated")
    for text in missing:
        print("  ", repr(text))
    for text in with_other_placeholders(catalogue):
        print("other placeholders:", text)
