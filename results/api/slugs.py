"""Slugs of elections and contests as parameters of the API, at most as long as they are stored."""

from typing import Annotated

from ninja import Path, Query

from results.models import Contest, Election

LONGEST_ELECTION = Election._meta.get_field("slug").max_length
LONGEST_CONTEST = Contest._meta.get_field("slug").max_length

ElectionSlug = Annotated[
    str, Path(description="The election’s address.", max_length=LONGEST_ELECTION)
]
ContestSlug = Annotated[str, Path(description="The contest’s address.", max_length=LONGEST_CONTEST)]
After = Annotated[str, Query(max_length=LONGEST_CONTEST, description="The last contest’s slug.")]
