"""Correct what published results say otherwise when a withdrawn election is published again.

Nothing can be published while readers do not see it, and details that it shares with other
elections, such as the names of parties, can be changed all the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Field
from django.utils.translation import gettext as _

from results import desk
from results.editor.detail_corrections import DetailCorrections
from results.editor.republish import listed_changes, printed_value
from results.live.fragments import election_locale
from results.live.published_details import details_taken_back, differing, whole_details
from results.live.seat import read_seats
from results.models import WITH_RESULT, Contest, Election, ElectionCorrection
from results.words.party_names import load_party_names

Change = tuple[str, str, str]


def correct_what_changed(election: Election, corrections: DetailCorrections) -> None:
    """Publish corrections of what readers were told before the election was withdrawn."""
    contests = Contest.objects.filter(election=election, standing__status__in=WITH_RESULT)
    relabelled = desk.contests_corrected(contests, computed=False)
    with election_locale(election):
        changes = list(dict.fromkeys(_changes(election, contests)))
    if changes:
        corrections.correct_election(election, changes)
    corrections.correct_contests(election, relabelled)


def _changes(election: Election, contests: Iterable[Contest]) -> Iterator[Change]:
    """Yield (figure, before, after) of what differs, first what many contests share."""
    newest = ElectionCorrection.objects.filter(election=election).last()
    if newest is not None:
        now = whole_details(election, load_party_names(election.date))
        yield from _shared(dict(_changed(differing(newest.details, now))))
    results = []
    for seat in read_seats(contests):
        changed = dict(_changed(details_taken_back(seat, newest)))
        yield from _shared(changed)
        if "result" in changed:
            results.append((seat.contest.full_name, *changed["result"]))
    yield from listed_changes(results)


def _changed(differences: Iterable[tuple[str, Any, Any]]) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for name, published, now in differences:
        yield name, (published, now)


def _shared(changed: Mapping[str, tuple[Any, Any]]) -> Iterator[Change]:
    """Yield changes of the election, of its bodies and regions, and of the names of parties."""
    for name, then, now in differing(*changed.get("election", ({}, {}))):
        column = Election._meta.get_field(name)
        assert isinstance(column, Field)
        label = str(column.verbose_name).capitalize()
        yield label, printed_value(column, then), printed_value(column, now)
    for name, label in (("body", _("Body")), ("region", _("Region"))):
        if name in changed:
            yield label, *changed[name]
    for _label, then, now in differing(*changed.get("parties", ({}, {}))):
        if now is not None:
            yield _("Party"), then, now
    before, after = changed.get("candidates", ((), ()))
    parties = {each["id"]: (each["label"], each["party"]) for each in after}
    for candidate in before:
        label, party = parties.get(candidate["id"], ("", ""))
        # Of another label, the contest has a correction of its own.
        if label == candidate["label"] and party != candidate["party"]:
            yield _("Party"), candidate["party"], party
