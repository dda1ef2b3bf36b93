"""Merge two parties that are one, with a preview, a reason and an audit entry."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.translation import gettext as _

from results.desk.audit import record_action
from results.desk.corrected_details import contests_corrected, correct_details, correct_election
from results.desk.counts import start_new_epoch
from results.desk.errors import InvalidTransition
from results.desk.publishing import lock_all_nights, require_no_batch
from results.desk.reasons import require_reason
from results.live.seat import Seat, with_results
from results.live.seat_summary import summary_of_seat
from results.models import (
    Body,
    Candidate,
    Contest,
    Declaration,
    Election,
    LastVotes,
    Milestone,
    Party,
    PartyAlias,
    SittingMember,
)
from results.models.party_alias import number_key
from results.words.party_names import load_party_names
from results.words.seat_sentences import result_sentence


@dataclass(frozen=True, slots=True)
class ChangedResult:
    """A published result that differs after a merge.

    `before` and `after` are its sentences; they are the same where only details change, such as the
    party of a candidate who is not elected.
    """

    contest: Contest
    before: str
    after: str

    @property
    def reads_otherwise(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class PartyMergeEffects:
    """The effects of a merge: rows by election, and published results.

    `candidates`, `last_votes` and `sitting_members` are numbers of rows by election that name the
    duplicate now; `renamed` is the name of its candidates' party, before and after.
    """

    candidates: dict[Election, int]
    last_votes: dict[Election, int]
    sitting_members: dict[Election, int]
    renamed: dict[Election, tuple[str, str]]
    changed: tuple[ChangedResult, ...]

    @property
    def elections(self) -> list[Election]:
        """Every election with a row that changes, the latest first."""
        found = {*self.candidates, *self.last_votes, *self.sitting_members}
        found |= {result.contest.election for result in self.changed}
        return sorted(found, key=lambda election: (election.date, election.pk), reverse=True)


def preview_party_merge(duplicate: Party, into: Party) -> PartyMergeEffects:
    """Merge, read the effects, and roll back. Raises the errors of `merge_parties`."""
    with transaction.atomic():
        lock_all_nights()
        effects = _merge(_fresh(duplicate), _fresh(into))
        transaction.set_rollback(True)
    return effects


def merge_parties(
    duplicate: Party, into: Party, *, by: User, reason: str, idempotency_key: str
) -> PartyMergeEffects:
    """Merge `duplicate` into `into`, which keeps its names, and delete it.

    Its name becomes a spelling of the other, its numbers become the other's, and its address
    redirects there. Readers of every election with either party get the pages again. Published
    results that change are published again with the reason. Raises ValidationRefused without a
    reason, InvalidTransition for parties that cannot be merged, and RuntimeError within a batch.
    """
    reason = require_reason(reason)
    require_no_batch()
    with transaction.atomic():
        # No declaration is published meanwhile.
        lock_all_nights()
        duplicate, into = _fresh(duplicate), _fresh(into)
        elections = _elections_with(duplicate, into)
        effects = _merge(duplicate, into)
        _publish(elections, effects, by=by, reason=reason, idempotency_key=idempotency_key)
        record_action(
            by,
            "party: merged",
            about=f"{duplicate.name} ({duplicate.slug}) → {into.name} ({into.slug})",
            before="; ".join(result.before for result in effects.changed),
            after="; ".join([*(result.after for result in effects.changed), reason]),
        )
    return effects


def _publish(
    elections: Iterable[Election],
    effects: PartyMergeEffects,
    *,
    by: User,
    reason: str,
    idempotency_key: str,
) -> None:
    """Publish the pages of the elections again, and corrections of results that change.

    The party's name is one correction of the election; each result that changes has its own.
    """
    for election in elections:
        contests = [each.contest for each in effects.changed if each.contest.election == election]
        key = f"{idempotency_key[:50]}-{election.pk}"
        renamed = effects.renamed.get(election)
        if renamed is not None and Declaration.objects.filter(contest__election=election).exists():
            change = (str(_("Party")), *renamed)
            correct_election(election, [change], by=by, reason=reason, idempotency_key=key)
        else:
            start_new_epoch(election)
        if contests:
            correct_details(election, contests, by=by, reason=reason, idempotency_key=f"{key}-all")


def _fresh(party: Party) -> Party:
    """Read the party again. Raises InvalidTransition where it has been merged or deleted."""
    fresh = Party.objects.select_related("tallied_with").filter(pk=party.pk).first()
    if fresh is None:
        raise InvalidTransition(_("%(party)s is no longer there.") % {"party": party.name})
    return fresh


# --- Rows -----------------------------------------------------------------------------------


def _merge(duplicate: Party, into: Party) -> PartyMergeEffects:
    """Move every row of the duplicate and delete it; return the effects."""
    if duplicate.pk == into.pk:
        raise InvalidTransition(_("Choose another party to merge it into."))
    if into.tallied_with_id == duplicate.pk:
        raise InvalidTransition(
            _("%(into)s is tallied with %(duplicate)s: merge them the other way round.")
            % {"into": into.name, "duplicate": duplicate.name}
        )
    contests = _contests_with(duplicate, into)
    before, label = published_sentences(contests), duplicate.label
    named = _names_in_elections(duplicate) if label != into.label else {}
    candidates, last_votes = _by_election(Candidate, duplicate), _by_election(LastVotes, duplicate)
    sitting_members = _by_election(SittingMember, duplicate)
    _move_rows(duplicate, into)
    _move_labels(label, into.label)
    aliases = _aliases_of(duplicate)
    duplicate_pk = duplicate.pk
    duplicate.delete()
    duplicate.pk = duplicate_pk
    _add_aliases(into, aliases)
    after = published_sentences(contests)
    renamed = {}
    for election, name in named.items():
        other = load_party_names(election.date)[into.label].name
        marks = ("", "") if name != other else (f" ({label})", f" ({into.label})")
        renamed[election] = (f"{name}{marks[0]}", f"{other}{marks[1]}")
    changed = tuple(
        ChangedResult(contest, before[contest.pk], after[contest.pk])
        for contest in _corrected(contests)
    )
    return PartyMergeEffects(candidates, last_votes, sitting_members, renamed, changed)


def _move_rows(duplicate: Party, into: Party) -> None:
    """Point every foreign key at the other party, whichever model has it."""
    Party.objects.filter(tallied_with=duplicate).update(tallied_with=into.tallied_with or into)
    for relation in Party._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        model = relation.related_model
        if isinstance(model, type) and model not in (Party, PartyAlias):
            rows = model._base_manager.filter(**{relation.field.name: duplicate})
            rows.update(**{relation.field.name: into})


def _move_labels(old: str, new: str) -> None:
    """Rename a label in rows that have it as text; the log keeps it, and resolves it."""
    if old == new:
        return
    for milestone in Milestone.objects.filter(label=old):
        is_rival = milestone.undone_by is None and Milestone.objects.filter(
            election=milestone.election_id,
            reached=milestone.reached,
            label=new,
            undone_by__isnull=True,
        )
        if not is_rival:
            Milestone.objects.filter(pk=milestone.pk).update(label=new)
    Body.objects.filter(control_before=old).update(control_before=new)
    for body in Body.objects.exclude(composition_before={}, not_up={}):
        for name in ("composition_before", "not_up"):
            seats = Counter(getattr(body, name))
            if old in seats:
                seats[new] += seats.pop(old)
                setattr(body, name, dict(seats))
                body.save(update_fields=[name])


def _aliases_of(duplicate: Party) -> list[PartyAlias]:
    """The duplicate's aliases, with its own name, number and address, unsaved."""
    kinds = PartyAlias.Kind
    own = [
        PartyAlias(kind=kinds.SPELLING, text=duplicate.name),
        PartyAlias(kind=kinds.ADDRESS, text=duplicate.slug),
    ]
    if duplicate.electoral_commission_id:
        own.append(PartyAlias(kind=kinds.NUMBER, text=duplicate.electoral_commission_id))
    given = [
        PartyAlias(
            kind=alias.kind, text=alias.text, until=alias.until, abbreviation=alias.abbreviation
        )
        for alias in duplicate.aliases.all()
    ]
    return [*given, *own]


