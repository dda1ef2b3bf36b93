"""A seat's result in words, from what its standing keeps."""

from django import template

from results.models import Contest, Standing
from results.words.party_names import PartyName, PartyNames
from results.words.seat_lines import result_line, short_result

register = template.Library()


@register.simple_tag
def seat_line(contest: Contest, standing: Standing, party_names: PartyNames) -> str:
    """“Labour hold Islington North, majority 26,188”."""
    return result_line(contest.name, standing.summary, party_names)


@register.simple_tag
def seat_result(standing: Standing, party_names: PartyNames) -> str:
    """“Lab hold”."""
    return short_result(standing.summary, party_names)


@register.simple_tag
def seat_label(standing: Standing | None) -> str:
    """The label of the seat's (first) winner; empty while there is none."""
    elected = standing.summary.get("elected") if standing and standing.has_result else None
    return str(elected[0]["label"]) if elected else ""


@register.filter
def party_name(party_names: PartyNames, label: str) -> PartyName:
    return party_names[label]


@register.filter
def mark(label: str, party_names: PartyNames) -> str:
    """The letters of a label on the map, for whoever does not see its colour: “Co”, “LD”."""
    return party_names[label].abbreviation[:2]
