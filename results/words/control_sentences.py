"""Sentences about who controls a council, and the headline of a night of councils: facts only."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _, ngettext

from results.arithmetic import (
    NO_OVERALL_CONTROL,
    BodySeats,
    Control,
    ControlChange,
    Tally,
    largest_changes,
)
from results.words.change_sentences import changes_sentence, seats_declared
from results.words.night_sentences import (
    HEADLINE_LENGTH,
    NightSummary,
    awaiting,
    first_expected,
    not_held,
)
from results.words.nouns import COUNCIL, listing
from results.words.number_format import signed
from results.words.party_names import PartyNames

#: The most councils that a headline names one by one.
NAMED = 3
#: The most parties whose seats a standfirst gives.
PARTIES = 4

#: Changes of control in the order in which a headline has them.
NEWS = (ControlChange.GAIN, ControlChange.LOSE, ControlChange.WIN, ControlChange.NOBODY)


@dataclass(frozen=True, slots=True)
class Council:
    """One council's seats; `decided` is the bulletin that decided its control, 0 before."""

    name: str
    seats: BodySeats
    decided: int = 0


def control_sentence(name: str, control: Control, party_names: PartyNames) -> str:
    """Return “Greens gain Hackney from Labour”; empty where that is not known."""
    params = {
        "body": name,
        "party": party_names[control.by or ""].collective,
        "loser": party_names[control.before or ""].collective,
    }
    match control.change:
        case ControlChange.HOLD:
            template = _("%(party)s hold %(body)s")
        case ControlChange.GAIN if control.before == NO_OVERALL_CONTROL:
            template = _("%(party)s gain %(body)s from no overall control")
        case ControlChange.GAIN:
            template = _("%(party)s gain %(body)s from %(loser)s")
        case ControlChange.LOSE:
            template = _("%(loser)s lose %(body)s to no overall control")
        case ControlChange.NONE:
            template = _("%(body)s stays under no overall control")
        case ControlChange.WIN:
            template = _("%(party)s win %(body)s")
        case ControlChange.NOBODY:
            template = _("No overall control in %(body)s")
        case ControlChange.UNDECIDED:
            template = _("%(body)s is still undecided")
        case _:
            return ""
    return template % params


def control_name(by: str | None, party_names: PartyNames) -> str:
    """Return the party in control for a table, “No overall control”, or "" if not known."""
    if by is None:
        return ""
    return _("No overall control") if by == NO_OVERALL_CONTROL else party_names[by].name


def possible_sentence(seats: BodySeats, party_names: PartyNames) -> str:
    """Return a sentence on who can still win control of an undecided council, else ""."""
    control = seats.control
    if control.change is not ControlChange.UNDECIDED:
        return ""
    if control.waits:
        postponed = seats.postponed
        return ngettext(
            "%(n)d postponed seat may decide it.", "%(n)d postponed seats may decide it.", postponed
        ) % {"n": postponed}
    if control.anybody or not control.possible:
        return ""
    names = listing([party_names[label].collective for label in control.possible])
    if len(control.possible) > 1:
        return _("Each of %(parties)s can still win control.") % {"parties": names}
    return _("Only %(party)s can still win control.") % {"party": names}


def seats_sentence(seats: BodySeats, party_names: PartyNames) -> str:
    """Return “Labour 32 (−16), Green 19 (+16).”, with the changes as far as they are known."""
    parts = []
    labels = [label for label in seats.labels if seats.now.get(label) or seats.net(label)]
    for label in labels[:PARTIES]:
        net = seats.net(label)
        change = f" ({signed(net)})" if net else ""
        parts.append(f"{party_names[label].name} {seats.now.get(label, 0)}{change}")
    rest = sum(seats.now.get(label, 0) for label in labels[PARTIES:])
    if rest:
        parts.append(_("others %(n)d") % {"n": rest})
    return f"{', '.join(parts)}." if parts else ""


def council_summary(
    councils: Sequence[Council],
    tally: Tally,
    seats: int,
    party_names: PartyNames,
    *,
    first: str = "",
    first_at: str = "",
    open_until: str = "",
) -> NightSummary:
    """The headline and standfirst of a night of councils, by the first rule that fits.

    `tally` is that of all councils, of which `seats` are up. `first` is the result in brief of the
    only poll that has declared; `first_at` is the time of day at which the first is expected, and
    `open_until` the close of poll until it has passed, as in `NightFacts`. Each may be empty.
    """
    if tally.seats <= tally.unopposed and tally.to_come(seats):
        expected, to_come = first_expected(first_at, open_until), _to_come(tally.to_come(seats))
        standfirst = _joined(expected, to_come, not_held(tally))
        return NightSummary(awaiting(first_at, open_until), standfirst)
    decided = any(council.seats.control.decided for council in councils)
    if first and not decided and tally.to_come(seats) and len(first) <= HEADLINE_LENGTH:
        # Of the wards it is the first; what is to come is counted in seats.
        to_come = _to_come(tally.to_come(seats))
        return NightSummary(first, _joined(_("The first to declare."), to_come, not_held(tally)))
    if len(councils) == 1:
        return _of_one(councils[0], party_names)
    return _of_several(councils, tally, seats, party_names)


