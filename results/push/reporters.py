"""Push messages to a reporter's phone: what became of what it sent, and messages of the desk.

Also sent during a rehearsal, of which readers are sent nothing; not for a draft.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from results import desk
from results.desk.messages import message_to, messages_to
from results.models import Bulletin, Contest, PushMessage, PushSubscription, ReviewItem
from results.models.languages import reporting_in
from results.push.messages import ITEM, MESSAGE, MessageWords

#: Older events are not sent, because they are of no use to the reporter any more.
MAX_AGE = timedelta(hours=1)

_RESULTS = (
    Bulletin.Kind.DECLARATION,
    Bulletin.Kind.WINNER_ONLY,
    Bulletin.Kind.UPDATE,
    Bulletin.Kind.INCOMPLETE,
)


def live_phones() -> "QuerySet[PushSubscription]":
    """Phones of reporters who are still admitted: their pass, or the session of their password.

    A phone subscribes again whenever it opens its counts signed in.
    """
    now = timezone.now()
    began = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    is_good = Q(reporter_pass=None, created_at__gt=began) | Q(
        reporter_pass__revoked_at=None, reporter_pass__expires_at__gt=now
    )
    return PushSubscription.objects.filter(is_good, reporter__is_active=True)


def create_messages() -> int:
    """Create a message of each new thing for a subscribed reporter; return how many."""
    since = timezone.now() - MAX_AGE
    made: list[PushMessage] = []
    for phone in live_phones().select_related("reporter").distinct():
        assert phone.reporter is not None
        made += _messages_for(phone.reporter, max(since, phone.created_at))
    before = PushMessage.objects.count()
    PushMessage.objects.bulk_create(made, ignore_conflicts=True)
    return PushMessage.objects.count() - before


def _messages_for(reporter: User, since: datetime) -> Iterator[PushMessage]:
    own = {"reporter": reporter}
    items = ReviewItem.objects.filter(by=reporter, settled_at__gt=since).exclude(
        state__in=[ReviewItem.State.WAITING, ReviewItem.State.REPLACED]
    )
    for item in items.exclude(settled_by=reporter).select_related("contest"):
        yield PushMessage(election_id=item.contest.election_id, about=ITEM, number=item.pk, **own)
    bulletins = Bulletin.objects.filter(
        by=reporter, published_at__gt=since, kind__in=_RESULTS, review_items=None
    )
    for bulletin in bulletins.defer("fragments").select_related("contest"):
        assert bulletin.contest is not None
        yield PushMessage(
            election_id=bulletin.election_id,
            about=bulletin.contest.slug,
            number=bulletin.sequence,
            **own,
        )
    for message, reading in messages_to(reporter):
        if reading is None and message.sent_at > since:
            yield PushMessage(
                election_id=message.election_id, about=MESSAGE, number=message.pk, **own
            )


def reporter_words(
    message: PushMessage,
) -> "tuple[dict[str, MessageWords], QuerySet[PushSubscription]] | None":
    """Return the message as it stands now, by language, and the reporter's phones.

    None if it was overtaken.
    """
    assert message.reporter is not None
    words = {}
    for language in dict(settings.LANGUAGES):
        with timezone.override(message.election.zone), reporting_in(language):
            found = _words(message, message.reporter)
        if found is None:
            return None
        text, path = found
        words[language] = MessageWords(text=text, path=path, language=language)
    return words, live_phones().filter(reporter=message.reporter)


def _words(message: PushMessage, reporter: User) -> tuple[str, str] | None:
    """Return the text in the active language, and the path of the page that it leads to."""
    if message.about == MESSAGE:
        found = message_to(reporter, message.number)
        if found is None:
            return None
        return _("The desk: %(text)s") % {"text": found.text}, reverse("my_counts")
    if message.about == ITEM:
        return _about_item(message.number)
    log = Bulletin.objects.filter(election=message.election, sequence=message.number)
    bulletin = log.defer("fragments").select_related("contest__election", "declaration").first()
    return None if bulletin is None else _live(bulletin)


def _about_item(pk: int) -> tuple[str, str] | None:
    items = ReviewItem.objects.select_related("contest__election", "bulletin__contest__election")
    item = items.filter(pk=pk).first()
    if item is None or item.waits:
        return None
    if item.bulletin is not None:
        # Without a summary: its words were withdrawn for good meanwhile.
        return _live(item.bulletin) if item.bulletin.summary else None
    text = _("Set aside by the desk: %(kind)s, %(where)s. %(note)s") % {
        "kind": item.get_kind_display(),
        "where": item.contest.full_name,
        "note": item.note,
    }
    return text.strip(), _path(item.contest)


def _live(bulletin: Bulletin) -> tuple[str, str] | None:
    """Say that it is published; None where something else has been published in its place."""
    if desk.find_later(bulletin) is not None:
        return None
    contest = bulletin.contest
    text = _("Published, bulletin %(number)s: %(result)s.") % {
        "number": bulletin.sequence,
        "result": (
            desk.summary_in_active_language(contest, bulletin) if contest else bulletin.summary
        ),
    }
    return text, _path(contest) if contest else reverse("my_counts")


def _path(contest: Contest) -> str:
    return reverse("count", args=[contest.election.slug, contest.slug])
