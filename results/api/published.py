"""Which elections the API shows."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from results.models import Election


def public_elections() -> QuerySet[Election]:
    return Election.objects.all()


def public_election(slug: str) -> Election:
    """The election at this address. Raises Http404."""
    return get_object_or_404(public_elections(), slug=slug)
