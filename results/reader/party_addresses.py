"""Find the party that an address names, by its present label or one from before a merger."""

from collections.abc import Callable

from django.http import Http404, HttpResponsePermanentRedirect
from django.urls import reverse

from results.models import Election
from results.words.party_names import load_party_names

#: Returns the redirect to the page of a given name.
Redirect = Callable[[str], HttpResponsePermanentRedirect]


def require_parties(election: Election) -> None:
    """Raise Http404 for a vote on answers, in which no party stands, wins or loses."""
    if not election.rules.holds:
        raise Http404(election.slug)


def find_party(election: Election, label: str) -> tuple[str, Redirect | None]:
    """The label, and a redirect if the party has another by now.

    Raises Http404 for a label that is unknown, or where no parties stand.
    """
    require_parties(election)
    party_names = load_party_names()
    if label in party_names.moved:
        now = party_names.moved[label]
        return now, lambda name: HttpResponsePermanentRedirect(
            reverse(name, args=[election.slug, now])
        )
    if label not in party_names:
        raise Http404(label)
    return label, None
