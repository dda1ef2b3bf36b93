"""Sentences with their facts, so that each number in a draft story can be traced to its field."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _, ngettext

#: Parties whose collective name has no article, as exceptions to the rules of `with_article`.
WITHOUT_ARTICLE = {"UKIP", "Reform UK", "Change UK"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A number or a name as printed, and the field that it comes from."""

    text: str
    field: str

    def __str__(self) -> str:
        return self.text

    @property
    def facts(self) -> "tuple[Fact, ...]":
        return (self,)


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences on one subject; `about` names it on the editor's screen and is not published."""

    about: str
    sentences: tuple[Sentence, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


def fill(template: str, **values: "Fact | Sentence | str") -> Sentence:
    """Fill in “%(name)s has %(votes)s”; the sentence keeps the facts among its values."""
    parts = {name: value for name, value in values.items() if not isinstance(value, str)}
    texts = {name: part.text for name, part in parts.items()}
    facts = tuple(fact for part in parts.values() for fact in part.facts)
    return Sentence(template % {**values, **texts}, facts)


def counted_votes(votes: Fact, number: int) -> Sentence:
    """Return “1 vote”, “1,234 votes”; `votes` is the number as printed."""
    return fill(ngettext("%(votes)s vote", "%(votes)s votes", number), votes=votes)


def join(parts: Sequence[Sentence]) -> Sentence:
    """Return “a, b and c”."""
    facts = tuple(fact for part in parts for fact in part.facts)
    if len(parts) == 1:
        return parts[0]
    first = ", ".join(part.text for part in parts[:-1])
    return Sentence(_("%(first)s and %(last)s") % {"first": first, "last": parts[-1].text}, facts)


def capitalized(sentences: Iterable[Sentence | None]) -> tuple[Sentence, ...]:
    """Capitalise the first letters of sentences, leaving out None."""
    return tuple(
        Sentence(sentence.text[:1].upper() + sentence.text[1:], sentence.facts)
        for sentence in sentences
        if sentence is not None
    )


def with_article(collective: str) -> str:
    """Add “the” as English does: “the Conservatives”, “the SNP”, “Labour”, “Plaid Cymru”."""
    if collective in WITHOUT_ARTICLE or collective.startswith("The "):
        return collective
    plural = collective.endswith("s") and not collective.endswith("ss")
    initials = collective.isupper()
    body = collective.endswith(("Party", "Alliance", "Coalition", "Movement"))
    return _("the %(party)s") % {"party": collective} if plural or initials or body else collective
