"""The socket of a reporter's phone, notified of what concerns its counts and submissions."""

from django.http import HttpRequest

from results.desk.changes import ChangeKind
from results.desk.signed_in_socket import Interest, SignedInSocket
from results.models import Assignment
from results.reporter.permissions import user_of

KINDS = frozenset({ChangeKind.PUBLISHED, ChangeKind.REVIEW, ChangeKind.MESSAGE, ChangeKind.COUNT})


def admit(request: HttpRequest) -> Interest:
    """Admit reporters to news of their own counts, and editors to news of all."""
    user = user_of(request)
    if user.has_perm("results.add_declaration"):
        return Interest(KINDS)
    sent_to = Assignment.objects.filter(reporter=user)
    rows = list(sent_to.values_list("contest", "contest__election"))
    return Interest(
        KINDS,
        elections=frozenset(election for _contest, election in rows),
        contests=frozenset(contest for contest, _election in rows),
    )


reporter_socket = SignedInSocket("reporter", admit)
