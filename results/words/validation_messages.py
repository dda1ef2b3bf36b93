"""Texts of validation messages, each saying what to do."""

from django.utils.translation import gettext_lazy as _, ngettext_lazy
from django_stubs_ext import StrOrPromise

from results.arithmetic import InvalidNumber, ValidationMessage
from results.words.number_format import GroupedInt

MESSAGES: dict[str, StrOrPromise] = {
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
        "The votes make %(valid)s, more than the electorate of %(electorate)s "
        "(%(source)s): check the totals and the electorate."
    ),
    "sum_over_electors": ngettext_lazy(
        "The votes make %(valid)s, more than %(seats)s for the %(electorate)s "
        "elector (%(source)s): check the totals and the electorate.",
        "The votes make %(valid)s, more than %(seats)s for each of the "
        "%(electorate)s electors (%(source)s): check the totals and the electorate.",
        "electorate",
    ),
    "votes_over_papers": ngettext_lazy(
        "The votes make %(valid)s, more than the %(papers)s ballot paper "
        "(%(source)s): check the totals and the ballot papers.",
        "The votes make %(valid)s, more than the %(papers)s ballot papers "
        "(%(source)s): check the totals and the ballot papers.",
        "papers",
    ),
    "votes_over_papers_of_seats": ngettext_lazy(
        "The votes make %(valid)s, more than %(seats)s for the %(papers)s ballot "
        "paper (%(source)s): check the totals and the ballot papers.",
        "The votes make %(valid)s, more than %(seats)s for each of the %(papers)s "
        "ballot papers (%(source)s): check the totals and the ballot papers.",
        "papers",
    ),
    "papers_over_electorate": ngettext_lazy(
        "That makes %(papers)s ballot paper, more than the electorate of %(electorate)s "
        "(%(source)s): check both.",
        "That makes %(papers)s ballot papers, more than the electorate of %(electorate)s "
        "(%(source)s): check both.",
        "papers",
    ),
    "candidate_over_total": _(
        "No candidate can have more votes (%(votes)s) than there are ballot papers or electors "
        "(%(papers)s, %(source)s)."
    ),
    "tie_needs_lot": _("The vote is tied between %(names)s: say who was drawn by lot."),
    "lot_not_tied": _(
        "A lot decides only between those with equal votes, and draws %(places)s of them."
    ),
    "lot_without_tie": _("No votes are tied here: untick who was drawn by lot."),
    "winners_wrong": _("Choose exactly %(seats)s elected here: %(named)s chosen."),
    "lists_tie": _("The last seat is tied between %(names)s: say which was drawn by lot."),
    "lot_of_other_lists": _(
        "A lot decides only between lists of equal figures for the last seat: check what was drawn."
    ),
    "area_elects_nobody": _(
        "Nobody is elected in one counting area: enter its votes, and the result for the whole."
    ),
    "winners_over_seats": ngettext_lazy(
        "%(seats)s is elected here: %(named)s chosen.",
        "%(seats)s are elected here: %(named)s chosen.",
        "seats",
    ),
    "no_total": _("Enter at least one candidate’s votes."),
    "nothing_missing": _("Nothing is missing here: send it as the result."),
    "elected_so_far": _("Send who is elected so far: first preferences may be left empty."),
    "contested": ngettext_lazy(
        "%(candidates)s candidates stand for %(seats)s seat here: there is a poll. If it is not "
        "held on this day, publish it as postponed.",
        "%(candidates)s candidates stand for %(seats)s seats here: there is a poll. If it is not "
        "held on this day, publish it as postponed.",
        "seats",
    ),
    "unopposed_others": _("Other candidates stand here now: look at them again."),
    # Unlikely values, which need a reason or are only noted.
    "areas_differ": _(
        "%(votes)s for %(name)s, but the counting areas make %(sum)s. Is that what was read out?"
    ),
    "areas_awaited": ngettext_lazy(
        "Only %(counted)s of the %(areas)s counting areas is in so far.",
        "Only %(counted)s of the %(areas)s counting areas are in so far.",
        "counted",
    ),
    "only_zeros": _("Every figure is 0: enter the votes that were read out."),
    "all_zero": _("Every figure is 0. Is that what was read out?"),
    "valid_announced_mismatch": _(
        "The total announced was %(announced)s, but the votes make %(sum)s."
    ),
    "quota_differs": ngettext_lazy(
        "The quota is %(quota)s, but %(valid)s first preferences for %(seats)s seat make it "
        "%(expected)s: check both.",
        "The quota is %(quota)s, but %(valid)s first preferences for %(seats)s seats make it "
        "%(expected)s: check both.",
        "seats",
    ),
    "papers_over_sum": ngettext_lazy(
        "%(papers)s ballot paper (%(source)s), but votes and rejected ballots make %(sum)s: "
        "%(difference)s fewer. Is a bundle missing?",
        "%(papers)s ballot papers (%(source)s), but votes and rejected ballots make %(sum)s: "
        "%(difference)s fewer. Is a bundle missing?",
        "papers",
    ),
    "papers_under_sum": ngettext_lazy(
        "%(papers)s ballot paper (%(source)s), but votes and rejected ballots make %(sum)s: "
        "%(difference)s more. Check each total.",
        "%(papers)s ballot papers (%(source)s), but votes and rejected ballots make %(sum)s: "
        "%(difference)s more. Check each total.",
        "papers",
    ),
    "papers_changed": ngettext_lazy(
        "%(papers)s ballot paper, but at verification %(filed)s.",
        "%(papers)s ballot papers, but at verification %(filed)s.",
        "papers",
    ),
    "few_votes": _(
        "The votes (%(valid)s) are few for the ballot papers (%(papers)s, %(source)s), where each "
        "has several votes. Is a figure missing?"
    ),
    "turnout_unusual": _(
        "Turnout of %(turnout)s%% would be unusual: the electorate is %(electorate)s (%(source)s)."
    ),
    "turnout_unlike_areas": _(
        "Turnout of %(turnout)s%% here, but %(least)s%% to %(most)s%% in the other counting areas: "
        "check the votes and the electorate, %(electorate)s (%(source)s)."
    ),
    "turnout_far": _(
        "Turnout changed by %(change)s points since last time. Is a bundle of votes missing, or "
        "the electorate wrong?"
    ),
    "turnout_change": _(
        "Turnout changed by %(change)s points since last time. Half of %(contests)s contests "
        "changed by less than %(usual)s tonight, half by more. Is a bundle of votes missing?"
    ),
    "votes_far": ngettext_lazy(
        "There is %(valid)s valid vote; last time there were %(before)s. The electorate is known "
        "of only one of the two, so no turnouts are compared. Is a bundle of votes missing?",
        "There are %(valid)s valid votes; last time there were %(before)s. The electorate is "
        "known of only one of the two, so no turnouts are compared. Is a bundle of votes missing?",
        "valid",
    ),
    "votes_far_alone": ngettext_lazy(
        "There is %(valid)s valid vote; last time there were %(before)s. No electorate is known, "
        "so no turnouts are compared. Is a bundle of votes missing?",
        "There are %(valid)s valid votes; last time there were %(before)s. No electorate is "
        "known, so no turnouts are compared. Is a bundle of votes missing?",
        "valid",
    ),
    "turnout_differs": _(
        "The turnout announced was %(announced)s%%; these figures make %(turnout)s%%."
    ),
    "turnout_too_low": _(
        "The turnout announced was %(announced)s%%; these votes need at least %(turnout)s%%."
    ),
    "rejected_high": ngettext_lazy(
        "%(rejected)s rejected ballot is %(share)s%% of all: usually it is under 1%%.",
        "%(rejected)s rejected ballots are %(share)s%% of all: usually it is under 1%%.",
        "rejected",
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
    "figure_scale": ngettext_lazy(
        "%(name)s has %(votes)s vote; the other figures imply about %(implied)s. Is a digit "
        "missing, or one too many?",
        "%(name)s has %(votes)s votes; the other figures imply about %(implied)s. Is a digit "
        "missing, or one too many?",
        "votes",
    ),
    "behind_slate": ngettext_lazy(
        "%(name)s has %(votes)s vote; the party’s others here have about %(implied)s. Is a "
        "bundle missing?",
        "%(name)s has %(votes)s votes; the party’s others here have about %(implied)s. Is a "
        "bundle missing?",
        "votes",
    ),
    "close": _("The majority is only %(majority)s. Check the two totals that it is between."),
    "close_tie": _("The vote is tied. Check the totals that tie."),
    "winner_differs": _("These figures elect someone other than the winner announced before."),
    "winner_reversed": _(
        "Published as elected: %(before)s. These figures elect %(after)s: readers will be told "
        "that what was published is wrong."
    ),
    "claim_differs": _(
        "These figures change one that readers have seen: they will be told that it was wrong."
    ),
    # Codes of earlier releases, still in the log.
    "turnout_range": _("Turnout of %(turnout)s%% would be unusual. Check the electorate."),
    "turnout_jump": _(
        "Turnout of %(turnout)s%% is far from last time’s %(before)s%%. Is a bundle of votes "
        "missing, or the electorate wrong?"
    ),
    "electorate_jump": _(
        "The electorate is %(electorate)s; %(expected)s was expected. Check the figure."
    ),
    # Messages of the publishing API.
    "reason_missing": _("Give the reason: readers will see it."),
    "reason_has_words": _("The reason repeats the words, and it is public. Say it without them."),
    "missing": _("Fill this in."),
    "text_too_long": _("At most %(longest)s characters: this has %(length)s. Make it shorter."),
    "too_many_seats": ngettext_lazy(
        "That is more than the %(seats)s seat there is.",
        "That is more than the %(seats)s seats there are.",
        "seats",
    ),
    # Messages for requests by other systems.
    "no_such_candidate": _("Candidate %(candidate)s does not stand here: fetch the contest again."),
    "candidate_twice": _("Candidate %(candidate)s is named twice: send each once."),
    "candidate_missing": _("Candidate %(candidate)s is missing: send everybody’s votes."),
}

