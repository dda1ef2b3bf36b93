"""Sentences on the numbers of women and of newcomers among those elected."""

from django.utils.translation import gettext as _, ngettext

from results.arithmetic.people_elected import PeopleElected
from results.words.number_format import grouped


def people_sentences(people: PeopleElected) -> list[str]:
    """Return one sentence on women and one on people elected for the first time.

    Each gives the number of people for whom it is known, unless that is everybody, or says that it
    is not known.
    """
    return [_women(people), _first_time(people)]


def _women(people: PeopleElected) -> str:
    if not people.gender_known:
        return _("How many women are elected is not known: candidates’ gender is not recorded.")
    if people.gender_known == people.elected:
        sentence = ngettext(
            "%(women)s of the %(elected)s elected is a woman.",
            "%(women)s of the %(elected)s elected are women.",
            people.women,
        )
    else:
        sentence = ngettext(
            "%(women)s of the %(known)s elected whose gender is recorded is a woman; "
            "%(elected)s are elected.",
            "%(women)s of the %(known)s elected whose gender is recorded are women; "
            "%(elected)s are elected.",
            people.women,
        )
    return sentence % {
        "women": grouped(people.women),
        "known": grouped(people.gender_known),
        "elected": grouped(people.elected),
    }


def _first_time(people: PeopleElected) -> str:
    if not people.history_known:
        return _(
            "How many are elected for the first time is not known: it is not recorded how often "
            "candidates were elected before."
        )
    if people.history_known == people.elected:
        sentence = ngettext(
            "%(new)s of the %(elected)s elected is elected for the first time.",
            "%(new)s of the %(elected)s elected are elected for the first time.",
            people.first_time,
        )
    else:
        sentence = ngettext(
            "%(new)s of the %(known)s elected whose earlier elections are recorded is elected for "
            "the first time; %(elected)s are elected.",
            "%(new)s of the %(known)s elected whose earlier elections are recorded are elected for "
            "the first time; %(elected)s are elected.",
            people.first_time,
        )
    return sentence % {
        "new": grouped(people.first_time),
        "known": grouped(people.history_known),
        "elected": grouped(people.elected),
    }
