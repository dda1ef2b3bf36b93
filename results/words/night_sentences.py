"""The night's headline and standfirst, generated from the tally: facts, never a forecast.

The rules are listed in docs/figures.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _, ngettext

from results.arithmetic import (
    Tally,
    house_majority,
    largest_net_changes,
    majority_threshold,
    parties_with_a_chance,
    ranked_labels,
)
from results.words.change_sentences import changes_sentence, seats_declared
from results.words.headlines_without_majority import no_majority, short_of_a_majority
from results.words.nouns import Text, listing
from results.words.number_format import signed
from results.words.party_names import PartyNames
from results.words.swing_sentences import swing_sentence

#: Declared seats from which the headline gives gains and losses, not the first result: so many, or
#: a tenth of all where that is fewer, and two at least.
MANY_DECLARED, MANY_OF_ALL, MANY_AT_LEAST = 10, 10, 2
#: The most characters of a headline that fit in two lines on a phone.
HEADLINE_LENGTH = 44


@dataclass(frozen=True, slots=True)
class NightSummary:
    """A headline and standfirst; `more` follows the standfirst where there is room."""

    headline: str
    standfirst: str
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NightFacts:
    """The facts that the headline is generated from. `seats` is the number of seats covered.

    `chamber` is what a majority is one in, such as “the House”. `whole_house` is whether they are
    all of a house, so that a majority means something; `latest` is the latest result as a sentence,
    used instead of the tally where they are not. `first` is the first result in brief, without its
    majority. `first_at` is the time of day at which the first declaration is expected, empty if not
    known; `open_until` is the close of poll, such as “22:00 on 12 December”, empty once readers
    have been told that it has passed. `held` and `exit_poll` are seats by label: those won last
    time in all contests, and those that the exit poll gave, empty without one. `has_swing` is
    false where each contest fills several seats.
    """

    tally: Tally
    seats: int
    party_names: PartyNames
    chamber: Text
    whole_house: bool
    latest: str = ""
    first: str = ""
    first_at: str = ""
    open_until: str = ""
    held: Mapping[str, int] = field(default_factory=dict)
    exit_poll: Mapping[str, int] = field(default_factory=dict)
    has_swing: bool = True

    @property
    def to_come(self) -> int:
        return self.tally.to_come(self.seats)

    def collective(self, label: str) -> str:
        return self.party_names[label].collective


def night_summary(facts: NightFacts) -> NightSummary:
    """The headline and standfirst of the night, by the first rule that fits.

    Until every seat has declared no party “leads”: who has more seats half-way depends on who
    counts fast. The text gives gains and losses instead, on the declared seats against the same
    seats last time.
    """
    tally, seats = facts.tally, facts.seats
    is_begun = tally.seats > tally.unopposed
    if not is_begun and (facts.to_come or not tally.declared + tally.postponed):
        return _before_the_first(facts)
    if not tally.seats:
        return NightSummary(_("Nobody is elected here tonight"), not_held(tally))
    if not facts.whole_house:
        return NightSummary(facts.latest, _still_to_declare(tally, seats))
    largest = ranked_labels(tally)[0]
    won = tally.parties[largest].seats
    if won >= majority_threshold(seats):
        won_by = _majority_won(facts, largest)
        return replace(won_by, more=_against_the_poll(facts, largest))
    if not facts.to_come:
        return _ended_without_majority(facts, won)
    if facts.first and is_led_by_first(tally.seats - tally.unopposed, seats):
        return _first_to_declare(facts)
    swing, exit_poll = _swing(facts), _exit_poll(facts)
    first = swing or exit_poll or _to_come(facts)
    more = exit_poll if swing else ""
    return NightSummary(_under_way(facts), _with_others(first, tally), more)


def _before_the_first(facts: NightFacts) -> NightSummary:
    """Return the summary before the first result: expected times, exit poll, seats defended."""
    defended = _defended(facts) if facts.whole_house else ""
    standfirst = _polled_before_the_first(facts) or defended or _to_come(facts)
    more = defended if standfirst != defended else ""
    headline = awaiting(facts.first_at, facts.open_until)
    standfirst = _with_others(standfirst, facts.tally)
    expected = first_expected(facts.first_at, facts.open_until)
    return NightSummary(headline, " ".join(filter(None, [expected, standfirst])), more)


def awaiting(first_at: str, open_until: str) -> str:
    """Return the headline before the first result; parameters are those of `NightFacts`.

    It gives the time of the close rather than “polls are open”, which a page without a connection
    would still show after the close.
    """
    if open_until:
        return _("Polls close at %(at)s") % {"at": open_until}
    if first_at:
        return _("First results expected about %(at)s") % {"at": first_at}
    return _("Polls have closed")


def first_expected(first_at: str, open_until: str) -> str:
    """Return when the first result is expected, if the headline has the close of poll."""
    if not (first_at and open_until):
        return ""
    return _("First results expected about %(at)s.") % {"at": first_at}


def _largest_held(facts: NightFacts) -> list[str]:
    """The two labels with most seats last time; none where there were not two."""
    ranked = sorted(facts.held, key=lambda label: (-facts.held[label], label))[:2]
    return ranked if len(ranked) == 2 and all(facts.held[label] for label in ranked) else []


def _defended(facts: NightFacts) -> str:
    """Return “Conservatives defend 317 seats and Labour 262.”"""
    if not (largest := _largest_held(facts)):
        return ""
    first, second = largest
    sentence = ngettext(
        "%(first)s defend %(seats)d seat and %(second)s %(others)d.",
        "%(first)s defend %(seats)d seats and %(second)s %(others)d.",
        facts.held[first],
    )
    return sentence % {
        "first": facts.collective(first),
        "seats": facts.held[first],
        "second": facts.collective(second),
        "others": facts.held[second],
    }


def _polled_before_the_first(facts: NightFacts) -> str:
    """Return “The exit poll puts Conservatives on 361 seats (+44) and Labour on 199 (−63).”"""
    polled = facts.exit_poll
    ranked = sorted(polled, key=lambda label: (-polled[label], label))[:2]
    if len(ranked) < 2 or not facts.whole_house:
        return ""
    first, second = ranked
    params: dict[str, Any] = {
        "first": facts.collective(first),
        "seats": polled[first],
        "change": signed(polled[first] - facts.held.get(first, 0)),
        "second": facts.collective(second),
        "others": polled[second],
        "other_change": signed(polled[second] - facts.held.get(second, 0)),
    }
    if not any(facts.held.values()):
        sentence = ngettext(
            "The exit poll puts %(first)s on %(seats)d seat and %(second)s on %(others)d.",
            "The exit poll puts %(first)s on %(seats)d seats and %(second)s on %(others)d.",
            polled[first],
        )
        return sentence % params
    sentence = ngettext(
        "The exit poll puts %(first)s on %(seats)d seat (%(change)s) "
        "and %(second)s on %(others)d (%(other_change)s).",
        "The exit poll puts %(first)s on %(seats)d seats (%(change)s) "
        "and %(second)s on %(others)d (%(other_change)s).",
        polled[first],
    )
    return sentence % params


def _to_come(facts: NightFacts) -> str:
    return _("%(seats)d to come.") % {"seats": facts.to_come}


def is_led_by_first(polled: int, seats: int) -> bool:
    """Whether so few of the seats have declared that the headline is the first result."""
    return 0 < polled < min(MANY_DECLARED, max(seats // MANY_OF_ALL, MANY_AT_LEAST))


def _first_to_declare(facts: NightFacts) -> NightSummary:
    """Return the summary of the first result, as the headline if it fits in two lines."""
    left = _("The first to declare. %(left)d to come.") % {"left": facts.to_come}
    if len(facts.first) <= HEADLINE_LENGTH:
        return NightSummary(facts.first, _with_others(left, facts.tally))
    headline = ngettext(
        "The first seat has declared", "The first seats have declared", facts.tally.declared
    )
    return NightSummary(headline, f"{facts.first}.")


def _under_way(facts: NightFacts) -> str:
    """Return “Conservatives up 30 seats, Labour down 37”."""
    tally, seats = facts.tally, facts.seats
    if not parties_with_a_chance(tally, seats):
        return _("No party can win a majority")
    if not any(facts.held.values()):
        return seats_declared(tally.declared, seats)
    changes = largest_net_changes(tally)
    little = _("Little change after %(declared)d of %(seats)d\u00a0seats")
    params = {"declared": tally.declared, "seats": seats}
    return changes_sentence(changes, tally.declared, facts.party_names) or little % params


def _swing(facts: NightFacts) -> str:
    if not facts.has_swing:
        return ""
    return swing_sentence(facts.tally, facts.held, facts.party_names)


def _exit_poll(facts: NightFacts) -> str:
    """Return a sentence on the exit poll's seats for its largest party."""
    polled = facts.exit_poll
    if not polled:
        return ""
    label = min(polled, key=lambda one: (-polled[one], one))
    change = polled[label] - facts.held.get(label, 0)
    if not any(facts.held.values()) or not change:
        sentence = ngettext(
            "The exit poll put %(party)s on %(seats)d seat.",
            "The exit poll put %(party)s on %(seats)d seats.",
            polled[label],
        )
    elif change > 0:
        sentence = ngettext(
            "The exit poll put %(party)s on %(seats)d seat, a net gain of %(change)d.",
            "The exit poll put %(party)s on %(seats)d seats, a net gain of %(change)d.",
            polled[label],
        )
    else:
        sentence = ngettext(
            "The exit poll put %(party)s on %(seats)d seat, a net loss of %(change)d.",
            "The exit poll put %(party)s on %(seats)d seats, a net loss of %(change)d.",
            polled[label],
        )
    params = {"party": facts.collective(label), "seats": polled[label], "change": abs(change)}
    return sentence % params


