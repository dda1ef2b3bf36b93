"""The list of elections: the state of each, and what its own page leads with."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from results.live.fragments import election_locale
from results.live.house_style import house_context
from results.live.polling_day import shared_nights
from results.models import Election
from results.reader import page_cache
from results.reader.compression import compressed
from results.reader.expected_times import replace_passed
from results.reader.nights import read_snapshot, version_of
from results.reader.priority import renderings

#: Elections that are listed with their state, the newest; earlier ones by name and day.
MOST_IN_BRIEF = 12


@dataclass(frozen=True, slots=True)
class ListedElection:
    """An election of the list. `night` is the address of a polling day's page, if it comes first.

    `brief` is its state as HTML; empty for an earlier election.
    """

    election: Election
    night: str
    brief: SafeString


@require_safe
def home_page(request: HttpRequest) -> HttpResponse:
    """Redirect to the night that editors chose, or to the one under way if there is just one.

    Otherwise list the elections.
    """
    elections = list(Election.public.select_related("night"))
    chosen = [election for election in elections if election.front]
    if chosen:
        return HttpResponseRedirect(chosen[0].get_absolute_url())
    now = timezone.now()
    under_way = [
        election
        for election in elections
        if election.polls_close <= now < election.night_ends and not election.rehearsal
    ]
    if len(under_way) == 1:
        return HttpResponseRedirect(under_way[0].get_absolute_url())
    return _list_page(request, elections)


@require_safe
def elections_page(request: HttpRequest) -> HttpResponse:
    """List the elections, also while `/` leads to one of them."""
    return _list_page(request, list(Election.public.select_related("night")))


def _list_page(request: HttpRequest, elections: Sequence[Election]) -> HttpResponse:
    context = {"elections": _listed(elections), "language": get_language(), **house_context()}
    page = render_to_string("reader/home_page.html", context, request)
    response = compressed(request, page, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=0, s-maxage=10"
    return response


def _listed(elections: Sequence[Election]) -> list[ListedElection]:
    nights = shared_nights(elections)
    in_brief = elections[:MOST_IN_BRIEF]
    return [
        ListedElection(
            election,
            nights.get(election.pk, ""),
            _brief(election) if election in in_brief else mark_safe(""),
        )
        for election in elections
    ]


def _brief(election: Election) -> SafeString:
    """The state of an election in its own language, rendered once for each of its bulletins."""

    def render() -> bytes:
        with renderings.turn(), election_locale(election):
            context = {"snapshot": read_snapshot(election), "election": election, "dated": True}
            brief = render_to_string("reader/_election_in_brief.html", context)
            return replace_passed(brief, timezone.now()).encode()

    facts = (election.date, election.polls_close, election.timezone, election.rehearsal)
    language = election.page_language
    key = page_cache.make_key("brief", election.pk, version_of([election]), *facts, language)
    # Rendered by our own template, which escapes what people typed.
    return mark_safe(page_cache.get_or_create(key, render).decode())  # noqa: S308
