"""Tags that print a seat's result from the summary stored with its standing."""

from django import template

from results.models import Contest, Standing
from results.words import seat_sentences
from results.words.party_names import PartyName, PartyNames

register = template.Library()


@register.simple_tag
def result_sentence(contest: Contest, standing: Standing, party_names: PartyNames) -> str:
    """“Labour hold Islington North, majority 26,188”."""
    return seat_sentences.result_sentence(contest.full_name, standing.summary, party_names)


@register.simple_tag
def result_in_brief(contest: Contest, standing: Standing, party_names: PartyNames) -> str:
    """“Labour hold Islington North”."""
    return seat_sentences.result_in_brief(contest.full_name, standing.summary, party_names)


@register.simple_tag
def short_result(standing: Standing, party_names: PartyNames) -> str:
    """“Lab hold”."""
    return seat_sentences.short_result(standing.summary, party_names)


@register.simple_tag
def winner_label(standing: Standing | None) -> str:
    """The label of the seat's (first) winner; empty without a result."""
    elected = standing.summary.get("elected") if standing and standing.has_result else None
    return str(elected[0]["label"]) if elected else ""


@register.filter
def party_name(party_names: PartyNames, label: str) -> PartyName:
    return party_names[label]


@register.filter
def map_letters(label: str, party_names: PartyNames) -> str:
    """Two letters that identify a party on the map without its colour: “Co”, “LD”."""
    return party_names[label].abbreviation[:2]
