"""Find the copies of words that are erased: in fragments, audit entries and review items."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, Self

from results.live.entry_ids import publication_entry_id
from results.live.feed_list import placeholder
from results.models import ExternalFigures, Headline, Photo, Post, Publication, Quote

#: Columns whose words are searched for. Names of speakers and sources are not: they occur in other
#: publications, too.
COLUMNS: dict[type[Publication], tuple[str, ...]] = {
    Quote: ("words",),
    Photo: ("caption", "alt"),
    Post: ("title", "text"),
    Headline: ("text",),
    ExternalFigures: (),
}
#: Number of letters and digits of a text that are compared, as the audit log truncates texts.
COMPARED = 40
#: The fewest letters and digits of a text to search for: shorter ones are too common.
FEWEST = 6

_ESCAPES = re.compile(r"\\[nrt]")
_OTHERS = re.compile(r"[\W_]+")
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Texts:
    """The beginnings of texts, as letters and digits only, to find them in any markup."""

    beginnings: tuple[str, ...]

    @classmethod
    def of(cls, rows: Iterable[Publication]) -> Self:
        texts = (letters(getattr(row, column)) for row in rows for column in COLUMNS[type(row)])
        return cls(tuple({text[:COMPARED] for text in texts if len(text) >= FEWEST}))

    def are_in(self, text: str) -> bool:
        """Whether the text contains one of the beginnings."""
        if not self.beginnings:
            return False
        compared = letters(text)
        return any(beginning in compared for beginning in self.beginnings)


def letters(text: str) -> str:
    """The text's letters and digits, in lower case, without HTML tags and escapes."""
    plain = unescape(_TAGS.sub(" ", _ESCAPES.sub(" ", text)))
    return _OTHERS.sub("", plain).casefold()


@dataclass(frozen=True, slots=True)
class Erased:
    """The revisions that bulletin `by` erases, oldest first, and the bulletins with them.

    Readers do not see them from bulletin `hidden_from` on.
    """

    rows: Sequence[Any]
    texts: Texts
    sequences: tuple[int, ...]
    hidden_from: int
    by: int

    @property
    def model(self) -> type[Publication]:
        return type(self.rows[0])


def fragments_with(erased: Erased, sequence: int, fragments: Mapping[str, str | None]) -> list[str]:
    """Return the ids of a bulletin's fragments that contain the words."""
    ids = {publication_entry_id(row) for row in erased.rows}
    places = _places(erased)
    shown = sequence < erased.hidden_from

    def holds(name: str, html: str) -> bool:
        if shown and (name in ids or name in places):
            return True
        if shown and name == "feed":
            # Earlier releases sent the list with its entries inside.
            return any(f'id="{entry}"' in html.replace(placeholder(entry), "") for entry in ids)
        return erased.texts.are_in(html)

    return [name for name, html in fragments.items() if html and holds(name, html)]


def _places(erased: Erased) -> set[str]:
    """The ids of other fragments that show this kind of publication."""
    if erased.model is ExternalFigures:
        return {"elsewhere"}
    if erased.model is Headline:
        return {"headline"}
    contests = {row.contest.slug for row in erased.rows if getattr(row, "contest", None)}
    return {f"seat-voices-{slug}" for slug in contests}
