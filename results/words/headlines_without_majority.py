"""Headlines of a House or chamber whose polls have declared and left nobody a majority.

Their parameters are filled in by the caller: `party`, one name or several, `won`, `need`.
"""

from django.utils.translation import ngettext


def no_majority(won: int, *, are_level: bool) -> str:
    """Return the headline of a House without a majority, with its parameters to be filled in."""
    if are_level:
        return ngettext(
            "No majority: %(party)s level on %(won)d seat each",
            "No majority: %(party)s level on %(won)d seats each",
            won,
        )
    return ngettext(
        "No majority: %(party)s largest with %(won)d seat",
        "No majority: %(party)s largest with %(won)d seats",
        won,
    )


def short_of_a_majority(won: int, *, are_level: bool) -> str:
    """Return the headline where postponed polls may still make a majority, to be filled in."""
    if are_level:
        return ngettext(
            "%(party)s level on %(won)d seat each, %(need)d short of a majority",
            "%(party)s level on %(won)d seats each, %(need)d short of a majority",
            won,
        )
    return ngettext(
        "%(party)s largest with %(won)d seat, %(need)d short of a majority",
        "%(party)s largest with %(won)d seats, %(need)d short of a majority",
        won,
    )
