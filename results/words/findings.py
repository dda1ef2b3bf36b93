"""What the checks found, as a sentence that says what to do."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from results.arithmetic import Finding
from results.words.figures import grouped

SENTENCES: dict[str, str | Promise] = {
    # What cannot be.
    "polls_open": _("The polls are still open: nothing can be declared before they close."),
    "unknown_candidate": _("A figure is given for somebody who is not on this ballot paper."),
    "votes_missing": _("Give the votes for %(name)s: 0 if there were none."),
    "votes_negative": _("%(name)s cannot have fewer than no votes."),
    "winners_wrong": _("%(seats)s to be elected, and %(named)s named: mark exactly that many."),
    "sum_over_electorate": _(
        "The candidates’ totals make %(valid)s, more than the electorate of %(electorate)s."
    ),
    "papers_mismatch": _(
        "The candidates’ totals and the rejected ballots make %(sum)s, "
        "but %(papers)s papers were verified."
    ),
    "papers_over_electorate": _(
        "Valid and rejected ballots make %(papers)s, more than the electorate of %(electorate)s."
    ),
    "candidate_over_total": _("%(votes)s votes for one candidate, from only %(papers)s ballots."),
    "tie_needs_lot": _("%(names)s are level: record whom the lot chose (%(places)s to choose)."),
    "lot_not_tied": _("A lot is recorded, but it does not settle a tie for the last seat."),
    "reason_missing": _("Say why: readers are told."),
    "missing": _("This cannot be left empty."),
    # What is unlikely.
    "all_zero": _("Every total is 0."),
    "valid_announced_mismatch": _(
        "The candidates’ totals make %(sum)s, but %(announced)s valid votes were announced."
    ),
    "turnout_range": _("These figures make a turnout of %(turnout)s%%, which is unusual."),
    "turnout_jump": _(
        "These figures make a turnout of %(turnout)s%%; last time it was %(before)s%%."
    ),
    "turnout_differs": _(
        "These figures make a turnout of %(turnout)s%%; the one announced is %(announced)s%%."
    ),
    "rejected_high": _("%(rejected)s rejected ballots are %(share)s%% of all: more than is usual."),
    "electorate_repeats": _(
        "The electorate, %(electorate)s, is the same as another figure: typed in the wrong place?"
    ),
    "electorate_jump": _(
        "An electorate of %(electorate)s is more than a tenth away from the %(expected)s expected."
    ),
    "swapped": _("%(down)s has fallen very low and %(up)s risen very high: are they exchanged?"),
    "winner_differs": _("These votes elect somebody else than was announced before."),
    "close": _("The majority is only %(majority)s: check every figure once more."),
}


def sentence(finding: Finding) -> str:
    """The finding in words. One that has no sentence yet shows its code rather than failing."""
    words = {
        name: grouped(value) if isinstance(value, int) else value
        for name, value in finding.figures.items()
    }
    return str(SENTENCES.get(finding.code, finding.code)) % words


def by_field(findings: Iterable[Finding]) -> dict[str, list[str]]:
    """The sentences of each field, in order; those of the whole form under “”."""
    fields: dict[str, list[str]] = {}
    for finding in findings:
        fields.setdefault(finding.field, []).append(sentence(finding))
    return fields
