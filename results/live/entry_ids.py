"""Ids of the feed's entries, which stay whatever changes in an entry."""

from results.models import Contest, Headline, Milestone, Publication


def result_entry_id(contest: Contest) -> str:
    return f"result-{contest.slug}"


def postponed_entry_id(contest: Contest) -> str:
    return f"postponed-{contest.slug}"


def publication_entry_id(publication: Publication) -> str:
    if isinstance(publication, Headline):
        return f"headline-{publication.pk}"
    return f"bulletin-{publication.first_sequence}"


def milestone_entry_id(milestone: Milestone) -> str:
    of_body = f"-{milestone.body_id}" if milestone.body_id else ""
    return f"milestone-{milestone.sequence}-{milestone.reached}{of_body}"