def _add_aliases(into: Party, aliases: Iterable[PartyAlias]) -> None:
    known = {(alias.kind, alias.key) for alias in into.aliases.all()}
    for alias in aliases:
        alias.party = into
        alias.clean()
        if alias.kind == PartyAlias.Kind.NUMBER:
            if not into.electoral_commission_id:
                into.electoral_commission_id = alias.text
                into.save(update_fields=["electoral_commission_id"])
            if number_key(into.electoral_commission_id) == alias.key:
                continue
        if (alias.kind, alias.key) not in known:
            known.add((alias.kind, alias.key))
            alias.save()


def _names_in_elections(party: Party) -> dict[Election, str]:
    """Return the label's name at polling day, by election in which the party has candidates."""
    named = models.Q(party=party) | models.Q(party__tallied_with=party)
    found = Candidate.objects.filter(named).values("contest__election")
    return {
        election: load_party_names(election.date)[party.label].name
        for election in Election.objects.filter(pk__in=found)
    }


def _corrected(contests: Sequence[Contest]) -> list[Contest]:
    """Return the contests whose published result differs now, compared election by election."""
    by_election: dict[int, list[Contest]] = {}
    for contest in contests:
        by_election.setdefault(contest.election_id, []).append(contest)
    corrected = {each.pk for some in by_election.values() for each in contests_corrected(some)}
    return [contest for contest in contests if contest.pk in corrected]


# --- What has changed -----------------------------------------------------------------------


def _contests_with(*parties: Party) -> list[Contest]:
    """Return contests with a candidate, last result or sitting member of one of the parties."""
    named = models.Q(party__in=parties) | models.Q(party__tallied_with__in=parties)
    now = Candidate.objects.filter(named).values("contest")
    last = LastVotes.objects.filter(named).values("last_result__contest")
    sitting = SittingMember.objects.filter(named).values("contest")
    found = models.Q(pk__in=now) | models.Q(pk__in=last) | models.Q(pk__in=sitting)
    return list(Contest.objects.filter(found).select_related("election").order_by("election", "pk"))


def _elections_with(*parties: Party) -> list[Election]:
    elections = {contest.election.pk: contest.election for contest in _contests_with(*parties)}
    return list(elections.values())


def published_sentences(contests: Sequence[Contest]) -> dict[int, str]:
    """Return the result sentence of each contest with a result by key, computed from its rows."""
    found: dict[int, str] = {}
    names = {contest.election.date: None for contest in contests}
    party_names = {on: load_party_names(on) for on in names}
    pks = [contest.pk for contest in contests]
    for contest in with_results(Contest.objects.filter(pk__in=pks)):
        seat = Seat(contest, party_names[contest.election.date])
        if seat.has_result:
            found[contest.pk] = result_sentence(
                contest.full_name, summary_of_seat(seat), seat.party_names
            )
    return found


def _by_election(
    model: type[Candidate] | type[LastVotes] | type[SittingMember], party: Party
) -> dict[Election, int]:
    contest = "last_result__contest" if model is LastVotes else "contest"
    rows = model._default_manager.filter(party=party)
    counted = rows.order_by().values_list(f"{contest}__election").annotate(models.Count("pk"))
    numbers = dict(counted)
    return {election: numbers[election.pk] for election in Election.objects.filter(pk__in=numbers)}
