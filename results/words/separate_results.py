"""Write the headline of a night whose results are not added up: by-elections, offices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _, ngettext

from results.arithmetic.counting_areas import Subtotals
from results.words.night_sentences import NightSummary, awaiting
from results.words.party_names import PartyNames
from results.words.seat_sentences import result_sentence

#: The most seats that changed hands and are named one by one.
NAMED = 3


@dataclass(frozen=True, slots=True)
class SeparateResult:
    """A contest's name and result: `summary` is that of its standing, empty without a result."""

    name: str
    summary: Mapping[str, Any]

    @property
    def gained(self) -> bool:
        return any(elected["gained_from"] for elected in self.summary.get("elected", ()))

    @property
    def unopposed(self) -> bool:
        return bool(self.summary.get("unopposed"))

    @property
    def held(self) -> bool:
        elected = self.summary.get("elected", ())
        return bool(elected) and all(winner["hold"] for winner in elected)

    def sentence(self, party_names: PartyNames) -> str:
        return result_sentence(self.name, self.summary, party_names)


def separate_summary(
    results: Sequence[SeparateResult],
    party_names: PartyNames,
    *,
    postponed: int = 0,
    first_at: str = "",
    open_until: str = "",
) -> NightSummary:
    """Return the headline and standfirst of results that are not added up.

    `results` are the declared ones, in the order of their declaration, then those awaited; polls
    that are `postponed` are not among them. `first_at` is the time of day at which the first is
    expected; empty if not known. `open_until` is the close of poll until it has passed, as in
    `NightFacts`.
    """
    declared = [result for result in results if result.summary]
    awaited = [result for result in results if not result.summary]
    if not declared or (awaited and all(result.unopposed for result in declared)):
        # Those elected unopposed are known days before: the night has not begun with them.
        others = [*_elected_before(declared, party_names), _to_come(0, postponed)]
        return _awaited(awaited, others, first_at, open_until)
    still = _to_come(len(awaited), postponed)
    if len(declared) == 1 or awaited:
        return NightSummary(declared[-1].sentence(party_names), still)
    gains = [result for result in declared if result.gained]
    held = sum(result.held for result in declared)
    if len(gains) == 1:
        return NightSummary(gains[0].sentence(party_names), _others_held(held, still))
    if not gains:
        return NightSummary(_without_gains(len(declared), all_held=held == len(declared)), still)
    headline = _change_hands(len(gains), len(declared))
    named = [f"{gain.sentence(party_names)}." for gain in gains] if len(gains) <= NAMED else []
    return NightSummary(headline, " ".join(filter(None, [*named, _others_held(held, still)])))


def _without_gains(declared: int, *, all_held: bool) -> str:
    if declared == 2:
        return _("Both are held") if all_held else _("Both have declared")
    headline = _("All %(n)d are held") if all_held else _("All %(n)d have declared")
    return headline % {"n": declared}


def _change_hands(gains: int, declared: int) -> str:
    if gains == declared == 2:
        return _("Both change hands")
    return _("%(gains)d of %(n)d change hands") % {"gains": gains, "n": declared}


def _elected_before(unopposed: Sequence[SeparateResult], party_names: PartyNames) -> list[str]:
    if len(unopposed) <= NAMED:
        return [f"{result.sentence(party_names)}." for result in unopposed]
    elected = sum(len(result.summary["elected"]) for result in unopposed)
    words = _("%(seats)d elected unopposed") % {"seats": elected}
    return [f"{words}."]


def _awaited(
    results: Sequence[SeparateResult], others: Sequence[str], first_at: str, open_until: str
) -> NightSummary:
    if not results:
        return NightSummary(_("No poll is held here tonight"), " ".join(filter(None, others)))
    if len(results) == 1:
        headline = _("%(name)s: result awaited") % {"name": results[0].name}
        expected = _("Expected about %(at)s.")
    else:
        headline = _("%(n)d results awaited") % {"n": len(results)}
        expected = _("The first is expected about %(at)s.")
    if open_until:
        named = _("%(name)s: polls close at %(at)s") if len(results) == 1 else ""
        words = {"name": results[0].name, "at": open_until}
        headline = named % words if named else awaiting("", open_until)
    parts = [expected % {"at": first_at} if first_at else "", *others]
    return NightSummary(headline, " ".join(filter(None, parts)))


def areas_sentence(subtotals: Subtotals) -> str:
    """Return a sentence on how many counting areas are in, without naming a leader."""
    params = {"counted": len(subtotals.counted), "areas": len(subtotals.areas)}
    if subtotals.all_in:
        return _("All %(areas)d counting areas are in; the result is not declared yet.") % params
    return _("%(counted)d of %(areas)d counting areas are in.") % params


def _others_held(held: int, still: str) -> str:
    words = ngettext("The other is held.", "The other %(n)d are held.", held) % {"n": held}
    return " ".join(filter(None, [words if held else "", still]))


def _to_come(left: int, postponed: int) -> str:
    """Return “3 results to come, 1 postponed.”; empty where neither is."""
    parts = []
    if left:
        parts.append(ngettext("%(n)d result to come", "%(n)d results to come", left) % {"n": left})
    if postponed:
        parts.append(_("%(n)d postponed") % {"n": postponed})
    return f"{', '.join(parts)}." if parts else ""
