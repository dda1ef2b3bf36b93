"""Merge two contests that are one, with a preview, a reason and an audit entry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from results.desk.audit import record_action
from results.desk.ballot_papers import why_nobody_joins
from results.desk.contents import PhotoContent, QuoteContent
from results.desk.corrected_details import contests_corrected, correct_details
from results.desk.counting_areas import follow_ballot_paper
from results.desk.counts import start_new_epoch
from results.desk.errors import InvalidTransition
from results.desk.intents import Intent
from results.desk.party_merge import ChangedResult, published_sentences
from results.desk.publishing import locked_night, require_no_batch
from results.desk.reasons import require_reason
from results.desk.revision_requests import queued_intent
from results.desk.revisions import follow_regions
from results.models import (
    Assignment,
    Body,
    Candidate,
    Contest,
    LastResult,
    MergedContest,
    Milestone,
    ReviewItem,
    SittingMember,
    keep_address,
)
from results.models.contest_lookup import plain_name, set_qualifiers

#: Columns that a contest takes from the one merged into it, where its own are empty.
COMPLETED = (
    *("ballot_paper_id", "code", "region", "electorate", "venue", "note", "expected_at"),
    *("hex_q", "hex_r", "region_contest"),
)


@dataclass(frozen=True, slots=True)
class Holding:
    """A property that both contests may have, with the values of the duplicate and the other."""

    what: str
    duplicate: str
    into: str


@dataclass(frozen=True, slots=True)
class ContestMergeEffects:
    """The effects of a merge.

    `holdings` are the properties of each contest before it. `candidates` are sentences on the
    outcome for the duplicate's candidates, `discarded` on rows that are deleted with it. `changed`
    are published results that differ afterwards.
    """

    holdings: tuple[Holding, ...]
    candidates: tuple[str, ...]
    discarded: tuple[str, ...]
    changed: tuple[ChangedResult, ...]


def preview_contest_merge(duplicate: Contest, into: Contest) -> ContestMergeEffects:
    """Merge, read the effects, and roll back. Raises the errors of `merge_contests`."""
    with locked_night(into.election_id):
        effects, _corrected = _merge(_fresh(duplicate), _fresh(into))
        transaction.set_rollback(True)
    return effects


def merge_contests(
    duplicate: Contest, into: Contest, *, by: User, reason: str, idempotency_key: str
) -> ContestMergeEffects:
    """Merge `duplicate` into `into`, which keeps its name and address, and delete it.

    Its address redirects to the other for good, and files find the other by its identifiers.
    Readers get the pages again; published results that change are published again with the reason.
    Raises ValidationRefused without a reason, InvalidTransition for contests that cannot be merged,
    and RuntimeError within a batch.
    """
    reason = require_reason(reason)
    require_no_batch()
    with locked_night(into.election_id):
        duplicate, into = _fresh(duplicate), _fresh(into)
        effects, corrected = _merge(duplicate, into)
        start_new_epoch(into.election)
        key = f"{idempotency_key[:50]}-merge"
        if corrected:
            correct_details(into.election, corrected, by=by, reason=reason, idempotency_key=key)
        regions = f"{key}-regions"
        follow_regions(into.election, by=by, idempotency_key=regions, reason=reason)
        record_action(
            by,
            "contest: merged",
            about=f"{duplicate.full_name} ({duplicate.slug}) → {into.full_name} ({into.slug})",
            before="; ".join(f"{each.what} {each.duplicate}" for each in effects.holdings),
            after="; ".join([*effects.candidates, *effects.discarded, reason]),
        )
    return effects


def _fresh(contest: Contest) -> Contest:
    """Read the contest again. Raises InvalidTransition where it has been merged or deleted."""
    fresh = Contest.objects.select_related("election", "body").filter(pk=contest.pk).first()
    if fresh is None:
        raise InvalidTransition(_("%(contest)s is no longer there.") % {"contest": contest.name})
    return fresh


def is_published(contest: Contest) -> bool:
    """Whether anything was published of the contest that the log stores under its name."""
    return any(
        rows.exists()
        for rows in (
            *(contest.bulletins, contest.declarations, contest.quotes),
            *(contest.photos, contest.posts),
        )
    )


def _require_mergeable(duplicate: Contest, into: Contest) -> None:
    """Raise InvalidTransition for contests that cannot be merged."""
    words = {"duplicate": duplicate.full_name, "into": into.full_name}
    if duplicate.pk == into.pk:
        raise InvalidTransition(_("Choose another contest to merge it into."))
    if duplicate.election_id != into.election_id:
        raise InvalidTransition(_("Both contests have to be of one election."))
    if duplicate.part_of_id != into.part_of_id:
        raise InvalidTransition(
            _("A counting area is merged only into another one of the same contest.")
        )
    if not is_published(duplicate):
        return
    if is_published(into):
        raise InvalidTransition(
            _(
                "Readers have been told of both %(duplicate)s and %(into)s, and what was published "
                "stays with its contest. Withdraw what is wrong of one of them instead."
            )
            % words
        )
    raise InvalidTransition(
        _(
            "Readers have been told of %(duplicate)s, and not of %(into)s: merge them the other "
            "way round, from the page of %(into)s."
        )
        % words
    )


# --- Rows -----------------------------------------------------------------------------------


def _merge(duplicate: Contest, into: Contest) -> tuple[ContestMergeEffects, list[Contest]]:
    """Move every row of the duplicate and delete it; return the effects and results to correct."""
    _require_mergeable(duplicate, into)
    holdings = tuple(_holdings(duplicate, into))
    names = {plain_name(duplicate.name), plain_name(into.name)}
    others = Contest.objects.filter(election=into.election).exclude(pk=duplicate.pk)
    wholes = {duplicate.pk, into.pk}
    touched = [
        each
        for each in others
        if each.pk == into.pk or plain_name(each.name) in names or each.part_of_id in wholes
    ]
    before = published_sentences(touched)
    discarded = [*_move_last_time(duplicate, into)]
    ids, sentences = _move_candidates(duplicate, into)
    _move_rows(duplicate, into, ids)
    _move_areas(duplicate, into, ids)
    completed = {name: getattr(duplicate, name) for name in COMPLETED}
    _keep_address(duplicate, into)
    pk, body = duplicate.pk, duplicate.body
    duplicate.delete()
    duplicate.pk = pk
    _complete(into, completed)
    _drop_if_empty(body)
    set_qualifiers(into.election)
    touched = list(Contest.objects.filter(pk__in=[each.pk for each in touched]))
    corrected = contests_corrected(touched)
    after = published_sentences(corrected)
    changed = tuple(
        ChangedResult(each, before[each.pk], after[each.pk])
        for each in corrected
        if each.pk in after and each.pk in before
    )
    return ContestMergeEffects(holdings, tuple(sentences), tuple(discarded), changed), corrected


def _holdings(duplicate: Contest, into: Contest) -> Iterable[Holding]:
    """Yield the properties of both contests, for an editor who chooses between them."""
    for what, of in (
        (_("body"), lambda c: c.body.name),
        (_("official code"), lambda c: c.code),
        (_("ballot paper id"), lambda c: c.ballot_paper_id),
        (_("seats"), lambda c: str(c.seats)),
        (_("candidates"), lambda c: _listed(c.candidates.values_list("name", flat=True))),
        (_("last result"), _last_result),
        (_("sitting members"), lambda c: str(c.sitting_members.count())),
        (_("where it stands"), _standing),
        (_("assigned reporters"), lambda c: _listed(_reporters(c))),
        (_("submissions and drafts in the review queue"), lambda c: str(c.review_items.count())),
        (_("pictures of notices"), lambda c: str(c.notices.count())),
        (_("quotes, photos and posts"),
         lambda c: str(c.quotes.count() + c.photos.count() + c.posts.count())),
        (_("bulletins"), lambda c: str(c.bulletins.count())),
        (_("counting areas"), lambda c: _listed(c.parts.values_list("name", flat=True))),
        (_("groups"), lambda c: _listed(c.groups.values_list("name", flat=True))),
    ):  # fmt: skip
        yield Holding(str(what), of(duplicate) or "–", of(into) or "–")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _reporters(contest: Contest) -> Iterable[str]:
    return contest.assignments.values_list("reporter__username", flat=True)


def _last_result(contest: Contest) -> str:
    last = LastResult.objects.filter(contest=contest).first()
    return str(last.date or _("without a day")) if last else ""


def _standing(contest: Contest) -> str:
    standing = getattr(contest, "standing", None)
    return str(standing.status_name) if standing else ""


def _move_last_time(duplicate: Contest, into: Contest) -> Iterable[str]:
    """Move last time's data that the other lacks; yield a sentence for data that is deleted."""
    last = LastResult.objects.filter(contest=duplicate)
    if LastResult.objects.filter(contest=into).exists():
        if last.exists():
            yield _("The last result of %(contest)s.") % {"contest": duplicate.full_name}
    else:
        last.update(contest=into)
    sitting = SittingMember.objects.filter(contest=duplicate)
    if SittingMember.objects.filter(contest=into).exists():
        if sitting.exists():
            yield _("The sitting members of %(contest)s.") % {"contest": duplicate.full_name}
    else:
        sitting.update(contest=into)


