"""Where Django looks for the admin: everything in it is the editor's wing."""

from results.editor import (
    choosing,
    contests,
    declarations,
    elections,
    elsewhere,
    groups,
    headlines,
    last_results,
    log,
    offers,
    parties,
    passes,
    people,
    photos,
    quotes,
    reporters,
)

__all__ = [
    "choosing",
    "contests",
    "declarations",
    "elections",
    "elsewhere",
    "groups",
    "headlines",
    "last_results",
    "log",
    "offers",
    "parties",
    "passes",
    "people",
    "photos",
    "quotes",
    "reporters",
]
