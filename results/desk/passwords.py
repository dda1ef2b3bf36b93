"""Password forms that count each try before a password is hashed."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_login_failed
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from results.desk.audit import record_action
from results.desk.changes import Change, ChangeKind
from results.desk.throttle import TooManyTries, old_password_attempt, password_attempt
from results.models import Invitation, PushSubscription


class ThrottledLoginForm(AuthenticationForm):
    """Django's sign-in form, which checks no password while a limit of tries is reached.

    `closed` is that limit, for the response's status and headers.
    """

    closed: TooManyTries | None = None
    too_many = _("Too many tries. Wait until %(until)s.")

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username")
        if not username or not self.cleaned_data.get("password"):
            return self.cleaned_data
        assert self.request is not None
        try:
            attempt = password_attempt(self.request, username)
        except TooManyTries as closed:
            self.closed = closed
            raise forms.ValidationError(
                self.too_many, code="too_many", params={"until": closed.clock}
            ) from None
        try:
            cleaned: dict[str, Any] = super().clean()
        except forms.ValidationError:
            self._refuse_known(username)
            attempt.failed()
            raise
        attempt.succeeded()
        return cleaned

    def _refuse_known(self, username: str) -> None:
        """Record a right password of an account without access as a failed sign-in."""
        if self.user_cache is not None:
            credentials = {"username": username}
            user_login_failed.send(__name__, credentials=credentials, request=self.request)


class ThrottledPasswordChangeForm(PasswordChangeForm):
    """Django's password change form, which counts tries at the old password like a sign-in's."""

    required_css_class = "required"
    closed: TooManyTries | None = None

    @sensitive_variables("old_password")
    def clean_old_password(self) -> str:
        try:
            attempt = old_password_attempt(self.user)
        except TooManyTries as closed:
            self.closed = closed
            raise forms.ValidationError(
                _("Too many wrong passwords. Wait until %(until)s, then type the old one."),
                code="too_many",
                params={"until": closed.clock},
            ) from None
        try:
            old_password: str = super().clean_old_password()
        except forms.ValidationError:
            attempt.failed()
            raise
        attempt.succeeded()
        return old_password

    def save(self, commit: bool = True) -> Any:
        user = super().save(commit)
        end_pushed_messages(user)
        Invitation.revoke_all(user)
        change = Change(ChangeKind.ACCESS, users=(user.pk,))
        record_action(user, "password changed", change=change)
        return user


def end_pushed_messages(user: User) -> None:
    """Send nothing more to phones that a former password had signed in, as their sessions end."""
    PushSubscription.objects.filter(reporter=user, reporter_pass=None).delete()
