"""Store what browsers ask to be sent, and delete it again."""

import base64
import binascii
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.db.models import Q
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from results.models import (
    OPENED_BY,
    Election,
    Night,
    PushFollow,
    PushPosition,
    PushSubscription,
    ReporterPass,
)
from results.push.services import is_known_service, is_local

#: Session key of the digest of the subscription that the session's phone has.
SUBSCRIBED = "push_subscription"
#: Cookie with the same, which outlasts the session: the phone may have signed in anew since.
PUSH_COOKIE = "push_phone"
PUSH_COOKIE_SECONDS = 30 * 24 * 3600
#: Things that one browser may follow.
MOST_TOPICS = 100
#: With the longest slug that a contest may have.
TOPIC = re.compile(r"(seats|parties|night):[-\w]{1,120}", re.ASCII)


class SubscriptionRefused(ValueError):
    """The browser's request cannot be stored. The text is for a reader."""


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser's push endpoint, and the keys that it generated for the subscription."""

    endpoint: str
    p256dh: str
    auth: str
    language: str = ""

    def check(self) -> None:
        """Raise SubscriptionRefused if invalid; each sending checks the resolved address."""
        try:
            parts = urlsplit(self.endpoint)
            _port = parts.port
        except ValueError:
            text = _("The push service has no address that can be used.")
            raise SubscriptionRefused(text) from None
        if parts.scheme != "https" and not is_local(parts.scheme):
            raise SubscriptionRefused(_("The push service has no https address."))
        if not parts.hostname or parts.username is not None or len(self.endpoint) > 700:
            raise SubscriptionRefused(_("The push service has no address that can be used."))
        if not is_known_service(self.endpoint):
            raise SubscriptionRefused(_("Messages cannot be sent by this browser’s push service."))
        try:
            point, secret = _decoded(self.p256dh), _decoded(self.auth)
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        except (ValueError, binascii.Error):
            raise SubscriptionRefused(_("The browser’s keys are damaged.")) from None
        if len(secret) != 16:
            raise SubscriptionRefused(_("The browser’s keys are damaged."))


def _decoded(text: str) -> bytes:
    if not re.fullmatch(r"[-\w]{1,100}={0,2}", text, re.ASCII):
        raise ValueError(text)
    return base64.urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))


def subscribe(browser: Browser, election: Election, topics: Collection[str]) -> None:
    """Send this browser messages of these topics, and of no others. Raises SubscriptionRefused."""
    browser.check()
    if _is_over(election):
        raise SubscriptionRefused(_("Nothing is sent of this election."))
    if len(topics) > MOST_TOPICS or not all(map(TOPIC.fullmatch, topics)):
        raise SubscriptionRefused(_("Follow a hundred at most."))
    digest = PushSubscription.digest_of(browser.endpoint)
    readers = PushSubscription.objects.filter(reporter=None)
    is_new = not readers.filter(digest=digest, election=election).exists()
    if is_new and readers.count() >= settings.PUSH_SUBSCRIPTIONS:
        raise SubscriptionRefused(_("No more browsers can be told this way. Keep the page open."))
    with transaction.atomic():
        if not readers.filter(election=election).exists():
            _start_from_now(election)
        row, _made = PushSubscription.objects.update_or_create(
            digest=digest, election=election, reporter=None, defaults=_columns(browser)
        )
        row.follows.exclude(topic__in=topics).delete()
        PushFollow.objects.bulk_create(
            [PushFollow(subscription=row, topic=topic) for topic in topics], ignore_conflicts=True
        )


def _start_from_now(election: Election) -> None:
    """Start at the end of the log, so that the first browser is sent nothing earlier."""
    sequence = Night.objects.values_list("sequence", flat=True).get(election=election)
    PushPosition.objects.update_or_create(election=election, defaults={"sequence": sequence})


def subscribe_reporter(browser: Browser, reporter: User, reporter_pass: ReporterPass | None) -> str:
    """Subscribe this phone to the outcomes of its reporter's submissions and to messages.

    Return the digest that names it. Raises SubscriptionRefused.
    """
    browser.check()
    digest = PushSubscription.digest_of(browser.endpoint)
    # A phone may change hands: its subscription follows its present reporter.
    PushSubscription.objects.update_or_create(
        digest=digest,
        reporter__isnull=False,
        defaults={
            **_columns(browser),
            "reporter": reporter,
            "reporter_pass": reporter_pass,
            # Of the session that is open now.
            "created_at": timezone.now(),
        },
        create_defaults={
            **_columns(browser),
            "digest": digest,
            "reporter": reporter,
            "reporter_pass": reporter_pass,
        },
    )
    return digest


def _columns(browser: Browser) -> dict[str, str]:
    return {
        "endpoint": browser.endpoint,
        "p256dh": browser.p256dh,
        "auth": browser.auth,
        "language": browser.language[:12],
    }


def unsubscribe(endpoint: str, election: Election | None = None) -> None:
    """Delete a browser's subscription: of one election, or that of a reporter's phone."""
    rows = PushSubscription.objects.filter(digest=PushSubscription.digest_of(endpoint))
    rows = (
        rows.filter(reporter__isnull=False) if election is None else rows.filter(election=election)
    )
    rows.delete()


@receiver(user_logged_out, dispatch_uid="results.push.signed_out")
def stop_phone(request: HttpRequest, user: User | None, **_details: object) -> None:
    """Delete the subscription of the phone that signs out, and of no other of its reporter.

    It is deleted whichever session of this phone subscribed. A pass opens one phone only; another
    is known by its cookie, with which nobody ends a subscription of somebody else's.
    """
    session = request.session
    digests = [session.get(SUBSCRIBED), request.COOKIES.get(PUSH_COOKIE)]
    subscribed = Q(digest__in=[each for each in digests if each and "\0" not in each])
    of_pass = Q(reporter_pass=session[OPENED_BY]) if session.get(OPENED_BY) else Q(pk=None)
    if user is not None:
        PushSubscription.objects.filter(subscribed | of_pass, reporter=user).delete()


def forget_old() -> None:
    """Delete subscriptions of nights that ended some days ago, and of passes and sessions."""
    now = timezone.now()
    began = now - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    of_session = Q(reporter__isnull=False, reporter_pass=None, created_at__lte=began)
    of_pass = Q(reporter_pass__revoked_at__isnull=False) | Q(reporter_pass__expires_at__lte=now)
    PushSubscription.objects.filter(of_session | of_pass).delete()
    for election in Election.objects.filter(pk__in=_subscribed()):
        if _is_over(election):
            PushSubscription.objects.filter(election=election).delete()


def _is_over(election: Election) -> bool:
    return timezone.now() > election.pushed_until


def _subscribed() -> set[int]:
    rows = PushSubscription.objects.filter(reporter=None).values_list("election", flat=True)
    return {pk for pk in rows.distinct() if pk is not None}