def _move_candidates(duplicate: Contest, into: Contest) -> tuple[dict[int, int], list[str]]:
    """Pair candidates by person, or by name and party; add the rest to the other's ballot paper.

    Returns the id of each of the duplicate's candidates now, and a sentence for each. Raises
    InvalidTransition if somebody would join a ballot paper with a result.
    """
    left = list(into.candidates.select_related("party__tallied_with").order_by("ballot_order"))
    order = max((candidate.ballot_order for candidate in left), default=0)
    ids: dict[int, int] = {}
    sentences: list[str] = []
    own = duplicate.candidates.select_related("party__tallied_with").order_by("ballot_order")
    for candidate in list(own):
        same = next((other for other in left if _is_same(candidate, other)), None)
        words = {"name": candidate.name, "party": candidate.label}
        if same is not None:
            left.remove(same)
            ids[candidate.pk] = same.pk
            words["other"] = same.name
            sentences.append(_("%(name)s (%(party)s) is %(other)s.") % words)
            continue
        if reason := why_nobody_joins(into):
            raise InvalidTransition(f"{candidate.name}: {reason}")
        order += 1
        ids[candidate.pk] = candidate.pk
        Candidate.objects.filter(pk=candidate.pk).update(contest=into, ballot_order=order)
        sentences.append(_("%(name)s (%(party)s) joins the ballot paper.") % words)
    return ids, sentences


