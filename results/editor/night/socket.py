"""The socket of the night dashboard, notified when something of its election changes."""

from django.http import HttpRequest

from results.desk.changes import ChangeKind
from results.desk.signed_in_socket import Interest, SignedInSocket
from results.models import OPENED_BY

#: All kinds of changes that the dashboard shows.
KINDS = frozenset({ChangeKind.PUBLISHED, ChangeKind.REVIEW, ChangeKind.MESSAGE, ChangeKind.COUNT})


def admit(request: HttpRequest, election: str) -> Interest | None:
    """Admit whom the page would: staff who may see contests, and no session opened by a pass."""
    user, by_pass = request.user, OPENED_BY in request.session
    if by_pass or not user.is_staff or not user.has_perm("results.view_contest"):
        return None
    return Interest(KINDS, elections=frozenset({int(election)}))


night_socket = SignedInSocket("night", admit)
