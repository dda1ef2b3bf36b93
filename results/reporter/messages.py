"""Messages of the desk on a reporter's phone: shown, marked read, and answered in a line."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_POST

from results.arithmetic import read_id
from results.desk.errors import TakenBack
from results.desk.messages import (
    answer_message,
    find_answer,
    mark_read,
    message_to,
    messages_to,
    take_back_answer,
)
from results.forms import VisibleTextField
from results.models import LONGEST_ANSWER, Message, MessageReading
from results.reporter.access import reporters_only
from results.reporter.forms import SubmissionForm, TakeBackForm
from results.reporter.permissions import user_of
from results.reporter.responses import from_outbox, taken_back_text
from results.words.times import clock
from results.words.user_names import user_name


class AnswerForm(SubmissionForm):
    answer = VisibleTextField(label=gettext_lazy("Answer"), max_length=LONGEST_ANSWER)


def read_messages(request: HttpRequest) -> list[dict[str, Any]]:
    """Mark the messages read that the phone reports as shown; return the newest messages."""
    user = user_of(request)
    messages = messages_to(user)
    shown = {read_id(pk) for pk in request.POST.getlist("read")}
    unread = [message for message, own in messages if own is None and message.pk in shown]
    if unread:
        mark_read(unread, user)
        messages = messages_to(user)
    return [_as_json(message, own) for message, own in messages]


def messages_of(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the newest messages for a page, and mark them read."""
    user = user_of(request)
    messages = messages_to(user)
    mark_read([message for message, own in messages if own is None], user)
    return [_as_json(message, own) for message, own in messages]


def _as_json(message: Message, reading: MessageReading | None) -> dict[str, Any]:
    return {
        "id": message.pk,
        "at": clock(message.sent_at, message.election.zone),
        "by": user_name(message.by),
        "text": message.text,
        "read": reading is not None,
        "answer": reading.answer if reading else "",
        "address": reverse("answer_message", args=[message.pk]),
    }


@require_POST
@reporters_only
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Store a reporter's answer to one of the desk's messages."""
    user = user_of(request)
    message = message_to(user, pk)
    if message is not None and request.POST.get("step") == "take-back":
        return _take_back(request, message)
    if message is None and _is_known(request):
        return _kept(request)
    form = AnswerForm(request.POST)
    if message is None or not form.is_valid():
        texts = [str(error) for errors in form.errors.values() for error in errors]
        texts = texts or [_("This message is not for you any more.")]
        return _refused(request, texts, final=message is None)
    data = form.cleaned_data
    try:
        answer_message(
            message,
            data["answer"],
            reporter=user,
            idempotency_key=data["key"],
            written_at=form.sent_at,
        )
    except TakenBack:
        return _refused(request, [taken_back_text()])
    if not from_outbox(request):
        return HttpResponseRedirect(f"{reverse('my_counts')}#messages")
    return _kept(request)


def _is_known(request: HttpRequest) -> bool:
    """Whether the phone sends an answer that the desk has already."""
    form = TakeBackForm(request.POST)
    known = form.is_valid() and find_answer(user_of(request), form.cleaned_data["key"])
    return from_outbox(request) and bool(known)


def _kept(request: HttpRequest) -> JsonResponse:
    fields = {"key": request.POST.get("key", ""), "address": reverse("my_counts")}
    return JsonResponse({**fields, "state": "kept", "words": _("The desk has your answer.")})


def _take_back(request: HttpRequest, message: Message) -> HttpResponse:
    """Take back an answer that may not have arrived, or report that the desk has it."""
    form = TakeBackForm(request.POST)
    fields = {"key": request.POST.get("key", ""), "address": reverse("my_counts")}
    if not form.is_valid():
        texts = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({**fields, "state": "faulty", "findings": texts}, status=422)
    key = form.cleaned_data["key"]
    if take_back_answer(message, reporter=user_of(request), idempotency_key=key):
        return JsonResponse({**fields, "state": "taken-back", "words": taken_back_text()})
    return _kept(request)


def _refused(request: HttpRequest, texts: list[str], *, final: bool = False) -> HttpResponse:
    """`final` tells the phone that there is no form any more for another in its place."""
    if from_outbox(request):
        fields = {"key": request.POST.get("key", ""), "address": reverse("my_counts")}
        answer = {**fields, "state": "refused", "findings": texts, "final": final}
        return JsonResponse(answer, status=422)
    return render(request, "reporter/answer_refused.html", {"texts": texts}, status=422)