def _against_the_poll(facts: NightFacts, label: str) -> str:
    """Return “That is 4 more than the exit poll gave them.”; empty before the last seat."""
    polled = facts.exit_poll.get(label)
    if polled is None or facts.to_come:
        return ""
    won = facts.tally.parties[label].seats
    if won == polled:
        return _("That is what the exit poll gave them.")
    if won > polled:
        sentence = ngettext(
            "That is %(seats)d more than the exit poll gave them.",
            "That is %(seats)d more than the exit poll gave them.",
            won - polled,
        )
    else:
        sentence = ngettext(
            "That is %(seats)d fewer than the exit poll gave them.",
            "That is %(seats)d fewer than the exit poll gave them.",
            polled - won,
        )
    return sentence % {"seats": abs(won - polled)}


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
    """Return “2 elected unopposed, 1 vacant, 1 postponed.”; empty where every seat has a poll."""
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
    """Append the seats that are filled or left without a poll on this night to a sentence."""
    return " ".join(filter(None, [sentence, not_held(tally)]))


def _majority_won(facts: NightFacts, label: str) -> NightSummary:
    tally, seats = facts.tally, facts.seats
    won = tally.parties[label].seats
    params: dict[str, Any] = {
        "party": facts.collective(label),
        "won": won,
        "left": tally.to_come(seats),
        "chamber": facts.chamber,
    }
    if not params["left"]:
        params["majority"] = house_majority(won, seats, without_member=tally.without_member)
        standfirst = _("A majority of %(majority)d in %(chamber)s, with every seat declared.")
        if tally.postponed:
            standfirst = _("A majority of %(majority)d in %(chamber)s.")
        headline = ngettext(
            "%(party)s win the election with %(won)d seat",
            "%(party)s win the election with %(won)d seats",
            won,
        )
        return NightSummary(
            headline % params,
            _with_others(standfirst % params, tally),
        )
    standfirst = ngettext(
        "They hold %(won)d, with %(left)d seat to come.",
        "They hold %(won)d, with %(left)d seats to come.",
        params["left"],
    )
    return NightSummary(
        _("%(party)s win a majority") % params,
        _with_others(standfirst % params, tally),
    )


def _ended_without_majority(facts: NightFacts, won: int) -> NightSummary:
    """Return the summary without a majority once every poll has declared, but those postponed.

    `won` is the most seats of a party. Of several with as many none is the largest.
    """
    tally, threshold = facts.tally, majority_threshold(facts.seats)
    largest = [each for each in ranked_labels(tally) if tally.parties[each].seats == won]
    names = listing([facts.collective(label) for label in largest])
    params = {"party": names, "won": won, "threshold": threshold, "need": threshold - won}
    may_be_reached = won + tally.postponed >= threshold
    template = short_of_a_majority if may_be_reached else no_majority
    headline = template(won, are_level=len(largest) > 1) % params
    if may_be_reached:
        standfirst = _("Every poll that was held has declared.")
    elif tally.postponed:
        standfirst = _(
            "Every poll held has declared and nobody has the %(threshold)d a majority takes."
        )
    else:
        standfirst = _("Every seat has declared and nobody has the %(threshold)d a majority takes.")
    more = "" if len(largest) > 1 else _against_the_poll(facts, largest[0])
    return NightSummary(headline, _with_others(standfirst % params, tally), more)
