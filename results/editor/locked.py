"""Locked sign-ins: who has to wait, and the action that lets them try again now."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Case, CharField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from results.desk import throttle
from results.editor.base import DeskAdmin, editor_of
from results.models import SignInThrottle


@admin.register(SignInThrottle)
class LockedSignInAdmin(DeskAdmin[SignInThrottle]):
    """Lists accounts that exist, and addresses; guesses at names that nobody has are left out."""

    list_display = ("who", "kind", "scope", "until")
    list_display_links = None
    search_fields = ("username",)
    actions = ("unlock",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Unlocking is all that can change: an action of the list, and no form."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        extra = {"title": _("Locked sign-ins"), **(extra_context or {})}
        response: HttpResponse = super().changelist_view(request, extra)
        return response

    def get_queryset(self, request: HttpRequest) -> QuerySet[SignInThrottle]:
        """Superusers see all; others see reporters and addresses."""
        users = User.objects.all()
        if not request.user.is_superuser:
            users = users.filter(is_staff=False)
        names = throttle.names_by_mark(users.values_list("username", flat=True))
        locked = super().get_queryset(request).filter(throttle.is_locked())
        locked = locked.filter(account__in=["", *_marks(locked, names)])
        named = (When(account=mark, then=Value(names[mark])) for mark in _marks(locked, names))
        username = Case(*named, default=Value(""), output_field=CharField(max_length=150))
        shown: QuerySet[SignInThrottle] = locked.annotate(username=username)
        return shown

    @admin.display(description=_("who"), ordering="username")
    def who(self, row: SignInThrottle) -> str:
        username: str = getattr(row, "username", "")
        return username or str(_("Everybody who is new there"))

    @admin.display(description=_("locked until"), ordering="ends_at")
    def until(self, row: SignInThrottle) -> str:
        return throttle.TooManyTries(row.ends_at).clock

    @admin.action(
        description=_("Unlock: let them try again now"),
        permissions=["change"],
    )
    def unlock(self, request: HttpRequest, rows: "QuerySet[SignInThrottle]") -> None:
        by = editor_of(request)
        chosen = list(rows)
        names = sorted({row.username for row in chosen if row.username})  # type: ignore[attr-defined]
        for name in names:
            throttle.unlock(name, by=by)
        for row in chosen:
            if not row.account:
                throttle.unlock_everybody(row, by=by)
        done = len(names) + sum(not row.account for row in chosen)
        words = ngettext("%(n)d sign-in was unlocked.", "%(n)d sign-ins were unlocked.", done)
        self.message_user(request, words % {"n": done}, messages.SUCCESS)


def _marks(rows: "QuerySet[SignInThrottle]", names: dict[str, str]) -> list[str]:
    """Return those of the rows' accounts that have a name."""
    return [mark for mark in set(rows.values_list("account", flat=True)) if mark in names]
