"""The night's headline and standfirst, written by rule from the tally. Never a forecast."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from results.arithmetic import Tally, house_majority, majority_threshold, still_possible
from results.words.party_names import PartyNames


@dataclass(frozen=True, slots=True)
class NightSummary:
    headline: str
    standfirst: str


def ranked_labels(tally: Tally) -> list[str]:
    """Labels by seats, then votes, then name: an order that never depends on chance."""
    lines = tally.parties
    return sorted(lines, key=lambda label: (-lines[label].seats, -lines[label].votes, label))


def night_summary(
    tally: Tally,
    seats: int,
    party_names: PartyNames,
    *,
    latest: str,
    first_at: str,
    whole_house: bool,
) -> NightSummary:
    """The headline of the night at this tally.

    ``seats`` is the number of seats covered; ``latest`` the last result's own line, which leads
    where the desk covers a patch rather than the whole House. ``first_at`` is when the first
    declaration is expected, on the election's own clock, where that is known.
    """
    if tally.seats == 0:
        return NightSummary(
            _("The polls have closed: first declaration awaited"), _nothing_yet(seats, first_at)
        )
    if not whole_house:
        return NightSummary(latest, _progress(tally, seats))
    leader, *rest = ranked_labels(tally)
    won = tally.parties[leader].seats
    if won >= majority_threshold(seats):
        return _majority_won(party_names[leader].collective, won, tally, seats)
    if tally.seats >= seats:
        return _nobody(party_names[leader].collective, won, seats)
    runner_up = next((label for label in rest if tally.parties[label].seats), None)
    return _under_way(leader, runner_up, tally, seats, party_names)


def _nothing_yet(seats: int, first_at: str) -> str:
    words = {"seats": seats, "at": first_at}
    if first_at:
        return _("%(seats)d to come, the first expected about %(at)s.") % words
    return _("%(seats)d to come.") % words


def majority_sentence(tally: Tally, seats: int, party_names: PartyNames, *, passed_at: str) -> str:
    """What stands, and what can still be, of a majority in the House: arithmetic, no forecast.

    ``passed_at`` is when the leading party reached the line, on the election's own clock.
    """
    line = majority_threshold(seats)
    words: dict[str, Any] = {"line": line, "seats": seats}
    leaders = [label for label in ranked_labels(tally) if tally.parties[label].seats][:2]
    if not leaders:
        return _("%(line)d of the %(seats)d seats make a majority.") % words
    first = leaders[0]
    words["party"] = party_names[first].collective
    if tally.parties[first].seats >= line:
        words["majority"] = house_majority(tally.parties[first].seats, seats)
        words["at"] = passed_at
        if not passed_at:
            return _("%(party)s have a majority of %(majority)d in the House.") % words
        return (
            _("%(party)s have a majority of %(majority)d in the House; %(line)d reached at %(at)s.")
            % words
        )
    most = [
        _("%(party)s %(most)d")
        % {"party": party_names[label].collective, "most": still_possible(tally, label, seats)}
        for label in leaders
    ]
    if all(still_possible(tally, label, seats) < line for label in tally.parties):
        return _("Nobody can reach %(line)d any more.") % words
    return _("The most there can be from here: %(most)s.") % {"most": ", ".join(most)}


def _progress(tally: Tally, seats: int) -> str:
    left = seats - tally.seats
    if left <= 0:
        return _("Every seat here has declared.")
    return ngettext(
        "%(left)d seat here is still to declare.", "%(left)d seats here are still to declare.", left
    ) % {"left": left}


def _majority_won(party: str, won: int, tally: Tally, seats: int) -> NightSummary:
    words: dict[str, Any] = {"party": party, "won": won, "left": seats - tally.seats}
    if tally.seats >= seats:
        words["majority"] = house_majority(won, seats)
        return NightSummary(
            _("%(party)s win the election with %(won)d seats") % words,
            _("A majority of %(majority)d in the House, with every seat declared.") % words,
        )
    return NightSummary(
        _("%(party)s have won a majority of seats") % words,
        ngettext(
            "They hold %(won)d, with %(left)d seat to come.",
            "They hold %(won)d, with %(left)d seats to come.",
            words["left"],
        )
        % words,
    )


def _nobody(party: str, won: int, seats: int) -> NightSummary:
    words = {"party": party, "won": won, "line": majority_threshold(seats)}
    return NightSummary(
        _("No majority: %(party)s largest with %(won)d seats") % words,
        _("Every seat has declared and nobody has the %(line)d a majority takes.") % words,
    )


def _under_way(
    leader: str, runner_up: str | None, tally: Tally, seats: int, party_names: PartyNames
) -> NightSummary:
    won = tally.parties[leader].seats
    second = tally.parties[runner_up].seats if runner_up else 0
    left = seats - tally.seats
    words: dict[str, Any] = {
        "leader": party_names[leader].collective,
        "second": party_names[runner_up].collective if runner_up else "",
        "lead": won - second,
        "won": won,
        "left": left,
        "need": majority_threshold(seats) - won,
    }
    if runner_up is None:
        headline = _("%(leader)s first to declare, %(won)d so far") % words
    elif won == second:
        headline = (
            ngettext(
                "%(leader)s and %(second)s level on %(won)d seat",
                "%(leader)s and %(second)s level on %(won)d seats",
                won,
            )
            % words
        )
    else:
        headline = (
            ngettext(
                "%(leader)s lead %(second)s by %(lead)d seat",
                "%(leader)s lead %(second)s by %(lead)d seats",
                words["lead"],
            )
            % words
        )
    if words["need"] > left:
        standfirst = _("%(left)d to come; no majority is possible any more for %(leader)s.") % words
    else:
        standfirst = (
            _("%(left)d to come; %(leader)s would need %(need)d more for a majority.") % words
        )
    return NightSummary(headline, standfirst)
