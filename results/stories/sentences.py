"""Sentences that know their figures: each number in a draft story leads back to its field."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

#: Parties whose collective is a word of its own, said without an article.
BARE = {"UKIP", "Reform UK", "Change UK"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure or a name as it is printed, and the field that it comes from."""

    text: str
    field: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What belongs together: ``about`` names it for who reads the draft, not for readers."""

    about: str
    sentences: tuple[Sentence, ...] = field(default_factory=tuple)

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


def say(template: str, **values: "Fact | Sentence | str") -> Sentence:
    """“%(name)s has %(votes)s” with its values; the facts among them stay with the sentence."""
    facts: list[Fact] = []
    for value in values.values():
        if isinstance(value, Fact):
            facts.append(value)
        elif isinstance(value, Sentence):
            facts += value.facts
    printed = {
        name: value.text if isinstance(value, Fact | Sentence) else value
        for name, value in values.items()
    }
    return Sentence(template % printed, tuple(facts))


def listed(parts: Sequence[Sentence]) -> Sentence:
    """“a, b and c”."""
    facts = tuple(fact for part in parts for fact in part.facts)
    if len(parts) == 1:
        return parts[0]
    first = ", ".join(part.text for part in parts[:-1])
    return Sentence(_("%(first)s and %(last)s") % {"first": first, "last": parts[-1].text}, facts)


def whole(sentences: Iterable[Sentence | None]) -> tuple[Sentence, ...]:
    """Those that there are, each beginning with a capital."""
    return tuple(
        Sentence(one.text[:1].upper() + one.text[1:], one.facts)
        for one in sentences
        if one is not None
    )


def with_article(collective: str) -> str:
    """“the Conservatives”, “the SNP”, “Labour”, “Plaid Cymru”: as English says them."""
    plural = collective.endswith("s") and not collective.endswith("ss")
    initials = collective.isupper()
    body = collective.endswith(("Party", "Alliance", "Coalition", "Movement"))
    if collective in BARE or collective.startswith("The "):
        return collective
    return _("the %(party)s") % {"party": collective} if plural or initials or body else collective
