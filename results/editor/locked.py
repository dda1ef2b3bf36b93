"""Admin of locked sign-ins: a list of who is locked out, and an action that unlocks them."""

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Case, CharField, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _, ngettext

from results.desk import throttle
from results.editor.base import ListAdmin, editor_of
from results.models import SignInThrottle


@admin.register(SignInThrottle)
class LockedSignInAdmin(ListAdmin[SignInThrottle]):
    """Lists locked accounts and addresses; usernames that no account has are left out."""

    list_display = ("who", "kind", "scope", "until")
    list_display_links = None
    search_fields = ("username",)
    actions = ("unlock",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[SignInThrottle]:
        """Superusers see all; others see reporters and addresses."""
        users = User.objects.all()
        if not request.user.is_superuser:
            users = users.filter(is_staff=False)
        names = throttle.usernames_by_hash(users.values_list("username", flat=True))
        locked = super().get_queryset(request).filter(throttle.is_locked())
        hashes = names.keys() & set(locked.values_list("account", flat=True))
        cases = (When(account=account, then=Value(names[account])) for account in hashes)
        rows: QuerySet[SignInThrottle] = locked.filter(account__in=["", *hashes]).annotate(
            username=Case(*cases, default=Value(""), output_field=CharField(max_length=150))
        )
        return rows

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
        selected = list(rows)
        names = sorted({str(getattr(row, "username", "")) for row in selected} - {""})
        for name in names:
            throttle.unlock(name, by=by)
        everybody = [row for row in selected if not row.account]
        for row in everybody:
            throttle.unlock_everybody(row, by=by)
        number = len(names) + len(everybody)
        text = ngettext("%(n)d sign-in was unlocked.", "%(n)d sign-ins were unlocked.", number)
        self.message_user(request, text % {"n": number}, messages.SUCCESS)
