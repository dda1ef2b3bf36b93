"""Recognise a form of the admin that is sent twice, of which nothing is published.

What publishes is recognised by the desk, which answers a key again. Other forms that add a row have
their key stored in the sender's session, in the transaction that adds the row. Forms of accounts
and tokens, whose names are unique, have none.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from typing import TypeVar

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from results.editor.annotations import Context
from results.editor.idempotency import new_key

M = TypeVar("M", bound=models.Model)

#: The hidden field with the key.
FIELD = "_once"
#: Session key of the forms that were saved, and how many are remembered: the last ones.
SENT = "saved admin forms"
MAX_SENT = 50


class AlreadySent(Exception):
    """Raised for a form that was saved before."""


@contextmanager
def saved_once(request: HttpRequest, key: str, content: str = "") -> Iterator[Callable[[], None]]:
    """Open a transaction, and yield a function that remembers in it that the form was saved.

    `content` tells forms apart that may have the same key. Raises AlreadySent.
    """
    with transaction.atomic():
        # One form of a person at a time: another with the same key may be on its way.
        assert isinstance(request.user, User)
        User.objects.select_for_update(no_key=True).get(pk=request.user.pk)
        stored = hashlib.sha256(f"{key}\n{content}".encode()).hexdigest()[:32]
        if stored in _newest_session(request).get(SENT, []):
            raise AlreadySent
        yield partial(_remember, request, stored)


def _newest_session(request: HttpRequest) -> SessionBase:
    """The session as it is stored when it is first read; then without a key if it has ended."""
    return type(request.session)(request.session.session_key)


def _remember(request: HttpRequest, stored: str) -> None:
    """Add a form to the session of its sender, in the caller's transaction.

    Only this entry changes: other requests of the same browser may have stored something since this
    one began. Where one of them has ended the session, there is nothing to add to.
    """
    # Read and stored again with nothing in between.
    Session.objects.select_for_update().filter(pk=request.session.session_key).first()
    newest = _newest_session(request)
    sent = [*newest.get(SENT, []), stored][-MAX_SENT:]
    if newest.session_key is None:  # as was found by reading it
        return
    newest[SENT] = sent
    newest.save()
    # The middleware stores this request's copy only where it has changed in another way.
    is_modified = request.session.modified
    request.session[SENT] = sent
    request.session.modified = is_modified


class SentOnceMixin(admin.ModelAdmin[M]):
    """Saves a form that adds a row once, and says so when it is sent again.

    `publishes` is for a form with a key of its own, which the desk answers again.
    """

    publishes = False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Context | None = None,
    ) -> HttpResponse:
        if object_id is not None or self.publishes:
            return super().changeform_view(request, object_id, form_url, extra_context)
        key = request.POST.get(FIELD, "")
        extra = {**(extra_context or {}), "once_field": FIELD, "once": key or new_key()}
        if not key:
            return super().changeform_view(request, object_id, form_url, extra)
        try:
            with saved_once(request, key) as remember:
                response = super().changeform_view(request, object_id, form_url, extra)
                if response.status_code == HTTPStatus.FOUND:
                    remember()
        except AlreadySent:
            return self._sent_before(request)
        return response

    def _sent_before(self, request: HttpRequest) -> HttpResponse:
        words = _("This form was sent before, and was saved once.")
        messages.warning(request, words)
        if not self.has_view_or_change_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        return HttpResponseRedirect(reverse(name))
