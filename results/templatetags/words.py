"""The words of a kind of election, for templates."""

from collections.abc import Sized

from django import template

from results.models import Body, Contest, Election, languages
from results.words.kinds import Words, words_of, words_of_kind
from results.words.nouns import Noun, Text, listing

register = template.Library()


@register.filter
def words(about: Election | Body | Contest) -> Words:
    """The words of an election, body or contest: `{% with words=election|words %}`."""
    return words_of(about)


@register.filter
def on_ballot(election: Election) -> Text:
    """The word for what is voted for: “candidate”, “answer”. Unlike `words`, it makes no query."""
    return words_of_kind(election.kind).on_ballot.one


@register.filter
def number(noun: Noun, things: int | Sized) -> str:
    """“24 wards”, for a number of them or a list."""
    return noun.number(things if isinstance(things, int) else len(things))


@register.filter
def names(people: list[str]) -> Text:
    """“Ann Hall, Bob Rice and Cat Moss”."""
    return listing(people)


@register.filter
def name_in_itself(language: str) -> str:
    """The language's own name for itself, whatever the page's language: “Cymraeg”, “English”."""
    return languages.language_name(language)
