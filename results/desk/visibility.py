"""Publish an election, withdraw it from readers, or delete it while it is a draft."""

import uuid
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from results.desk.audit import record_action
from results.desk.counts import start_new_epoch
from results.desk.errors import InvalidTransition
from results.desk.publishing import lock_all_nights
from results.models import (
    Bulletin,
    ChainEntry,
    Declaration,
    Election,
    ElectionCorrection,
    ExternalFigures,
    Headline,
    IdempotencyRecord,
    LoadSnapshot,
    Night,
    Photo,
    Post,
    Quote,
    ReviewItem,
    Standing,
    Total,
    Verified,
)

Visibility = Election.Visibility


def locked_election(election: Election) -> Election:
    """Read the election under its night's lock, which lasts until the transaction ends.

    Whoever locked the election's own row would wait for the night, and a bulletin that is being
    published under the night's lock would wait for that row.
    """
    Night.objects.select_for_update().get(election=election.pk)
    return Election.objects.get(pk=election.pk)


@transaction.atomic
def publish_election(election: Election, *, by: User) -> None:
    """Publish an election that is a draft or was withdrawn. Repeating it is harmless."""
    fresh = locked_election(election)
    if fresh.is_published:
        return
    was = fresh.get_visibility_display()
    _store(fresh, Visibility.PUBLISHED)
    # Loads can be undone only in a draft, so that snapshots are of no use now.
    LoadSnapshot.objects.filter(load__election=fresh).delete()
    record_action(by, "published an election", election=fresh, about=fresh.name, before=str(was))


@transaction.atomic
def withdraw_election(election: Election, *, by: User, reason: str) -> None:
    """Withdraw a published election: readers see only the reason at each of its addresses.

    Nothing is deleted, and `publish_election` shows it again. Raises InvalidTransition for a draft.
    """
    fresh = locked_election(election)
    if fresh.is_draft:
        raise InvalidTransition(_("A draft was never public: delete it instead."))
    _store(fresh, Visibility.WITHDRAWN, withdrawal_reason=reason, front=False)
    record_action(by, "withdrew an election", election=fresh, about=fresh.name, after=reason)


@transaction.atomic
def delete_draft(election: Election, *, by: User) -> None:
    """Delete a draft with its contests, candidates and files. Raises InvalidTransition."""
    fresh = locked_election(election)
    if not fresh.is_draft:
        raise InvalidTransition(_("Readers have seen this election: withdraw it instead."))
    contests = fresh.contests.count()
    about = f"{fresh.name}, {contests} contests"
    record_action(by, "deleted a draft", election=fresh, about=about)
    delete_whole(fresh)


@transaction.atomic
def choose_front(election: Election | None, *, by: User) -> None:
    """Set the front page's election, None for the night under way. Raises InvalidTransition."""
    lock_all_nights()
    if election is not None and not Election.objects.get(pk=election.pk).is_published:
        raise InvalidTransition(_("Readers do not see this election: publish it first."))
    Election.objects.filter(front=True).update(front=False)
    if election is not None:
        Election.objects.filter(pk=election.pk).update(front=True)
    about = election.name if election else "the night under way"
    record_action(by, "chose the front page", election=election, about=about)


def delete_whole(election: Election) -> None:
    """Delete an election and all that was published in it. Nothing else does.

    The caller has checked that it is a rehearsal or a draft, under the night's lock.
    """
    Standing.objects.filter(contest__election=election).update(declaration=None)
    declarations = Declaration.objects.filter(contest__election=election)
    tables: list[QuerySet[Any]] = [
        IdempotencyRecord.objects.filter(bulletin__election=election),
        ReviewItem.objects.filter(contest__election=election),
        Bulletin.objects.filter(election=election),
        ChainEntry.objects.filter(election=election),
        Verified.objects.filter(declaration__in=declarations),
        Total.objects.filter(declaration__in=declarations),
        declarations,
        *(
            model.objects.filter(election=election)
            for model in (Quote, Post, Photo, Headline, ExternalFigures, ElectionCorrection)
        ),
    ]
    for rows in tables:
        # A raw delete, because append-only models refuse `delete`.
        rows._raw_delete(rows.db)
    Night.objects.filter(election=election).update(epoch=uuid.uuid4())
    election.delete()


def _store(election: Election, visibility: Election.Visibility, **values: Any) -> None:
    """Store the visibility, and start a new epoch, so that every open page reloads."""
    values = {"visibility": visibility, "withdrawal_reason": "", **values}
    for name, value in values.items():
        setattr(election, name, value)
    election.save(update_fields=list(values))
    start_new_epoch(election)
