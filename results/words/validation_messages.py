"""Messages for what validation finds, each saying what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from results.arithmetic import InvalidNumber, ValidationMessage
from results.words.number_format import grouped

MESSAGES: dict[str, str | Promise] = {
    # Impossible values, which block.
    "polls_open": _("The polls are still open: no result can be entered yet."),
    "declared_early": _(
        "No result is declared before the close of poll: check the time, and its day."
    ),
    "declared_later": _("This time is still to come: check it, and its day."),
    "unknown_candidate": _("This candidate is not on the ballot paper here."),
    "votes_missing": _("Enter the votes for %(name)s. If there were none, enter 0."),
    "votes_negative": _("Votes cannot be fewer than 0: check the figure for %(name)s."),
    "sum_over_electorate": _(
        "The candidates’ votes make %(valid)s, more than the electorate of %(electorate)s "
        "(%(source)s): check the totals and the electorate."
    ),
    "sum_over_electors": _(
        "The candidates’ votes make %(valid)s, more than %(seats)s for each of the %(electorate)s "
        "electors (%(source)s): check the totals and the electorate."
    ),
    "votes_over_papers": _(
        "The candidates’ votes make %(valid)s, more than the %(papers)s ballot papers "
        "(%(source)s): check the totals and the ballot papers."
    ),
    "votes_over_papers_of_seats": _(
        "The candidates’ votes make %(valid)s, more than %(seats)s for each of the %(papers)s "
        "ballot papers (%(source)s): check the totals and the ballot papers."
    ),
    "papers_over_electorate": _(
        "That makes %(papers)s ballot papers, more than the electorate of %(electorate)s "
        "(%(source)s): check both."
    ),
    "candidate_over_total": _(
        "No candidate can have more votes (%(votes)s) than there are ballot papers or electors "
        "(%(papers)s, %(source)s)."
    ),
    "tie_needs_lot": _("The vote is tied between %(names)s: say who was drawn by lot."),
    "lot_not_tied": _(
        "A lot decides only between those tied for the last seat, and draws %(places)s of them."
    ),
    "winners_wrong": _("Choose exactly %(seats)s elected here: %(named)s chosen."),
    "lists_tie": _(
        "The last seat is tied between the lists led by %(names)s: say which was drawn by lot."
    ),
    "lot_of_other_lists": _(
        "A lot decides only between lists of equal figures for the last seat: check what was drawn."
    ),
    "area_elects_nobody": _(
        "Nobody is elected in one counting area: enter its votes, and the result for the whole."
    ),
    "winners_over_seats": _("%(seats)s are elected here: %(named)s chosen."),
    "no_total": _("Enter at least one candidate’s votes."),
    "nothing_missing": _("Nothing is missing here: send it as the result."),
    "elected_so_far": _("Send who is elected so far: first preferences may be left empty."),
    "contested": _(
        "%(candidates)s candidates stand for %(seats)s seats here: there is a poll. If it is not "
        "held on this day, publish it as postponed."
    ),
    "unopposed_others": _("Other candidates stand here now: look at them again."),
    # Unlikely values, which need a reason or are only noted.
    "areas_differ": _(
        "%(votes)s for %(name)s, but the counting areas make %(sum)s. Is that what was read out?"
    ),
    "areas_awaited": _("Only %(counted)s of the %(areas)s counting areas are in so far."),
    "all_zero": _("Every figure is 0. Is that what was read out?"),
    "valid_announced_mismatch": _(
        "The total announced was %(announced)s, but the candidates’ votes make %(sum)s."
    ),
    "papers_over_sum": _(
        "%(papers)s ballot papers (%(source)s), but votes and rejected ballots make %(sum)s: "
        "%(difference)s fewer. Is a bundle missing?"
    ),
    "papers_under_sum": _(
        "%(papers)s ballot papers (%(source)s), but votes and rejected ballots make %(sum)s: "
        "%(difference)s more. Check each total."
    ),
    "papers_changed": _("%(papers)s ballot papers, but %(filed)s were announced at verification."),
    "few_votes": _(
        "%(valid)s votes are few for %(papers)s ballot papers (%(source)s), where each has several "
        "votes. Is a figure missing?"
    ),
    "turnout_unusual": _(
        "Turnout of %(turnout)s%% would be unusual: the electorate is %(electorate)s (%(source)s)."
    ),
    "turnout_far": _(
        "Turnout changed by %(change)s points since last time. Is a bundle of votes missing, or "
        "the electorate wrong?"
    ),
    "turnout_change": _(
        "Turnout changed by %(change)s points since last time. Half of %(contests)s contests "
        "changed by less than %(usual)s tonight, half by more. Is a bundle of votes missing?"
    ),
    "turnout_differs": _(
        "The turnout announced was %(announced)s%%; these figures make %(turnout)s%%."
    ),
    "rejected_high": _(
        "%(rejected)s rejected ballots are %(share)s%% of all: usually it is under 1%%."
    ),
    "electorate_differs": _(
        "The electorate is %(electorate)s; it should be near %(expected)s (%(source)s)."
    ),
    "electorate_repeats": _("The electorate is the same figure as another box: %(electorate)s."),
    "same_as_other": _("These are the figures of %(other)s. Are they entered in the wrong place?"),
    "rows_shifted": _(
        "The figures would fit the parties better one box further up or down. Are they each in "
        "the right box?"
    ),
    "swapped": _("%(down)s has far fewer and %(up)s far more than expected: are they swapped?"),
    "figure_scale": _(
        "%(name)s has %(votes)s votes; the other figures imply about %(implied)s. Is a digit "
        "missing, or one too many?"
    ),
    "close": _("The majority is only %(majority)s. Check both leading totals."),
    "winner_differs": _("These figures elect someone other than the winner announced before."),
    "winner_reversed": _(
        "Readers were told that %(before)s is elected. These figures elect %(after)s: they will be "
        "told that the first was wrong."
    ),
    "claim_differs": _(
        "These figures change one that readers have seen: they will be told that it was wrong."
    ),
    # Of earlier releases, in the log.
    "turnout_range": _("Turnout of %(turnout)s%% would be unusual. Check the electorate."),
    "turnout_jump": _(
        "Turnout of %(turnout)s%% is far from last time’s %(before)s%%. Is a bundle of votes "
        "missing, or the electorate wrong?"
    ),
    "electorate_jump": _(
        "The electorate is %(electorate)s; %(expected)s was expected. Check the figure."
    ),
    # Required by the publishing API.
    "reason_missing": _("Give the reason: readers will see it."),
    "reason_has_words": _("The reason repeats the words, and it is public. Say it without them."),
    "missing": _("Fill this in."),
    "too_many_seats": _("That is more than the %(seats)s seats there are."),
    # Of requests by other systems.
    "no_such_candidate": _("Candidate %(candidate)s does not stand here: fetch the contest again."),
    "candidate_twice": _("Candidate %(candidate)s is named twice: send each once."),
    "candidate_missing": _("Candidate %(candidate)s is missing: send everybody’s votes."),
}

#: Where a figure comes from that a message names.
SOURCES: dict[str, str | Promise] = {
    "typed": _("as entered"),
    "verified": _("announced at verification"),
    "record": _("on record"),
    "last": _("last time"),
}

#: What readers are told of published sums that no count can have.
DISCREPANCIES: dict[str, str | Promise] = {
    "areas_differ": _(
        "As published, the counting areas make %(sum)s votes for %(name)s, not %(votes)s."
    ),
    "sum_over_electorate": _(
        "As published, the candidates’ votes make %(valid)s: more than the electorate of "
        "%(electorate)s."
    ),
    "sum_over_electors": _(
        "As published, the candidates’ votes make %(valid)s: more than %(seats)s for each of the "
        "%(electorate)s electors."
    ),
    "votes_over_papers": _(
        "As published, the candidates’ votes make %(valid)s: more than the %(papers)s ballot "
        "papers."
    ),
    "votes_over_papers_of_seats": _(
        "As published, the candidates’ votes make %(valid)s: more than %(seats)s for each of the "
        "%(papers)s ballot papers."
    ),
    "papers_over_electorate": _(
        "As published, there are %(papers)s ballot papers: more than the electorate of "
        "%(electorate)s."
    ),
    "winners_over_seats": _(
        "As published, %(named)s candidates are elected: more than the %(seats)s seats."
    ),
    "candidate_over_total": _(
        "As published, a candidate has %(votes)s votes: more than the %(papers)s ballot papers or "
        "electors."
    ),
}

NUMBER_ERRORS: dict[str, str | Promise] = {
    "blank": _("Enter a figure. If there were none, enter 0."),
    "decimal": _("Enter a whole number, without a decimal point."),
    "percent": _("Enter a number of votes, not a percentage."),
    "negative": _("Enter a number that is 0 or more."),
    "grouping": _("The comma or space is in an odd place: check the figure."),
    "too_long": _("That is more digits than any count has."),
    "out_of_range": _("A percentage is between 0 and 100."),
    "not_a_number": _("Enter digits only, such as 34,603."),
}


def message_text(message: ValidationMessage) -> str:
    """The message as a sentence, with its numbers formatted and its source in words."""
    return str(MESSAGES[message.code]) % _params(message)


def discrepancy_text(message: ValidationMessage) -> str:
    """What readers are told of a sum of published figures that no count can have."""
    return str(DISCREPANCIES[message.code]) % _params(message)


def _params(message: ValidationMessage) -> dict[str, str]:
    params = {
        name: grouped(value) if isinstance(value, int) else str(value)
        for name, value in message.params.items()
    }
    if "source" in params:
        params["source"] = str(SOURCES[params["source"]])
    return params


def number_error(error: InvalidNumber) -> str:
    return str(NUMBER_ERRORS[error.code])
