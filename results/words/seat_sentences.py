"""Write a seat's result as a sentence: “Labour hold Islington North, majority 26,188”."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _, ngettext

from results.arithmetic import ANSWER, INDEPENDENT, SPEAKER
from results.words.nouns import listing
from results.words.number_format import grouped
from results.words.open_results import open_in_short, open_sentence
from results.words.party_names import PartyNames

Elected = Mapping[str, Any]


def result_sentence(name: str, summary: Mapping[str, Any], party_names: PartyNames) -> str:
    """The result of the contest called `name`; `summary` is its `Standing.summary`."""
    if summary["elected"] and "counted" not in summary and not summary.get("to_fill"):
        return result_in_brief(name, summary, party_names) + _ending(summary)
    return _without_winner(name, summary, party_names)


def result_in_brief(name: str, summary: Mapping[str, Any], party_names: PartyNames) -> str:
    """Return a result with winners, without the majority: “Labour hold Islington North”."""
    elected = summary["elected"]
    if len(elected) == 1 and not summary.get("vacancies"):
        return _one_seat(name, elected[0], party_names)
    return _several_seats(name, elected, party_names)


def _without_winner(name: str, summary: Mapping[str, Any], party_names: PartyNames) -> str:
    if "counted" in summary:
        return counted_sentence(name, summary)
    if summary.get("to_fill"):
        return open_sentence(name, summary, party_names)
    if summary["majority"] == 0:
        return _("%(question)s: the votes are equal") % {"question": name}
    return _("%(seat)s: no candidates%(ending)s") % {"seat": name, "ending": _vacant(summary)}


def counted_sentence(area: str, summary: Mapping[str, Any]) -> str:
    """Return “Aford counted: 28,500 votes” for a counting area, without naming a leader."""
    if summary["valid"] is None:
        return _("%(area)s counted in part") % {"area": area}
    sentence = ngettext(
        "%(area)s counted: %(votes)s vote", "%(area)s counted: %(votes)s votes", summary["valid"]
    )
    return sentence % {
        "area": area,
        "votes": grouped(summary["valid"]),
    }


def _one_seat(name: str, winner: Elected, party_names: PartyNames) -> str:
    params = {
        "seat": name,
        "person": winner["name"],
        "party": party_names[winner["label"]].collective,
        "loser": party_names[winner["gained_from"]].as_loser if winner["gained_from"] else "",
    }
    if winner["label"] == ANSWER:
        return _("%(seat)s: %(person)s") % params
    if winner["label"] == SPEAKER:
        return _speaker(winner, params)
    if winner["label"] == INDEPENDENT:
        return _independent(winner, params)
    if winner["hold"]:
        return _("%(party)s hold %(seat)s") % params
    if winner["gained_from"]:
        return _("%(party)s gain %(seat)s from %(loser)s") % params
    return _("%(party)s win %(seat)s") % params


def _speaker(winner: Elected, params: Mapping[str, str]) -> str:
    if winner["hold"]:
        return _("The Speaker, %(person)s, holds %(seat)s") % params
    if winner["gained_from"]:
        return _("The Speaker, %(person)s, wins %(seat)s, last won by %(loser)s") % params
    return _("The Speaker, %(person)s, wins %(seat)s") % params


def _independent(winner: Elected, params: Mapping[str, str]) -> str:
    if winner["hold"]:
        return _("Independent %(person)s holds %(seat)s") % params
    if winner["gained_from"]:
        return _("Independent %(person)s gains %(seat)s from %(loser)s") % params
    return _("Independent %(person)s wins %(seat)s") % params


def _several_seats(name: str, elected: Sequence[Elected], party_names: PartyNames) -> str:
    won = Counter(winner["label"] for winner in elected)
    parts = [f"{party_names[label].collective} {count}" for label, count in won.most_common()]
    return _("%(seat)s: %(parts)s") % {"seat": name, "parts": ", ".join(parts)}


def _ending(summary: Mapping[str, Any]) -> str:
    if summary.get("unopposed"):
        return _(", elected unopposed") + _vacant(summary)
    if summary["partial"]:
        return _("; full figures to follow")
    if summary["by_lot"]:
        return _(", decided by lot after a tie")
    if summary["majority"] is None:
        return ""
    return _(", majority %(votes)s") % {"votes": grouped(summary["majority"])}


def majority_or_lot(votes: int, *, by_lot: bool) -> str:
    """Return “26,188”; “by lot” in place of a majority of nought after a tie."""
    return _("by lot") if by_lot else grouped(votes)


def _vacant(summary: Mapping[str, Any]) -> str:
    """Return “; 1 seat vacant”; empty where every seat is filled."""
    vacancies = summary.get("vacancies", 0)
    if not vacancies:
        return ""
    words = ngettext("; %(seats)d seat vacant", "; %(seats)d seats vacant", vacancies)
    return words % {"seats": vacancies}


def elected_sentence(elected: Sequence[str], re_elected: Sequence[str]) -> str:
    """Return “Ann Hall is re-elected; Bob Rice and Cat Moss are elected.”; empty for nobody."""
    parts = []
    if re_elected:
        template = ngettext("%(names)s is re-elected", "%(names)s are re-elected", len(re_elected))
        parts.append(template % {"names": listing(re_elected)})
    if elected:
        template = ngettext("%(names)s is elected", "%(names)s are elected", len(elected))
        parts.append(template % {"names": listing(elected)})
    return f"{'; '.join(parts)}." if parts else ""


def short_result(summary: Mapping[str, Any], party_names: PartyNames) -> str:
    """Return the result as tables abbreviate it: “Lab hold”, “Con gain from Lab, unopposed”."""
    if "counted" in summary:
        return _("counted")
    if summary.get("to_fill"):
        return open_in_short(summary, party_names)
    parts = [_short_winners(summary, party_names)] if summary["elected"] else []
    return ", ".join([*parts, *without_poll_in_short(summary)])


def without_poll_in_short(summary: Mapping[str, Any]) -> list[str]:
    """Return the phrases of a result without a poll beside its winners: “unopposed”, “1 vacant”."""
    parts = [_("unopposed")] if summary.get("unopposed") and summary["elected"] else []
    if vacancies := summary.get("vacancies"):
        parts.append(_("%(seats)d vacant") % {"seats": vacancies})
    return parts


def _short_winners(summary: Mapping[str, Any], party_names: PartyNames) -> str:
    winners: Sequence[Elected] = summary["elected"]
    if len(winners) != 1 or summary.get("vacancies"):
        won = Counter(winner["label"] for winner in winners)
        return ", ".join(f"{party_names[label].abbreviation} {n}" for label, n in won.most_common())
    winner = winners[0]
    if winner["label"] == ANSWER:
        return str(winner["name"])
    params = {"party": party_names[winner["label"]].abbreviation}
    if winner["hold"]:
        return _("%(party)s hold") % params
    if winner["gained_from"]:
        params["loser"] = party_names[winner["gained_from"]].abbreviation
        return _("%(party)s gain from %(loser)s") % params
    return _("%(party)s win") % params


def verification_sentence(
    electorate: int | None, papers: int | None, turnout: Decimal | None
) -> str:
    """Return a sentence on the figures announced at verification; empty if there are none.

    “At verification: 54,032 ballot papers, electorate 75,162, turnout 71.8% as announced”.
    """
    parts = []
    if papers is not None:
        counted = ngettext("%(papers)s ballot paper", "%(papers)s ballot papers", papers)
        parts.append(counted % {"papers": grouped(papers)})
    if electorate is not None:
        parts.append(_("electorate %(electorate)s") % {"electorate": grouped(electorate)})
    if turnout is not None:
        announced = {"turnout": f"{turnout.normalize():f}"}
        parts.append(_("turnout %(turnout)s%% as announced") % announced)
    return _("At verification: %(counts)s") % {"counts": ", ".join(parts)} if parts else ""
