"""Sessions in the database that end a night after they began, however busy they are.

Django's own end is put off whenever something is stored in the session.
"""

import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.http import HttpRequest

#: In each session: when it was signed in to, in seconds of the epoch.
BEGAN = "began"


class SessionStore(DatabaseStore):
    def get_expiry_age(self, **options: Any) -> int:
        return max(0, min(super().get_expiry_age(**options), int(self._ends() - time.time())))

    def get_expiry_date(self, **options: Any) -> datetime:
        own: datetime = super().get_expiry_date(**options)
        return min(own, datetime.fromtimestamp(self._ends(), UTC))

    def _ends(self) -> float:
        return float(self.get(BEGAN, time.time())) + settings.SESSION_COOKIE_AGE


def _note_the_beginning(sender: Any, request: HttpRequest, **_more: Any) -> None:
    request.session[BEGAN] = time.time()


def listen() -> None:
    """Every sign-in is the beginning of a session, whatever was in its cookie before."""
    user_logged_in.connect(_note_the_beginning, dispatch_uid="electiondesk.sessions.began")
