"""What is published of polls, and which polls files say are not held while readers are not told."""

from dataclasses import dataclass

from results.models import Bulletin, Contest, Election, Load, Standing


@dataclass(frozen=True, slots=True)
class UnpublishedPoll:
    """A contest, and the sentence that says what a file has of its poll."""

    contest: Contest
    sentence: str


def published_statuses(election: Election) -> dict[int, Standing.Status]:
    """Status by contest, for contests with a published status or result."""
    reported = Bulletin.objects.filter(
        election=election, contest__isnull=False, kind=Bulletin.Kind.STATUS
    )
    contests = {*reported.values_list("contest", flat=True)}
    return {
        standing.contest_id: Standing.Status(standing.status)
        for standing in Standing.objects.filter(contest__election=election)
        if standing.revision or standing.contest_id in contests
    }


def unpublished_polls(election: Election) -> list[UnpublishedPoll]:
    """Return the polls that are not held by the files applied, where nothing is published of them.

    The file that was applied last counts for each contest.
    """
    sentences: dict[int, str] = {}
    applied = Load.objects.filter(election=election, state=Load.State.DONE).order_by("finished_at")
    for report in applied.values_list("report", flat=True):
        sentences |= {int(pk): words for pk, words in report.get("polls", {}).items()}
    known = published_statuses(election)
    off = {pk: words for pk, words in sentences.items() if words and pk not in known}
    contests = Contest.objects.filter(election=election, pk__in=off).order_by("sort_key", "pk")
    return [UnpublishedPoll(contest, off[contest.pk]) for contest in contests]
