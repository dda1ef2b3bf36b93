"""Links between the night dashboard and the other pages of the admin."""

from django.http import HttpRequest
from django.urls import reverse

from results.arithmetic import read_id

#: The parameter of an address that says which night a page was opened from.
PARAMETER = "night"
#: Elections on the admin's first page.
NIGHTS = 8
#: Where the session keeps the night that was looked at last.
SESSION_KEY = "night"


def return_address(request: HttpRequest, otherwise: str) -> str:
    """Address of the night that the page was opened from, or else `otherwise`."""
    election = read_id(request.GET.get(PARAMETER, ""))
    return reverse("admin:results_election_night", args=[election]) if election else otherwise


def remember_night(request: HttpRequest, election_pk: int) -> None:
    if request.session.get(SESSION_KEY) != election_pk:
        request.session[SESSION_KEY] = election_pk


def newest_nights(request: HttpRequest) -> dict[str, object]:
    """The newest elections, for the admin's first page."""
    if not request.user.has_perm("results.view_contest"):
        return {}
    # Imported late: the site is made before the models are loaded.
    from results.models import Election

    return {"nights": Election.objects.order_by("-date", "-pk")[:NIGHTS]}


def likely_election(request: HttpRequest) -> int | None:
    """The election that a new object is of: that of the night viewed last, or the only one.

    It is none that is closed: a second night on the same desk is another one.
    """
    # Imported late: the site is made before the models are loaded.
    from results.models import Election

    elections = list(Election.objects.filter(final=False).values_list("pk", flat=True))
    viewed = request.session.get(SESSION_KEY)
    if viewed in elections:
        return int(viewed)
    return elections[0] if len(elections) == 1 else None


def last_night(request: HttpRequest) -> dict[str, object]:
    """Context of the link back to the night that was viewed last."""
    election = request.session.get(SESSION_KEY) if hasattr(request, "session") else None
    if not isinstance(election, int):
        return {}
    return {"night_address": reverse("admin:results_election_night", args=[election])}
