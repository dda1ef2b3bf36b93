"""The night's headline and standfirst, generated from the tally: facts, never a forecast."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _, ngettext

from results.arithmetic import Tally, house_majority, majority_threshold, still_possible
from results.words.party_names import PartyNames


@dataclass(frozen=True, slots=True)
class NightSummary:
    headline: str
    standfirst: str


def ranked_labels(tally: Tally) -> list[str]:
    """Labels by seats, then votes, then name, so that the order is the same every time."""
    parties = tally.parties
    return sorted(parties, key=lambda label: (-parties[label].seats, -parties[label].votes, label))


def night_summary(
    tally: Tally,
    seats: int,
    party_names: PartyNames,
    *,
    latest: str,
    first_at: str,
    whole_house: bool,
) -> NightSummary:
    """The headline and standfirst of the night at this tally.

    `seats` is the number of seats covered. `latest` is the latest result as a sentence, used
    instead of the tally where only part of the House is covered. `first_at` is the time of day at
    which the first declaration is expected; empty if not known.
    """
    is_begun = tally.seats > tally.unopposed
    if not is_begun and (tally.to_come(seats) or not tally.declared + tally.postponed):
        return NightSummary(
            _("The polls have closed: first declaration awaited"),
            _with_others(_awaited(tally.to_come(seats), first_at), tally),
        )
    if not tally.seats:
        return NightSummary(_("Nobody is elected here tonight"), not_held(tally))
    if not whole_house:
        return NightSummary(latest, _still_to_declare(tally, seats))
    leader, *rest = ranked_labels(tally)
    won = tally.parties[leader].seats
    if won >= majority_threshold(seats):
        return _majority_won(party_names[leader].collective, won, tally, seats)
    if not tally.to_come(seats):
        return _no_majority(party_names[leader].collective, won, tally, seats)
    runner_up = next((label for label in rest if tally.parties[label].seats), None)
    return _under_way(leader, runner_up, tally, seats, party_names)


def _awaited(seats: int, first_at: str) -> str:
    params = {"seats": seats, "at": first_at}
    if first_at:
        return _("%(seats)d to come, the first expected about %(at)s.") % params
    return _("%(seats)d to come.") % params


def majority_sentence(tally: Tally, seats: int, party_names: PartyNames, *, passed_at: str) -> str:
    """Who has a majority in the House, or what is still arithmetically possible.

    `passed_at` is the time of day at which the leading party reached it; empty if not known.
    """
    threshold = majority_threshold(seats)
    params: dict[str, Any] = {"threshold": threshold, "seats": seats}
    leaders = [label for label in ranked_labels(tally) if tally.parties[label].seats][:2]
    if not leaders:
        return _("%(threshold)d of the %(seats)d seats make a majority.") % params
    first = leaders[0]
    params["party"] = party_names[first].collective
    if tally.parties[first].seats >= threshold:
        params["majority"] = house_majority(
            tally.parties[first].seats, seats, without_member=tally.without_member
        )
        params["at"] = passed_at
        if not passed_at:
            return _("%(party)s have a majority of %(majority)d in the House.") % params
        template = _(
            "%(party)s have a majority of %(majority)d in the House; "
            "%(threshold)d reached at %(at)s."
        )
        return template % params
    if all(still_possible(tally, label, seats) < threshold for label in tally.parties):
        return _("Nobody can reach %(threshold)d any more.") % params
    maxima = [
        _("%(party)s %(most)d")
        % {"party": party_names[label].collective, "most": still_possible(tally, label, seats)}
        for label in leaders
    ]
    return _("The most there can be from here: %(most)s.") % {"most": ", ".join(maxima)}


def _still_to_declare(tally: Tally, seats: int) -> str:
    left = tally.to_come(seats)
    if not left:
        if tally.postponed:
            return _with_others(_("Every seat here whose poll was held has declared."), tally)
        return _with_others(_("Every seat here has declared."), tally)
    sentence = ngettext(
        "%(left)d seat here is still to declare.", "%(left)d seats here are still to declare.", left
    ) % {"left": left}
    return _with_others(sentence, tally)


def not_held(tally: Tally) -> str:
    """“2 elected unopposed, 1 vacant, 1 postponed.”; empty where every seat has a poll."""
    parts = [
        template % {"seats": seats}
        for template, seats in (
            (_("%(seats)d elected unopposed"), tally.unopposed),
            (_("%(seats)d vacant"), tally.vacant),
            (_("%(seats)d postponed"), tally.postponed),
        )
        if seats
    ]
    return f"{', '.join(parts)}." if parts else ""


def _with_others(sentence: str, tally: Tally) -> str:
    """The sentence, and the seats that are filled or left without a poll on this night."""
    return " ".join(filter(None, [sentence, not_held(tally)]))


def _majority_won(party: str, won: int, tally: Tally, seats: int) -> NightSummary:
    params: dict[str, Any] = {"party": party, "won": won, "left": tally.to_come(seats)}
    if not params["left"]:
        params["majority"] = house_majority(won, seats, without_member=tally.without_member)
        standfirst = _("A majority of %(majority)d in the House, with every seat declared.")
        if tally.postponed:
            standfirst = _("A majority of %(majority)d in the House.")
        return NightSummary(
            _("%(party)s win the election with %(won)d seats") % params,
            _with_others(standfirst % params, tally),
        )
    standfirst = ngettext(
        "They hold %(won)d, with %(left)d seat to come.",
        "They hold %(won)d, with %(left)d seats to come.",
        params["left"],
    )
    return NightSummary(
        _("%(party)s have won a majority of seats") % params,
        _with_others(standfirst % params, tally),
    )


def _no_majority(party: str, won: int, tally: Tally, seats: int) -> NightSummary:
    """With every poll of the night declared; those postponed may still make a majority."""
    threshold = majority_threshold(seats)
    params = {"party": party, "won": won, "threshold": threshold, "need": threshold - won}
    if won + tally.postponed >= threshold:
        return NightSummary(
            _("%(party)s largest with %(won)d seats, %(need)d short of a majority") % params,
            _with_others(_("Every poll that was held has declared."), tally),
        )
    standfirst = (
        _("Every poll held has declared and nobody has the %(threshold)d a majority takes.")
        if tally.postponed
        else _("Every seat has declared and nobody has the %(threshold)d a majority takes.")
    )
    return NightSummary(
        _("No majority: %(party)s largest with %(won)d seats") % params,
        _with_others(standfirst % params, tally),
    )


def _under_way(
    leader: str, runner_up: str | None, tally: Tally, seats: int, party_names: PartyNames
) -> NightSummary:
    won = tally.parties[leader].seats
    params = {
        "leader": party_names[leader].collective,
        "left": tally.to_come(seats),
        "need": majority_threshold(seats) - won,
    }
    if still_possible(tally, leader, seats) < majority_threshold(seats):
        standfirst = _("%(left)d to come; no majority is possible any more for %(leader)s.")
    else:
        standfirst = _("%(left)d to come; %(leader)s would need %(need)d more for a majority.")
    return NightSummary(
        _lead(leader, runner_up, tally, party_names), _with_others(standfirst % params, tally)
    )


def _lead(leader: str, runner_up: str | None, tally: Tally, party_names: PartyNames) -> str:
    """“Conservatives lead Labour by 39 seats”."""
    won = tally.parties[leader].seats
    if runner_up is None:
        params = {"leader": party_names[leader].collective, "won": won}
        return _("%(leader)s first to declare, %(won)d so far") % params
    lead = won - tally.parties[runner_up].seats
    params = {
        "leader": party_names[leader].collective,
        "second": party_names[runner_up].collective,
        "lead": lead,
        "won": won,
    }
    if lead == 0:
        template = ngettext(
            "%(leader)s and %(second)s level on %(won)d seat",
            "%(leader)s and %(second)s level on %(won)d seats",
            won,
        )
    else:
        template = ngettext(
            "%(leader)s lead %(second)s by %(lead)d seat",
            "%(leader)s lead %(second)s by %(lead)d seats",
            lead,
        )
    return template % params
