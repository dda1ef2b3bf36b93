"""Update and rebuild the tallies of a night: the election's, and those of its bodies."""

from collections.abc import Iterable

from results.arithmetic import Tally
from results.models import BodyTally, Contest, Night


def move_tally(night: Night, contest: Contest, before: Tally, after: Tally) -> None:
    """Replace a contest's contribution in the locked night's tally, without saving the night.

    The tally of the contest's body is updated and saved, where the kind has such tallies.
    """
    if before == after:
        return
    night.tally = night.standing_tally.minus(before).plus(after).to_json()
    if night.election.rules.has_body_tallies:
        row, _created = BodyTally.objects.get_or_create(body_id=contest.body_id)
        row.tally = row.standing_tally.minus(before).plus(after).to_json()
        row.save(update_fields=["tally"])


def store_tallies(night: Night, shares: Iterable[tuple[int, Tally]]) -> None:
    """Set all tallies of the locked night to the sum of `shares`, each with its body's key.

    The night is not saved.
    """
    whole, by_body = sum_shares(shares)
    night.tally = whole.to_json()
    BodyTally.objects.filter(body__election=night.election_id).delete()
    if night.election.rules.has_body_tallies:
        BodyTally.objects.bulk_create(
            BodyTally(body_id=body, tally=tally.to_json())
            for body, tally in by_body.items()
            if tally != Tally()
        )


def sum_shares(shares: Iterable[tuple[int, Tally]]) -> tuple[Tally, dict[int, Tally]]:
    """Return the sum of the shares, and the sum for each body."""
    whole, by_body = Tally(), dict[int, Tally]()
    for body, share in shares:
        whole = whole.plus(share)
        by_body[body] = by_body.get(body, Tally()).plus(share)
    return whole, by_body


def stored_body_tallies(election_pk: int) -> dict[int, Tally]:
    """The stored tallies of an election's bodies, by the body's key."""
    rows = BodyTally.objects.filter(body__election=election_pk)
    return {row.body_id: row.standing_tally for row in rows}
