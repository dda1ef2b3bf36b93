"""Undo a load in a draft: what it changed is restored as it was before.

Before a load is applied in a draft, the rows that loaders write are stored with it. Nobody but
editors has seen them, so that restoring them takes nothing back in readers' sight. What they have
seen is never undone.
"""

import json
import zlib
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core import serializers
from django.db import models, transaction
from django.utils.translation import gettext as _, ngettext

from results import desk
from results.models import (
    Assignment,
    Body,
    BodyTally,
    Candidate,
    Contest,
    Election,
    LastResult,
    LastVotes,
    Load,
    LoadSnapshot,
    Region,
    SittingMember,
)

#: The tables, each with the lookup of its election, after those that it refers to.
KEPT: dict[type[models.Model], str] = {
    Region: "election",
    Body: "election",
    Contest: "election",
}
#: Tables without references to them: all rows of the election are deleted and recreated.
MADE_AGAIN: dict[type[models.Model], str] = {
    BodyTally: "body__election",
    Candidate: "contest__election",
    LastResult: "contest__election",
    LastVotes: "last_result__contest__election",
    SittingMember: "contest__election",
}
#: Loads that belong to no election, and cannot be undone.
NOT_UNDONE = (Load.What.POSTCODES,)


class CannotUndo(Exception):
    """The load cannot be undone; the message says why, and what to do instead."""


def can_be_undone(load: Load) -> bool:
    """Whether applying the load will leave something that undoes it."""
    return load.election.is_draft and load.what not in NOT_UNDONE


def store_snapshot(load: Load) -> None:
    """Store the election's rows as they are; within the transaction that applies the load."""
    if not can_be_undone(load):
        # Readers see these rows from now on: what was stored before is of no use.
        LoadSnapshot.objects.filter(load__election=load.election).delete()
        return
    content = zlib.compress(json.dumps(_rows(load.election)).encode())
    LoadSnapshot.objects.update_or_create(load=load, defaults={"content": content})


def _rows(election: Election) -> dict[str, Any]:
    """Serialise the election's rows by model, and its own columns under "election"."""
    rows: dict[str, Any] = {
        model._meta.label: serializers.serialize(
            "json", model._default_manager.filter(**{lookup: election}).order_by("pk")
        )
        for model, lookup in (KEPT | MADE_AGAIN).items()
    }
    rows["election"] = serializers.serialize("json", [election])
    return rows


def why_not(load: Load) -> str:
    """Say why an applied load cannot be undone; empty where it can."""
    if not load.election.is_draft:
        return _(
            "Readers have seen this election, so that it is not undone: load the earlier file "
            "again. What should never have been published is withdrawn in their sight."
        )
    if load.what in NOT_UNDONE:
        return _("Postcodes are of all elections: load the earlier file again.")
    later = Load.objects.filter(
        election=load.election, state=Load.State.DONE, finished_at__gt=load.finished_at
    ).exclude(what__in=NOT_UNDONE)
    newest = later.order_by("-finished_at").first()
    if newest is not None:
        words = {"what": newest.get_what_display(), "names": newest.names}
        return _("Undo first what was applied later: %(what)s, %(names)s.") % words
    if not LoadSnapshot.objects.filter(load=load).exists():
        return _("What was here before it was not stored: load the earlier file again.")
    return ""


@transaction.atomic
def undo(load: Load, *, by: User) -> str:
    """Restore what was there before the load; return a sentence about it. Raises CannotUndo."""
    election = desk.locked_election(load.election)
    fresh = Load.objects.select_for_update().get(pk=load.pk)
    fresh.election = election
    if fresh.state != Load.State.DONE:
        raise CannotUndo(_("This is undone already."))
    reason = why_not(fresh)
    if reason:
        raise CannotUndo(reason)
    rows = json.loads(zlib.decompress(bytes(LoadSnapshot.objects.get(load=fresh).content)))
    lost = _restore(election, rows)
    desk.start_new_epoch(election)
    words = _("Undone: the draft is as it was before.")
    if lost:
        words += " " + ngettext(
            "%(n)d reporter’s count is gone with it.",
            "%(n)d counts of reporters are gone with it.",
            lost,
        ) % {"n": lost}
    LoadSnapshot.objects.filter(load=fresh).delete()
    fresh.become(Load.State.UNDONE)
    about = f"{fresh.get_what_display()}: {fresh.names}"
    desk.record_action(by, "undid a load", election=election, about=about)
    return words


def _restore(election: Election, rows: dict[str, Any]) -> int:
    """Put the rows back under their own keys; return how many reporters' counts went."""
    assigned = Assignment.objects.filter(contest__election=election)
    before = assigned.count()
    for model, lookup in reversed(MADE_AGAIN.items()):
        model._default_manager.filter(**{lookup: election}).delete()
    stored = {model: _objects(rows[model._meta.label]) for model in KEPT | MADE_AGAIN}
    for model, lookup in reversed(KEPT.items()):
        keys = [each.pk for each in stored[model]]
        model._default_manager.filter(**{lookup: election}).exclude(pk__in=keys).delete()
    for model, objects in stored.items():
        model._default_manager.bulk_create(
            objects,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=[column.name for column in model._meta.fields if not column.primary_key],
        )
    (own,) = _objects(rows["election"])
    # The one column of its own that a load writes: others may have been edited since.
    election.hex_layout = own.hex_layout
    election.save(update_fields=["hex_layout"])
    return before - assigned.count()


def _objects(text: str) -> list[Any]:
    deserialized: Iterable[Any] = serializers.deserialize("json", text)
    return [each.object for each in deserialized]