def _changed(councils: Sequence[Council], party_names: PartyNames) -> str:
    """Return the largest rise and fall over the declared seats: “Greens up 3 seats, Labour down 4”.

    Empty where no party is up or down by three, or where it is not known of each council who held
    its declared seats.
    """
    net, now, declared = Counter[str](), Counter[str](), 0
    for seats in (council.seats for council in councils):
        if not seats.tally.declared:
            continue
        declared += seats.tally.declared
        for label in {*seats.labels, *seats.tally.parties}:
            change = seats.net(label)
            if change is None:
                return ""
            net[label] += change
            now[label] += seats.now.get(label, 0)
    labels = sorted(net, key=lambda label: (-now[label], label))
    changes = largest_changes({label: net[label] for label in labels})
    return changes_sentence(changes, declared, party_names)


# --- One council ----------------------------------------------------------------------------


def _of_one(council: Council, party_names: PartyNames) -> NightSummary:
    seats = council.seats
    still = _to_come(seats.to_come) or _all_declared(seats.tally)
    others = not_held(seats.tally)
    held = seats_sentence(seats, party_names)
    if seats.control.decided:
        headline = control_sentence(council.name, seats.control, party_names)
        return NightSummary(headline, _joined(held, still, others))
    possible = possible_sentence(seats, party_names)
    if seats.control.waits:  # they are named as what may decide
        others = not_held(replace(seats.tally, postponed=0))
    if changed := _changed([council], party_names):
        return NightSummary(f"{council.name}: {changed}", _joined(still, possible, others))
    declared = seats_declared(seats.tally.declared, seats.up)
    return NightSummary(f"{council.name}: {declared}", _joined(held, still, possible, others))


def _all_declared(tally: Tally) -> str:
    if tally.postponed:
        return _("Every poll that was held has declared.")
    return _("Every seat that is up has declared.")


# --- Several councils -----------------------------------------------------------------------


def _of_several(
    councils: Sequence[Council], tally: Tally, seats: int, party_names: PartyNames
) -> NightSummary:
    decided = [council for council in councils if council.seats.control.decided]
    news = [council for council in decided if council.seats.control.change in NEWS]
    rest = [council for council in decided if council not in news]
    changed = _changed(councils, party_names)
    if news or (decided and not changed):
        headline = _listed(news or decided, party_names)
        rest = rest if news else []
        more = f"{changed}." if changed else ""
    else:
        headline, more = changed or seats_declared(tally.declared, seats), ""
    unchanged = f"{_named(rest, party_names)}." if 0 < len(rest) <= NAMED else ""
    count = ngettext(
        "%(decided)d of %(councils)s decided.", "%(decided)d of %(councils)s decided.", len(decided)
    ) % {"decided": len(decided), "councils": COUNCIL.number(len(councils))}
    if not decided:
        count = _("No council is decided yet.")
    still = _to_come(tally.to_come(seats))
    return NightSummary(headline, _joined(count, unchanged, more, still, not_held(tally)))


def _listed(councils: Sequence[Council], party_names: PartyNames) -> str:
    """Return each council's control, or how many councils parties gain, lose or hold."""
    return (_counted if len(councils) > NAMED else _named)(councils, party_names)


def _named(councils: Sequence[Council], party_names: PartyNames) -> str:
    """Return each council's control: changes first, then in the order last decided."""

    def order(council: Council) -> tuple[int, int, str]:
        change = council.seats.control.change
        return (NEWS.index(change) if change in NEWS else len(NEWS), -council.decided, council.name)

    sentences = [
        control_sentence(council.name, council.seats.control, party_names)
        for council in sorted(councils, key=order)
    ]
    return ", ".join(sentences)


def _counted(councils: Sequence[Council], party_names: PartyNames) -> str:
    """Return “Reform UK gain 10 councils, Labour lose 15”, or holds where nothing changes."""
    gains, losses, holds = Counter[str](), Counter[str](), Counter[str]()
    for council in councils:
        control = council.seats.control
        if control.change is ControlChange.HOLD:
            holds[control.by or ""] += 1
        elif control.by not in (None, NO_OVERALL_CONTROL, control.before):
            gains[control.by or ""] += 1
        is_lost = control.change in (ControlChange.GAIN, ControlChange.LOSE)
        if is_lost and control.before != NO_OVERALL_CONTROL:
            losses[control.before or ""] += 1
    most = [
        (template, *min(counted.items(), key=lambda item: (-item[1], item[0])))
        for template, counted in (
            (_("%(party)s gain %(councils)s"), gains),
            (_("%(party)s lose %(councils)s"), losses),
            (_("%(party)s hold %(councils)s"), holds),
        )
        if counted
    ][:2]
    if most:
        # The noun “councils” stands with the first number only.
        nouns = [COUNCIL.number(most[0][2]), *(str(n) for _template, _label, n in most[1:])]
        return ", ".join(
            template % {"party": party_names[label].collective, "councils": noun}
            for (template, label, _n), noun in zip(most, nouns, strict=True)
        )
    return _("No overall control in %(councils)s") % {"councils": COUNCIL.number(len(councils))}


def _to_come(seats: int) -> str:
    if not seats:
        return ""
    return ngettext("%(n)d seat to come.", "%(n)d seats to come.", seats) % {"n": seats}


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))
