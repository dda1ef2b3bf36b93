"""What a reporter reads out on the radio after a declaration: majority, turnout, shares, swing."""

from django.utils.translation import gettext as _

from results.live.seat import Seat, read_seats
from results.live.seat_row import Row
from results.models import Bulletin, Contest
from results.words.number_format import grouped, percent, signed_points

Fact = tuple[str, str]


def facts_published(contest: Contest, bulletin: Bulletin) -> list[Fact]:
    """`(label, text)` of the result that the bulletin published; empty once it was replaced."""
    if bulletin.declaration_id is None:
        return []
    (seat,) = read_seats([contest])
    if seat.declaration is None or seat.declaration.pk != bulletin.declaration_id:
        return []
    return facts_of(seat)


def facts_of(seat: Seat) -> list[Fact]:
    """`(label, text)` of a seat whose votes are known; empty for any other."""
    outcome = seat.outcome
    if outcome is None or outcome.valid is None or outcome.winner_only:
        return []
    facts = [_majority(seat), _turnout(seat)]
    if seat.contest.seats == 1:
        facts += [_share(row) for row in seat.rows[:2]] + [_swing(seat)]
    return [fact for fact in facts if fact is not None]


def _majority(seat: Seat) -> Fact | None:
    outcome = seat.outcome
    if outcome is None or outcome.majority is None:
        return None
    text = grouped(outcome.majority)
    if outcome.majority_share is not None and seat.contest.seats == 1:
        text = _("%(votes)s, %(share)s%% of the valid votes") % {
            "votes": text,
            "share": percent(outcome.majority_share),
        }
    return _("Majority"), text


def _turnout(seat: Seat) -> Fact | None:
    outcome, change = seat.outcome, seat.turnout_change
    turnout = outcome.turnout_valid if outcome else None
    if turnout is None:
        return None
    text = f"{percent(turnout)}%"
    if change is not None:
        before = {"turnout": text, "change": f"{change / 10:+.1f}".replace("-", "−")}
        text = _("%(turnout)s, %(change)s on last time") % before
    return _("Turnout"), text


def _share(row: Row) -> Fact | None:
    share = row.candidate_result.share
    if share is None:
        return None
    text = f"{percent(share)}%"
    if row.share_change is not None:
        points = {"share": text, "change": signed_points(row.share_change)}
        text = _("%(share)s, %(change)s points") % points
    return f"{row.candidate.name} ({row.party_name.abbreviation})", text


def _swing(seat: Seat) -> Fact | None:
    swing, loser, gainer = seat.swing, seat.swing_from, seat.swing_to
    if swing is None or loser is None or gainer is None:
        return None
    values = {"points": percent(swing.points), "loser": loser.name, "gainer": gainer.name}
    return _("Swing"), _("%(points)s points from %(loser)s to %(gainer)s") % values
