"""Outcomes of a phone's submissions, in sentences that are true when they are sent."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from results import desk
from results.desk.followed import AnswerState
from results.models import Bulletin, Election, ReviewItem
from results.reporter.labels import label_of
from results.reporter.languages import reporter_locale
from results.reporter.permissions import contests_of, user_of
from results.reporter.responses import answer_address, review_text, says_who_is_elected
from results.reporter.second_person import agreement_of, disagreement_text
from results.words.times import clock

#: Submissions that one request asks about: a phone keeps no more answers, and few unsent items.
MOST = 60
LONGEST_KEY = 80


def followed(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """Return what became of the submissions whose keys were posted, by key.

    `{"state", "time", "label", "words", "address", "sequence", "at", "decided"}`, where `time` is
    when the state began, in seconds.
    """
    keys = [key for key in request.POST.getlist("key")[:MOST] if len(key) <= LONGEST_KEY]
    user = user_of(request)
    found = desk.follow(user, keys) if keys else {}
    contests = {each.contest.pk for each in found.values() if each.contest is not None}
    opens = contests_of(user, contests)
    return {key: _as_json(followed, user, opens) for key, followed in found.items()}


def with_outcomes(items: Iterable[ReviewItem], user: User) -> list[tuple[ReviewItem, str]]:
    """Pair each item with what has become of what it published; empty while that stands."""
    items = list(items)
    found = desk.follow(user, [item.idempotency_key for item in items]) if items else {}
    return [(item, _outcome(found.get(item.idempotency_key))) for item in items]


def _outcome(followed: desk.Followed | None) -> str:
    if followed is not None and followed.bulletin is not None and _is_withdrawal(followed):
        return _withdrawn(followed.bulletin)
    if followed is None or followed.later is None or followed.contest is None:
        return ""
    return _later(followed.state, followed.later, followed.contest.election)


def _as_json(followed: desk.Followed, user: User, opens: Collection[int]) -> dict[str, Any]:
    """`opens` has the contests whose pages the reporter may open."""
    contest = followed.contest
    changed_at = followed.later.published_at if followed.later is not None else followed.at
    data: dict[str, Any] = {"state": followed.state, "time": changed_at.timestamp()}
    if contest is None:
        answered = followed.state == AnswerState.KEPT
        words = _("The desk has your answer.") if answered else _("You took this back.")
        return data | _labelled(followed, user) | {"words": words}
    with reporter_locale(contest.election):
        data |= _labelled(followed, user)
        data["words"] = " ".join(filter(None, _sentences(followed, contest.election)))
    item = None if followed.disagreement else followed.item
    data["address"] = reverse("my_counts")
    if contest.pk in opens:
        data["address"] = answer_address(contest, followed.bulletin, item)
    if followed.bulletin is not None:
        data["sequence"] = followed.bulletin.sequence
        # In place of when the desk got it, which the answer to the phone has said.
        data["at"] = clock(followed.at, contest.election.zone)
    data["decided"] = _is_decided(followed)
    return data


def _is_decided(followed: desk.Followed) -> bool:
    """Whether it, or another result in its place, now says who is elected."""
    if followed.state == AnswerState.PUBLISHED and followed.bulletin is not None:
        return says_who_is_elected(followed.bulletin)
    is_result = followed.item is not None and followed.item.kind == ReviewItem.Kind.RESULT
    return followed.state == AnswerState.REPLACED and is_result


def _labelled(followed: desk.Followed, user: User) -> dict[str, str]:
    """`{"label"}` where the phone's own may be in another language by now."""
    label = label_of(followed, user)
    return {"label": label} if label else {}


def _sentences(followed: desk.Followed, election: Election) -> Iterator[str]:
    """“Published 03:18, bulletin 12. Corrected 03:40, bulletin 15.”"""
    at = clock(followed.at, election.zone)
    if followed.bulletin is not None and _is_withdrawal(followed):
        yield _withdrawn(followed.bulletin)
    elif followed.bulletin is not None:
        template = _("Published %(at)s, bulletin %(number)s.")
        if followed.state == AnswerState.UNCHANGED:
            template = _("Published already %(at)s, bulletin %(number)s.")
        yield template % {"at": at, "number": followed.bulletin.sequence}
        if followed.item is not None:
            yield agreement_of(followed.item, followed.item.by_id)
        if followed.later is not None:
            yield _later(followed.state, followed.later, election)
        if not election.is_published:
            yield str(desk.ElectionNotPublic(election))
    elif followed.state == AnswerState.KEPT:
        yield _("The desk has had it since %(at)s. Readers never see it.") % {"at": at}
    elif followed.item is not None:
        yield _of_item(followed, at)


def _is_withdrawal(followed: desk.Followed) -> bool:
    """Whether the desk withdrew the result of which a correction was asked."""
    return followed.bulletin is not None and followed.bulletin.kind == Bulletin.Kind.WITHDRAWAL


def _withdrawn(bulletin: Bulletin) -> str:
    return _("The desk withdrew the result at %(at)s, bulletin %(number)s.") % {
        "at": clock(bulletin.published_at, bulletin.election.zone),
        "number": bulletin.sequence,
    }


def _later(state: AnswerState, later: Bulletin, election: Election) -> str:
    templates = {
        AnswerState.CORRECTED: _("Corrected %(at)s, bulletin %(number)s."),
        AnswerState.WITHDRAWN: _("Withdrawn %(at)s, bulletin %(number)s: readers do not see it."),
        AnswerState.REWORDED: _("Reworded %(at)s, bulletin %(number)s."),
    }
    return templates[state] % {
        "at": clock(later.published_at, election.zone),
        "number": later.sequence,
    }


def _of_item(followed: desk.Followed, at: str) -> str:
    assert followed.item is not None
    note = followed.item.note
    if followed.disagreement is not None:
        return disagreement_text(followed.disagreement, followed.item)
    if followed.state == AnswerState.SET_ASIDE:
        if note:
            return _("Set aside by the desk %(at)s: %(note)s") % {"at": at, "note": note}
        return _("Set aside by the desk %(at)s.") % {"at": at}
    if followed.state == AnswerState.REPLACED:
        return _("Another took its place %(at)s: this one is not published.") % {"at": at}
    if followed.state == AnswerState.SUPERSEDED:
        return _("Your later one took its place %(at)s: this one is not published.") % {"at": at}
    return _("The desk has had it since %(at)s. %(words)s") % {
        "at": at,
        "words": review_text(followed.item),
    }