def _is_same(candidate: Candidate, other: Candidate) -> bool:
    if candidate.person_id is not None and candidate.person_id == other.person_id:
        return True
    return (plain_name(candidate.name), candidate.label) == (plain_name(other.name), other.label)


def _move_rows(duplicate: Contest, into: Contest, ids: Mapping[int, int]) -> None:
    """Move assignments, groups, submissions and other references to the other contest."""
    twice = Assignment.objects.filter(contest=into).values("reporter")
    duplicate.assignments.exclude(reporter__in=twice).update(contest=into)
    for group in duplicate.groups.all():
        group.contests.add(into)
    # What was compared of them, the picture as it was sent, is not stored.
    duplicate.notices.update(contest=into, fingerprint=None)
    Contest.objects.filter(region_contest=duplicate).exclude(pk=into.pk).update(region_contest=into)
    for item in duplicate.review_items.all():
        item.contest, item.content = into, renumbered(item.content, ids)
        item.fingerprint = _moved_intent(item).fingerprint
        item.save(update_fields=["contest", "content", "fingerprint"])


def _moved_intent(item: ReviewItem) -> Intent:
    """The intent of a phone that sends a moved item again, to the other contest.

    No correction is asked for before anything is published.
    """
    if item.kind == ReviewItem.Kind.RESULT:
        return queued_intent(item)
    content = PhotoContent if item.kind == ReviewItem.Kind.PHOTO else QuoteContent
    return content.moved_intent(item.content, item.contest)


def _move_areas(duplicate: Contest, into: Contest, ids: Mapping[int, int]) -> None:
    """Attach the duplicate's counting areas, with their published results, to the other."""
    duplicate.parts.update(part_of=into)
    for before, now in ids.items():
        Candidate.objects.filter(counts_for=before).update(counts_for=now)
    follow_ballot_paper([into])


def renumbered(content: Mapping[str, Any], ids: Mapping[int, int]) -> dict[str, Any]:
    """Return the content of a review item (`ReviewItem.content`) with other candidate ids."""

    def of(key: Any) -> int:
        return ids.get(int(key), int(key))

    changed = dict(content)
    if figures := changed.get("figures"):
        changed["figures"] = {
            **figures,
            **{name: {str(of(key)): value for key, value in figures[name].items()}
               for name in ("votes", "stages") if figures.get(name)},
            **{name: [of(key) for key in figures[name]]
               for name in ("lot", "winners") if figures.get(name)},
        }  # fmt: skip
    if names := changed.get("names"):
        changed["names"] = {str(of(key)): name for key, name in names.items()}
    if changed.get("candidate"):
        changed["candidate"] = of(changed["candidate"])
    return changed


def _keep_address(duplicate: Contest, into: Contest) -> None:
    """Redirect the duplicate's address, and those that redirected to it, to the other."""
    MergedContest.objects.filter(contest=duplicate).update(contest=into)
    keep_address(duplicate, into)


def _complete(into: Contest, known: Mapping[str, object]) -> None:
    """Store the columns that the contest lacks."""
    lacking = [name for name in COMPLETED if getattr(into, name) in (None, "")]
    if known["region_contest"] == into or into.region_contest_id == into.pk:
        lacking = [name for name in lacking if name != "region_contest"]
    for name in lacking:
        setattr(into, name, known[name])
    if lacking:
        into.save(update_fields=lacking)


def _drop_if_empty(body: Body) -> None:
    """Delete a body without contests if nothing was entered for it."""
    unused = Q(contests=None, seats=None, control_before="", composition_before={})
    if not Milestone.objects.filter(body=body).exists():
        Body.objects.filter(unused, pk=body.pk).delete()
