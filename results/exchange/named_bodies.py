"""Set the council of wards that no file names: from an answer, or else the election's name."""

from collections.abc import Iterable
from pathlib import Path

from results.exchange.ballot_identity import BallotIdentity
from results.exchange.errors import FileError, FileErrors
from results.models import Body, Election
from results.models.body import body_slug, council_in


def name_body(
    election: Election, ballots: Iterable[BallotIdentity], *, wanted: str, file: Path
) -> None:
    """Make the only council of an election, or name it, before wards without one are loaded.

    It is what was `wanted`; else what the election's name says, such as “Northshire Council
    election”. A council that has no name but its election's keeps its address. Raises FileErrors if
    nothing names it.
    """
    unnamed = any(not (ballot.body or ballot.new_body) for ballot in ballots)
    if not unnamed or not election.rules.has_control:
        return
    bodies = list(Body.objects.filter(election=election)[:2])
    if not bodies and wanted:
        Body.objects.create(election=election, slug=body_slug(wanted), name=wanted)
    elif not bodies and not council_in(election.name):
        reason = (
            "does not say to which council its wards belong: add a column “council” with its "
            "name, or give --body “Northshire Council” with it"
        )
        raise FileErrors([FileError(file, 0, "", reason)])
    elif len(bodies) == 1 and wanted and bodies[0].name == election.name[:160]:
        bodies[0].name = wanted
        bodies[0].save(update_fields=["name", "sort_key"])
