"""Read the recorded gender and earlier elections of candidates, and count those elected."""

from collections.abc import Iterable, Mapping

from results.arithmetic.people_elected import PeopleElected, PersonElected, count_people
from results.models import Candidate, Election

Recorded = Mapping[int, PersonElected]


def recorded_people(election: Election) -> Recorded:
    """Return the recorded facts about candidates by key, without those with none."""
    candidates = Candidate.objects.filter(contest__election=election)
    recorded = candidates.exclude(gender="", elected_before=None, times_elected=None)
    columns = recorded.order_by().only("gender", "elected_before", "times_elected")
    return {candidate.pk: candidate.as_elected for candidate in columns}


def count_elected(elected: Iterable[int], recorded: Recorded) -> PeopleElected:
    """Count women and newcomers among the candidates with the keys `elected`."""
    return count_people(recorded.get(key, PersonElected()) for key in elected)
