"""Publish the close of poll in one bulletin, by whichever process is first."""

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from results.desk.accounts import system_user
from results.desk.bulletins import BulletinDraft
from results.desk.polling_thread import PollingThread
from results.desk.publishing import create_bulletin, locked_night
from results.live.fragments import election_locale
from results.models import Bulletin, Election, Night

#: How late a close of poll must be before a server publishes it in place of the worker.
LATE = timedelta(seconds=5)


class CloseOfPollThread(PollingThread):
    """Thread that publishes closes of poll: immediately in the worker, with a delay in servers.

    The second process finds the bulletin published.
    """

    does = "no close of poll is published"

    def __init__(self, late: timedelta = timedelta()) -> None:
        super().__init__(name="close-of-poll")
        self._late = late

    def poll(self) -> None:
        publish_closes_of_poll(self._late)


def publish_closes_of_poll(late: timedelta = timedelta()) -> list[Bulletin]:
    """Publish each close of poll that passed `late` ago and has no bulletin; one query if none.

    The due ones are read from the elections each time: so a close of poll that was moved, a process
    that was started late and a restored backup need nothing else.
    """
    due = Night.objects.filter(election__polls_close__lte=timezone.now() - late).filter(
        Q(poll_closed_at=None) | Q(poll_closed_at__lt=F("election__polls_close"))
    )
    bulletins = [publish_close_of_poll(pk) for pk in due.values_list("pk", flat=True)]
    return [bulletin for bulletin in bulletins if bulletin is not None]


def close_of_poll_was_moved(election: Election) -> None:
    """Have no bulletin say again that polls have closed, after one passed moment became another.

    No page said in between that they are open.
    """
    if election.polls_close <= timezone.now():
        Night.objects.filter(election=election, poll_closed_at__isnull=False).update(
            poll_closed_at=election.polls_close
        )


def publish_close_of_poll(election_pk: int) -> Bulletin | None:
    """Publish that the election's polls have closed; None if they have not, or it was published.

    An election that readers cannot see, or whose night is closed, gets no bulletin.
    """
    with locked_night(election_pk) as night:
        election: Election = night.election
        if night.is_closed_for(election) or timezone.now() < election.polls_close:
            return None
        night.poll_closed_at = election.polls_close
        if election.final or not election.is_published:
            night.save(update_fields=["poll_closed_at"])
            return None
        with election_locale(election):
            summary = _("Polls have closed")
        draft = BulletinDraft(
            kind=Bulletin.Kind.CLOSE,
            summary=summary,
            night_parts=("progress", "headline"),
            says={"polls_close": election.polls_close},
        )
        return create_bulletin(night, draft, system_user("clock"))
