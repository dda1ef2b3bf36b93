"""Web Push: subscriptions of browsers, what they follow, and the progress of sending.

Of a reader nothing is stored but the address and keys that the browser made for this, the language,
and what is followed. It is deleted when the reader stops, when the push service says that it is
gone, and some days after the night.
"""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .election import Election
from .reporter_pass import ReporterPass


class PushSubscription(models.Model):
    """A browser's push subscription: a reader's for one election, or a reporter's phone's."""

    #: SHA-256 of the endpoint: addresses are too long for an index.
    digest = models.CharField(max_length=64)
    endpoint = models.URLField(max_length=700)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    language = models.CharField(max_length=12, blank=True)
    election = models.ForeignKey(Election, models.CASCADE, null=True, related_name="+")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )
    #: The reporter's pass: once it has ended, nothing more is sent.
    reporter_pass = models.ForeignKey(ReporterPass, models.CASCADE, null=True, related_name="+")
    #: Number of messages sent to it, which is limited for a night.
    sent = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["digest", "election"],
                condition=Q(reporter=None),
                name="one_push_subscription_each",
            ),
            models.UniqueConstraint(
                fields=["digest"],
                condition=Q(reporter__isnull=False),
                name="one_phone_subscription_each",
            ),
        ]
        verbose_name = _("push subscription")
        verbose_name_plural = _("push subscriptions")

    def __str__(self) -> str:
        return f"push subscription {self.pk}"

    @staticmethod
    def digest_of(endpoint: str) -> str:
        return hashlib.sha256(endpoint.encode()).hexdigest()


class PushFollow(models.Model):
    """A topic that a browser follows: `seats:<slug>`, `parties:<label>`, `night:all`."""

    subscription = models.ForeignKey(PushSubscription, models.CASCADE, related_name="follows")
    topic = models.CharField(max_length=130)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "subscription"], name="followed_once")
        ]

    def __str__(self) -> str:
        return f"{self.subscription_id}: {self.topic}"


class PushPosition(models.Model):
    """The bulletin of an election up to which messages have been created."""

    election = models.OneToOneField(Election, models.CASCADE, related_name="+")
    sequence = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.sequence} of {self.election_id}"


class PushMessage(models.Model):
    """One alert for all followers or for one reporter, and the state of its sending.

    It stores no published words: each batch is sent what stands at that moment.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        OVERTAKEN = "overtaken", _("Overtaken before it was sent")

    election = models.ForeignKey(Election, models.CASCADE, related_name="+")
    #: The contest's slug, or "" for the night's.
    about = models.CharField(max_length=100, blank=True)
    #: The bulletin that it is about or, in a reporter's message, the review item.
    number = models.PositiveBigIntegerField()
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    #: The subscription up to which it was sent, in order of their keys.
    position = models.PositiveBigIntegerField(default=0)
    delivered = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["election", "about", "number"],
                condition=Q(reporter=None),
                name="one_push_message_each",
            ),
            models.UniqueConstraint(
                fields=["reporter", "election", "about", "number"],
                condition=Q(reporter__isnull=False),
                name="one_push_message_a_reporter",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="push_messages_due")
        ]

    def __str__(self) -> str:
        return f"{self.about or 'night'}, {self.number}"


class PushRetry(models.Model):
    """A pending retry of a message to a browser for which sending failed."""

    message = models.ForeignKey(PushMessage, models.CASCADE, related_name="retries")
    subscription = models.ForeignKey(PushSubscription, models.CASCADE, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "subscription"], name="one_push_retry_each")
        ]

    def __str__(self) -> str:
        return f"{self.message_id} for {self.subscription_id}"
