"""Recognise a form of the admin that is sent twice, of which nothing is published.

What publishes is recognised by the desk, which answers a key again. Other forms that add a row
store a record without a bulletin under their key, in the transaction that adds it.
"""

import hashlib
from typing import TypeVar

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from results.editor.annotations import Context
from results.editor.idempotency import new_key
from results.models import IdempotencyRecord

M = TypeVar("M", bound=models.Model)

#: The hidden field with the key.
FIELD = "_once"


class AlreadySent(Exception):
    """Raised where another request with the form's key was saved."""


def stored_key(key: str, content: str = "") -> str:
    """The key as it is stored: apart from keys of what publishes, and of fixed length."""
    digest = hashlib.sha256(f"{key}\n{content}".encode()).hexdigest()
    return f"form-{digest}"


def was_sent(by: User, key: str) -> bool:
    return IdempotencyRecord.objects.filter(by=by, idempotency_key=stored_key(key)).exists()


def remember_sent(by: User, key: str, content: str = "") -> None:
    """Store that the form was saved. Raises AlreadySent where that is stored already."""
    stored = stored_key(key, content)
    try:
        with transaction.atomic():
            IdempotencyRecord.objects.create(by=by, idempotency_key=stored, fingerprint="")
    except IntegrityError as exc:
        raise AlreadySent from exc


class SentOnceMixin(admin.ModelAdmin[M]):
    """Saves a form that adds a row once, and says so when it is sent again."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Context | None = None,
    ) -> HttpResponse:
        if object_id is not None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        key = request.POST.get(FIELD, "")
        if key and was_sent(_sender(request), key):
            return self._sent_before(request)
        extra = {**(extra_context or {}), "once_field": FIELD, "once": key or new_key()}
        try:
            return super().changeform_view(request, object_id, form_url, extra)
        except AlreadySent:
            return self._sent_before(request)

    def response_add(
        self, request: HttpRequest, obj: M, post_url_continue: str | None = None
    ) -> HttpResponse:
        if key := request.POST.get(FIELD, ""):
            remember_sent(_sender(request), key)
        return super().response_add(request, obj, post_url_continue)

    def _sent_before(self, request: HttpRequest) -> HttpResponse:
        words = _("This form was sent before, and was saved once.")
        messages.warning(request, words)
        if not self.has_view_or_change_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"
        return HttpResponseRedirect(reverse(name))


def _sender(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
