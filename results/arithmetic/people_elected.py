"""Count women among those elected, and people elected for the first time.

Only what is recorded of each person is counted. What is not recorded is not known, and is never
worked out from a name.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonElected:
    """The recorded facts about a person elected; None where not known."""

    is_woman: bool | None = None
    is_first_time: bool | None = None


@dataclass(frozen=True, slots=True)
class PeopleElected:
    """Numbers of people elected. Those with a known gender are `gender_known` of `elected`."""

    elected: int = 0
    gender_known: int = 0
    women: int = 0
    history_known: int = 0
    first_time: int = 0


def count_people(people: Iterable[PersonElected]) -> PeopleElected:
    people = list(people)
    genders = [each.is_woman for each in people if each.is_woman is not None]
    histories = [each.is_first_time for each in people if each.is_first_time is not None]
    return PeopleElected(
        elected=len(people),
        gender_known=len(genders),
        women=sum(genders),
        history_known=len(histories),
        first_time=sum(histories),
    )


def is_first_time(times_elected: int | None, elected_before: bool | None) -> bool | None:
    """Whether a person was never elected before; None where that is not known.

    `times_elected` are times in this contest: none of them leaves other contests open, which
    `elected_before` answers.
    """
    if times_elected:
        return False
    if elected_before is not None:
        return not elected_before
    return None if times_elected is None else True