#: Phrases for the sources of figures in messages.
SOURCES: dict[str, StrOrPromise] = {
    "typed": _("as entered"),
    "verified": _("announced at verification"),
    "record": _("on record"),
    "last": _("last time"),
}

#: Texts for readers about impossible sums of published figures.
DISCREPANCIES: dict[str, StrOrPromise] = {
    "areas_differ": ngettext_lazy(
        "As published, the counting areas make %(sum)s vote for %(name)s, not %(votes)s.",
        "As published, the counting areas make %(sum)s votes for %(name)s, not %(votes)s.",
        "sum",
    ),
    "sum_over_electorate": _(
        "As published, the votes make %(valid)s: more than the electorate of %(electorate)s."
    ),
    "sum_over_electors": ngettext_lazy(
        "As published, the votes make %(valid)s: more than %(seats)s for the "
        "%(electorate)s elector.",
        "As published, the votes make %(valid)s: more than %(seats)s for each of the "
        "%(electorate)s electors.",
        "electorate",
    ),
    "votes_over_papers": ngettext_lazy(
        "As published, the votes make %(valid)s: more than the %(papers)s ballot paper.",
        "As published, the votes make %(valid)s: more than the %(papers)s ballot papers.",
        "papers",
    ),
    "votes_over_papers_of_seats": ngettext_lazy(
        "As published, the votes make %(valid)s: more than %(seats)s for the "
        "%(papers)s ballot paper.",
        "As published, the votes make %(valid)s: more than %(seats)s for each of the "
        "%(papers)s ballot papers.",
        "papers",
    ),
    "papers_over_electorate": ngettext_lazy(
        "As published, there is %(papers)s ballot paper: more than the electorate of "
        "%(electorate)s.",
        "As published, there are %(papers)s ballot papers: more than the electorate of "
        "%(electorate)s.",
        "papers",
    ),
    "winners_over_seats": ngettext_lazy(
        "As published, %(named)s candidates are elected: more than the %(seats)s seat.",
        "As published, %(named)s candidates are elected: more than the %(seats)s seats.",
        "seats",
    ),
    "candidate_over_total": _(
        "As published, a candidate has more votes (%(votes)s) than there are ballot papers or "
        "electors (%(papers)s)."
    ),
}

