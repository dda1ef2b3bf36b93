"""Mark the title of a rehearsal as one, once."""

from django.utils.translation import gettext as _

from results.models import Election


def rehearsal_title(title: str, election: Election | None) -> str:
    """Return “Rehearsal: By-elections” for a rehearsal not named as one, else the title."""
    title = title.strip()
    if not election or not election.rehearsal or title.casefold().startswith("rehearsal"):
        return title
    if title.casefold().startswith(_("Rehearsal").casefold()):
        return title
    # “Candlebrook: Rehearsal: mayoral elections” has the mark of the election's own name.
    for mark in ("Rehearsal: ", _("Rehearsal: %(title)s") % {"title": ""}):
        title = title.replace(f": {mark}", ": ")  # and no part of “Dress Rehearsal: ”
    return _("Rehearsal: %(title)s") % {"title": title}
