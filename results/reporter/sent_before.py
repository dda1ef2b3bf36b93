"""Answer forms that a phone filled in before an editor changed the contest."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from results import desk
from results.desk.review_items import find_earlier_answer
from results.live.seat import Seat
from results.models import Bulletin, Notice, ReviewItem
from results.models.contest_lookup import plain_name
from results.reporter.permissions import user_of
from results.reporter.responses import from_outbox, outbox_response, respond
from results.words.ballot_papers import names_from_text, names_to_text

#: What a step sends: the kind of its review item, or of its bulletin.
KIND_OF_STEP = {
    "publish": ReviewItem.Kind.RESULT,
    "winner": ReviewItem.Kind.RESULT,
    "flash": ReviewItem.Kind.RESULT,  # a winner, as earlier releases named it
    "quote": ReviewItem.Kind.QUOTE,
    "photo": ReviewItem.Kind.PHOTO,
    "ask": ReviewItem.Kind.CORRECTION,
    "count": Bulletin.Kind.STATUS,
}
#: Fields whose name ends in the id of a candidate, and fields whose values are such ids.
NAMED_BY_CANDIDATE = ("votes-", "stage-")
CHOSEN = ("winners", "lot", "candidate")


def answer_sent_before(request: HttpRequest, seat: Seat) -> HttpResponse | None:
    """Return the first answer to the key of an invalid form; None where it has none.

    A phone sends a form again as it was, so that one whose key has an answer was valid at first:
    since then a candidate has joined the ballot paper, or a time that was to come has passed.
    """
    if not from_outbox(request):
        return None
    by, key = user_of(request), request.POST.get("key", "")
    if "\0" in key:  # PostgreSQL stores none in text
        return None
    if request.POST.get("step") == "notice":
        kept = Notice.objects.filter(by=by, idempotency_key=key, contest=seat.contest)
        return notice_kept(request, seat) if kept.exists() else None
    try:
        earlier = find_earlier_answer(by, key)
    except desk.TakenBack:
        return None  # the form's errors are as final
    if earlier is None or not _is_of_step(earlier.answer, request.POST.get("step", "")):
        return None
    answer = earlier.answer
    about = answer if isinstance(answer, ReviewItem) else answer.bulletin
    return respond(request, seat, answer, "") if about.contest_id == seat.contest.pk else None


def _is_of_step(answer: desk.SubmitResult, step: str) -> bool:
    """Whether the step asks for such an answer: a key of something else is not the form's."""
    if isinstance(answer, ReviewItem):
        return answer.kind == KIND_OF_STEP.get(step)
    if answer.bulletin.declaration_id is not None:
        # A correction's figures may have been published already, or since.
        return KIND_OF_STEP.get(step) in (ReviewItem.Kind.RESULT, ReviewItem.Kind.CORRECTION)
    return answer.bulletin.kind == KIND_OF_STEP.get(step)


def notice_kept(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Tell the outbox that the desk has the picture of the notice."""
    words = _("The desk has it. Readers never see it.")
    return outbox_response(request, seat, 200, state="kept", words=words)


def follow_merge(request: HttpRequest, seat: Seat) -> None:
    """Give a form of a contest that was merged the present ids of its candidates.

    A candidate is found by the name that the form showed. One who is not found is missing from the
    ballot paper, of which the form's errors tell.
    """
    data: Any = request.POST
    shown = names_from_text(data.get("ballot", "")) or {}
    ids = {str(old): str(new) for old, new in _present_ids(shown, seat.candidate_names)}
    if not ids:
        return
    followed: Any = QueryDict(mutable=True)
    for name, values in data.lists():
        chosen = [ids.get(each, each) for each in values] if name in CHOSEN else values
        followed.setlist(_present_name(name, ids), chosen)
    followed["ballot"] = names_to_text({int(ids.get(str(pk), pk)): n for pk, n in shown.items()})
    request.POST = followed


def _present_name(name: str, ids: Mapping[str, str]) -> str:
    for start in NAMED_BY_CANDIDATE:
        if name.startswith(start):
            pk = name.removeprefix(start)
            return start + ids.get(pk, pk)
    return name


def _present_ids(shown: Mapping[int, str], now: Mapping[int, str]) -> Iterator[tuple[int, int]]:
    """Yield the ids, before and now, of candidates whose name is that of exactly one of each."""
    before = _ids_by_name({pk: name for pk, name in shown.items() if pk not in now})
    present = _ids_by_name({pk: name for pk, name in now.items() if pk not in shown})
    for name, ids in before.items():
        if len(ids) == len(present.get(name, ())) == 1:
            yield ids[0], present[name][0]


def _ids_by_name(names: Mapping[int, str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for pk, name in names.items():
        found.setdefault(plain_name(name), []).append(pk)
    return found
