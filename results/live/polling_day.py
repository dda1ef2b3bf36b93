"""The elections of one polling day, which share a night page."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef
from django.urls import reverse

from results.models import Election

#: Key of `request.META` that only the archive sets: the page that is saved changes no more.
SAVED = "ELECTIONDESK_SAVED"


def elections_of(day: date) -> list[Election]:
    """Return the elections of a polling day with their nights; rehearsals only if all are."""
    elections = list(Election.public.filter(date=day).select_related("night").order_by("slug"))
    return [each for each in elections if not each.rehearsal] or elections


def night_address(election: Election) -> str:
    """Return the night page's address if another election is on the same day, else ""."""
    others = Election.public.filter(date=election.date, rehearsal=election.rehearsal)
    is_shared = others.exclude(pk=election.pk).exists()
    return address_of(election.date) if is_shared else ""


def is_shared() -> Exists:
    """Return an annotation of nights: whether `night_address` has an address of their elections."""
    of_the_day = Election.public.filter(
        date=OuterRef("election__date"), rehearsal=OuterRef("election__rehearsal")
    )
    return Exists(of_the_day.exclude(pk=OuterRef("election")))


def address_of(day: date) -> str:
    return reverse("night_page", args=[day])


def shared_nights(elections: Iterable[Election]) -> dict[int, str]:
    """Return the night page's address by first election of each polling day with several."""
    first: dict[tuple[date, bool], int] = {}
    shared: dict[int, str] = {}
    for election in elections:
        key = (election.date, election.rehearsal)
        if key in first:
            shared[first[key]] = address_of(election.date)
        first.setdefault(key, election.pk)
    return shared
