"""Which elections the API shows: those that readers see."""

from django.db.models import QuerySet

from results.models import Election
from results.reader.public import public_election

__all__ = ["public_election", "public_elections"]


def public_elections() -> QuerySet[Election]:
    return Election.public.all()
