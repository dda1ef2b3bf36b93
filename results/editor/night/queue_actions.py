"""Actions on a row of the queue: publish, set aside, reopen, ask a reporter, give a new time.

Each posts its name and ids. The response is a sentence, and the queue as it stands.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _, ngettext

from results import desk
from results.arithmetic import read_id
from results.editor.base import editor_of
from results.editor.messages import write_message
from results.editor.night.viewer import Viewer
from results.forms import TimeOfNightField, VisibleTextField
from results.models import Assignment, Contest, Election, ReviewItem
from results.models.message import LONGEST_MESSAGE
from results.words.ballot_papers import names_from_text
from results.words.nouns import listing
from results.words.times import expected_time
from results.words.user_names import user_name


class QuestionField(VisibleTextField):
    """Field for what is asked of the reporters of a count."""

    def __init__(self) -> None:
        errors = {
            "required": _("Write what you ask."),
            "max_length": _(
                "At most %(limit_value)d characters: this has %(show_value)d. Make it shorter."
            ),
        }
        super().__init__(max_length=LONGEST_MESSAGE, error_messages=errors)


@dataclass(frozen=True, slots=True)
class ActionResult:
    """The result of an action, as a sentence; `is_refusal` if nothing was done."""

    words: str
    is_refusal: bool = False


def perform(request: HttpRequest, election: Election) -> ActionResult:
    """Do what the request posts. Raises PermissionDenied, and Http404 for what is not here."""
    action = ACTIONS.get(request.POST.get("action", ""))
    if action is None:
        return ActionResult(_("Nothing was done: choose a button."), is_refusal=True)
    return action(request, election, Viewer.of(request))


def _approve(request: HttpRequest, election: Election, viewer: Viewer) -> ActionResult:
    """Publish one item, or each of several."""
    items = _items(request, election, viewer)
    if not items:
        return ActionResult(_("Choose what to publish."), is_refusal=True)
    answers = [_publish(request, item) for item in items]
    if any(answer.is_refusal for answer in answers):
        # Those that were published first.
        answers.sort(key=lambda answer: answer.is_refusal)
        return ActionResult(" ".join(answer.words for answer in answers), is_refusal=True)
    if len(answers) == 1:
        return answers[0]
    return ActionResult(_("%(n)d published.") % {"n": len(answers)})


def _publish(request: HttpRequest, item: ReviewItem) -> ActionResult:
    names = names_from_text(request.POST.get("ballot", ""))
    values = {"what": item.get_kind_display().split(",")[0], "where": item.contest.full_name}
    try:
        # One key for each item: a button that is pressed twice gets its first answer.
        key = f"approve-{item.pk}"
        result = desk.approve(item, by=editor_of(request), names=names, idempotency_key=key)
    except desk.DeskError as refusal:
        return ActionResult(f"{item.contest.full_name}: {_reason(refusal)}", is_refusal=True)
    values["number"] = str(result.sequence)
    return ActionResult(_("%(what)s from %(where)s published: bulletin %(number)s.") % values)


def _reason(refusal: desk.DeskError) -> str:
    if isinstance(refusal, desk.StaleRevision):
        return _("Another result was published there meanwhile: this one cannot follow it.")
    return str(refusal)


def _set_aside(request: HttpRequest, election: Election, viewer: Viewer) -> ActionResult:
    items = _items(request, election, viewer)
    if not items:
        return ActionResult(_("Choose whose is set aside."), is_refusal=True)
    note, by = request.POST.get("note", ""), editor_of(request)
    done: list[ReviewItem] = []
    refused: list[tuple[ReviewItem, desk.DeskError]] = []
    for item in items:
        try:
            desk.decline(item, by=by, note=note)
        except desk.DeskError as refusal:
            refused.append((item, refusal))
        else:
            done.append(item)
    if len(items) == len(refused) == 1:
        return ActionResult(f"{items[0].contest.full_name}: {refused[0][1]}", is_refusal=True)
    sentences = [_told_of(done)] if done else []
    if refused:
        each = " ".join(f"{user_name(item.by)}: {refusal}" for item, refusal in refused)
        sentences.append(_("Not set aside now: %(each)s") % {"each": each})
    return ActionResult(" ".join(sentences), is_refusal=bool(refused))


def _told_of(items: list[ReviewItem]) -> str:
    people = [*dict.fromkeys(user_name(item.by) for item in items)]
    values = {"where": items[0].contest.full_name, "who": listing(people)}
    text = ngettext(
        "%(where)s set aside. %(who)s is told. Readers saw nothing.",
        "%(where)s set aside. %(who)s are told. Readers saw nothing.",
        len(people),
    )
    return text % values


def _reopen(request: HttpRequest, election: Election, viewer: Viewer) -> ActionResult:
    for item in _items(request, election, viewer):
        try:
            desk.reopen(item, by=editor_of(request))
        except desk.DeskError as refusal:
            return ActionResult(f"{item.contest.full_name}: {refusal}", is_refusal=True)
        return ActionResult(_("%(where)s waits again.") % {"where": item.contest.full_name})
    return ActionResult(_("Nothing was done: choose a button."), is_refusal=True)


def _ask(request: HttpRequest, election: Election, viewer: Viewer) -> ActionResult:
    """Write to the reporters of a count, or to those whose results differ."""
    if not viewer.writes_notes:
        raise PermissionDenied
    contest = _contest(request, election)
    try:
        text = QuestionField().clean(request.POST.get("text", ""))
    except ValidationError as exc:
        return ActionResult(f"{contest.full_name}: {' '.join(exc.messages)}", is_refusal=True)
    chosen = list(filter(None, map(read_id, request.POST.getlist("to"))))
    sent = Assignment.objects.filter(contest=contest)
    if chosen:
        # Who sent a result may have been sent elsewhere meanwhile: the phone shows it there.
        sent = Assignment.objects.filter(contest__election=election, reporter__in=chosen)
    people = list(User.objects.filter(pk__in=sent.values("reporter")).order_by("pk"))
    if not people:
        words = _("Nobody is sent to %(where)s: there is nobody to ask.")
        return ActionResult(words % {"where": contest.full_name}, is_refusal=True)
    for person in people:
        write_message(election, text, to=person, by=editor_of(request))
    names = ", ".join(map(user_name, people))
    return ActionResult(
        _("Asked: %(who)s, at %(where)s.") % {"who": names, "where": contest.full_name}
    )


def _retime(request: HttpRequest, election: Election, viewer: Viewer) -> ActionResult:
    """Publish when a declaration is expected now."""
    if not viewer.retimes:
        raise PermissionDenied
    contest = _contest(request, election)
    try:
        at = TimeOfNightField(election, in_future=True).clean(request.POST.get("expected_at", ""))
    except ValidationError as exc:
        return ActionResult(f"{contest.full_name}: {' '.join(exc.messages)}", is_refusal=True)
    if at is None:
        return ActionResult(_("Give the time at which it is expected now."), is_refusal=True)
    try:
        desk.report_status(
            contest,
            None,
            by=editor_of(request),
            idempotency_key=f"night-{uuid.uuid4()}",
            expected_at=at,
        )
    except desk.DeskError as refusal:
        return ActionResult(f"{contest.full_name}: {_reason(refusal)}", is_refusal=True)
    values = {"where": contest.full_name, "time": expected_time(at, election)}
    return ActionResult(_("%(where)s is expected at %(time)s now: readers see it.") % values)


#: Actions by the value that their buttons post.
ACTIONS: Mapping[str, Callable[[HttpRequest, Election, Viewer], ActionResult]] = {
    "approve": _approve,
    "aside": _set_aside,
    "reopen": _reopen,
    "ask": _ask,
    "retime": _retime,
}


def _items(request: HttpRequest, election: Election, viewer: Viewer) -> list[ReviewItem]:
    """The items that the request names, as `item=17` or `item=17,18`, oldest first.

    Raises PermissionDenied where the viewer may not judge one of them.
    """
    texts = [text for value in request.POST.getlist("item") for text in value.split(",")]
    keys = [key for key in map(read_id, texts) if key]
    items = ReviewItem.objects.filter(pk__in=keys, contest__election=election)
    found = list(items.select_related("contest__election", "by").order_by("pk"))
    if not viewer.sees_items or not all(viewer.may_judge(item.kind) for item in found):
        raise PermissionDenied
    return found


def _contest(request: HttpRequest, election: Election) -> Contest:
    contests = Contest.objects.filter(election=election).select_related("election")
    return get_object_or_404(contests, pk=read_id(request.POST.get("contest", "")))
