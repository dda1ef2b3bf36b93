"""Tags that print a seat's result from the summary stored with its standing."""

from collections.abc import Hashable, Iterable
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _

from results.live import last_votes
from results.live.last_votes import LastRow
from results.live.map_key import Flow
from results.live.party_patterns import PATTERNS
from results.models import Contest, Standing
from results.words import seat_sentences
from results.words.number_format import keep_together
from results.words.party_names import PartyName, PartyNames

register = template.Library()


@register.simple_tag
def result_sentence(contest: Contest, standing: Standing, party_names: PartyNames) -> str:
    """“Labour hold Islington North, majority 26,188”, in which no line ends before the number."""
    return keep_together(
        seat_sentences.result_sentence(contest.full_name, standing.summary, party_names)
    )


@register.simple_tag
def result_in_brief(contest: Contest, standing: Standing, party_names: PartyNames) -> str:
    """“Labour hold Islington North”."""
    return keep_together(
        seat_sentences.result_in_brief(contest.full_name, standing.summary, party_names)
    )


@register.simple_tag
def short_result(standing: Standing, party_names: PartyNames) -> str:
    """“Lab hold”."""
    return keep_together(seat_sentences.short_result(standing.summary, party_names))


@register.simple_tag
def winner_label(standing: Standing | None) -> str:
    """The label of the seat's (first) winner; empty without a result."""
    elected = standing.summary.get("elected") if standing and standing.has_result else None
    return str(elected[0]["label"]) if elected else ""


@register.filter
def party_name(party_names: PartyNames, label: str) -> PartyName:
    return party_names[label]


@register.filter
def last_rows(contest: Contest) -> list[LastRow]:
    """Last time's votes, as a seat's page lists them."""
    return last_votes.last_rows(contest)


@register.filter
def map_letters(label: str, party_names: PartyNames) -> str:
    """Letters that identify a party on a tile without its colour: “Con”, “LD”."""
    return party_names[label].letters


@register.simple_tag
def include_once(template_name: str, **values: Hashable) -> SafeString:
    """Include a small template that depends on nothing but `values`, rendered once for each."""
    return _rendered(template_name, get_language(), tuple(values.items()))


@lru_cache(maxsize=4096)
def _rendered(
    template_name: str,
    language: str | None,  # part of the key
    values: tuple[tuple[str, Any], ...],
) -> SafeString:
    html: SafeString = render_to_string(template_name, dict(values))
    return html


@register.simple_tag
def flow_pair(flow: Flow | None) -> SafeString:
    """“Con from Lab”, with the colour of each; without a flow, for a script to fill."""
    return format_html(
        _("{winner} from {loser}"),
        winner=_short_name("winner", flow.winner if flow else None),
        loser=_short_name("loser", flow.loser if flow else None),
    )


def _short_name(role: str, name: PartyName | None) -> SafeString:
    if name is None:
        return format_html('<b class="{}"></b>', role)
    return format_html('<b class="{}" data-party="{}">{}</b>', role, name.label, name.abbreviation)


@register.simple_tag
def party_patterns() -> Iterable[tuple[str, str]]:
    """The labels that have a pattern, each with its path."""
    return PATTERNS.items()
