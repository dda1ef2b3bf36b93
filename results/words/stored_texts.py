"""Say in the language of a page what the desk has stored itself, in another language.

A reason or a source is stored as text, since most are typed. Those that the desk makes are known by
their wording, in every language that they may have been made in; what is typed stays as it is.
"""

import re
from functools import cache

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

#: Every text that the desk stores for readers, with the names of what is filled in.
TEXTS = (
    gettext_noop("The result of %(constituency)s was withdrawn: %(reason)s"),
    gettext_noop("The result of %(constituency)s was corrected: %(reason)s"),
    gettext_noop("The result of %(constituency)s was declared."),
    gettext_noop("%(constituency)s belongs to this region, and its seat counts."),
    gettext_noop("The constituencies or the lists of this region were entered wrongly."),
    gettext_noop("The constituencies or the lists of this region were changed: %(reason)s"),
    gettext_noop("File %(name)s"),
    gettext_noop("Invented"),
)

#: What may be filled in, by its name. A source that is typed may begin with “File” as well.
FILLED = {
    "constituency": r"(?P<constituency>.+?)",
    "reason": r"(?P<reason>.+)",
    "name": r"(?P<name>.+\.\w+)",
}


def in_language(text: str) -> str:
    """The text in the language of the page, if the desk has made it; else the text."""
    for pattern, template in _patterns():
        if found := pattern.fullmatch(text):
            return gettext(template) % found.groupdict()
    return text


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Each text as it may be stored, in every language of the pages, with its original."""
    patterns = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            patterns += [(_pattern(gettext(template)), template) for template in TEXTS]
    return patterns


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", text)
    named = (FILLED[part] if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile("".join(named), re.DOTALL)
