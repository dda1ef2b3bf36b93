"""Database sessions that expire SESSION_COOKIE_AGE after sign-in, however busy they are.

Django puts the expiry off whenever something is stored in the session.
"""

import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.dispatch import receiver
from django.http import HttpRequest

from results.desk.change_notifications import notify_change
from results.desk.changes import Change, ChangeKind

#: Key in the session: when it was signed in to, in seconds since 1970.
BEGAN = "began"


class SessionStore(DatabaseStore):
    """Django's database sessions, with an expiry that nothing puts off."""

    def get_expiry_age(self, **options: Any) -> int:
        return max(0, min(super().get_expiry_age(**options), int(self._ends() - time.time())))

    def get_expiry_date(self, **options: Any) -> datetime:
        expiry: datetime = super().get_expiry_date(**options)
        return min(expiry, datetime.fromtimestamp(self._ends(), UTC))

    def flush(self) -> None:
        """End the session; its user's open pages are closed."""
        user = self.get(SESSION_KEY)
        super().flush()
        if user is not None:
            notify_change(Change(ChangeKind.ACCESS, users=(int(user),)))

    def _ends(self) -> float:
        return float(self.get(BEGAN, time.time())) + settings.SESSION_COOKIE_AGE


@receiver(user_logged_in, dispatch_uid="electiondesk.sessions.began")
def _set_began(sender: Any, request: HttpRequest, **_more: Any) -> None:
    """Start the session's time at every sign-in."""
    request.session[BEGAN] = time.time()