NUMBER_ERRORS: dict[str, StrOrPromise] = {
    "blank": _("Enter a figure. If there were none, enter 0."),
    "decimal": _("Enter a whole number, without a decimal point."),
    "percent": _("Enter a number of votes, not a percentage."),
    "negative": _("Enter a number that is 0 or more."),
    "grouping": _("The comma or space is in an odd place: check the figure."),
    "too_long": _("That is more digits than any count has."),
    "out_of_range": _("A percentage is between 0 and 100."),
    "not_a_number": _("Enter digits only, such as 34,603."),
    "not_a_percentage": _("Enter a percentage with two decimals at most, such as 71.8."),
}


def message_text(message: ValidationMessage) -> str:
    """The message as a sentence, with its numbers formatted and its source in words."""
    return _fill(MESSAGES[message.code], message)


def discrepancy_text(message: ValidationMessage) -> str:
    """Return the text for readers about an impossible sum of published figures."""
    return _fill(DISCREPANCIES[message.code], message)


def _fill(text: StrOrPromise, message: ValidationMessage) -> str:
    """Fill in the message's numbers, in the plural form of the one that the text counts."""
    params: dict[str, GroupedInt | str] = {
        name: GroupedInt(value) if isinstance(value, int) else str(value)
        for name, value in message.params.items()
    }
    if "source" in params:
        params["source"] = str(SOURCES[str(params["source"])])
    return str(text % params)


def number_error(error: InvalidNumber) -> str:
    return str(NUMBER_ERRORS[error.code])


def number_errors() -> dict[str, str]:
    """The sentence of each code, for a phone's own check."""
    return {code: str(text) for code, text in NUMBER_ERRORS.items()}
