"""Facts for a reporter to read out on air after a declaration: majority, turnout, shares, swing."""

from fractions import Fraction

from django.utils.translation import gettext as _

from results.live.seat import Seat, read_seats
from results.live.seat_row import SeatRow
from results.models import Bulletin, Contest
from results.words.number_format import percent, signed_points, swing_points
from results.words.seat_sentences import majority_or_lot

Fact = tuple[str, str]


def facts_published(contest: Contest, bulletin: Bulletin) -> list[Fact]:
    """Return `(label, text)` of the result that the bulletin published; empty if replaced."""
    if bulletin.declaration_id is None:
        return []
    (seat,) = read_seats([contest])
    if seat.declaration is None or seat.declaration.pk != bulletin.declaration_id:
        return []
    return facts_of(seat)


def facts_of(seat: Seat) -> list[Fact]:
    """Return `(label, text)` of a seat whose votes are known; empty for any other."""
    outcome = seat.outcome
    if outcome is None or outcome.valid is None or outcome.winner_only:
        return []
    facts = [_majority(seat), *_turnouts(seat)]
    if seat.contest.seats == 1:
        facts += [_share(row) for row in seat.rows[:2]] + [_swing(seat)]
    return [fact for fact in facts if fact is not None]


def _majority(seat: Seat) -> Fact | None:
    outcome = seat.outcome
    if outcome is None or outcome.majority is None:
        return None
    text = majority_or_lot(outcome.majority, by_lot=outcome.by_lot)
    if outcome.majority_share is not None and not outcome.by_lot and seat.contest.seats == 1:
        text = _("%(votes)s, %(share)s%% of the valid votes") % {
            "votes": text,
            "share": percent(outcome.majority_share),
        }
    return _("Majority"), text


def _turnouts(seat: Seat) -> list[Fact]:
    """Each turnout by the name that it has on the seat's page: they differ by what they count."""
    outcome, declaration = seat.outcome, seat.declaration
    if outcome is None or declaration is None:
        return []
    facts = []
    if outcome.turnout_ballots is not None:
        facts.append((_("Turnout, all ballots"), f"{percent(outcome.turnout_ballots)}%"))
    if outcome.turnout_valid is not None:
        facts.append((_("Turnout, valid votes"), _with_change(seat, outcome.turnout_valid)))
    if declaration.turnout_announced is not None:
        announced = f"{declaration.turnout_announced.normalize():f}%"
        facts.append((_("Turnout as announced"), announced))
    return facts


def _with_change(seat: Seat, turnout: Fraction) -> str:
    """“70.3%, −7.0 on last time”: last time's turnout is that of valid votes."""
    text, change = f"{percent(turnout)}%", seat.turnout_change
    if change is None or seat.last_time is None or not seat.last_time.electorate:
        return text
    before = {"turnout": text, "change": f"{change / 10:+.1f}".replace("-", "−")}
    return _("%(turnout)s, %(change)s on last time") % before


def _share(row: SeatRow) -> Fact | None:
    share = row.candidate_result.share
    if share is None:
        return None
    text = f"{percent(share)}%"
    if row.share_change is not None:
        points = {"share": text, "change": signed_points(row.share_change)}
        text = _("%(share)s, %(change)s points") % points
    party = row.party_name.abbreviation
    return f"{row.candidate.name} ({party})" if party else row.candidate.name, text


def _swing(seat: Seat) -> Fact | None:
    swing, loser, gainer = seat.swing, seat.swing_from, seat.swing_to
    if swing is None or loser is None or gainer is None:
        return None
    values = {"points": swing_points(swing.points), "loser": loser.name, "gainer": gainer.name}
    if not swing.points:
        return _("Swing"), _("none between %(gainer)s and %(loser)s") % values
    return _("Swing"), _("%(points)s points from %(loser)s to %(gainer)s") % values
