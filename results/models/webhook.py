"""Webhooks: receivers of a night's events, and the deliveries to them."""

import secrets
from base64 import b64encode
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .election import Election
from .group import Group

#: Prefix of every secret, as specified by https://www.standardwebhooks.com.
SECRET_PREFIX = "whsec_"  # noqa: S105 - no secret


def new_secret() -> str:
    return SECRET_PREFIX + b64encode(secrets.token_bytes(32)).decode()


def validate_events(events: Any) -> None:
    """Raise ValidationError for anything but a list of events, with at least one."""
    known = set(Webhook.Event.values)
    if not isinstance(events, list) or not events or not set(events) <= known:
        raise ValidationError(_("Choose what to tell."))


class Webhook(models.Model):
    """An address that events are sent to as they happen."""

    class Format(models.TextChoices):
        WEBHOOK = "webhook", _("signed JSON, for a program")
        SLACK = "slack", "Slack"
        TEAMS = "teams", "Microsoft Teams"

    class Event(models.TextChoices):
        DECLARED = "declared", _("a result")
        GAIN = "gain", _("a seat that changed hands")
        CORRECTION = "correction", _("a correction or withdrawal")
        PERSON = "person", _("something waits for a person")

    name = models.CharField(_("name"), max_length=60, help_text=_("As in “Slack #politics”."))
    format = models.CharField(
        _("sends"), max_length=8, choices=Format.choices, default=Format.WEBHOOK
    )
    url = models.URLField(
        _("address"), max_length=500, help_text=_("Whoever has it can post there: keep it secret.")
    )
    events = models.JSONField(_("of"), default=list, validators=[validate_events])
    election = models.ForeignKey(
        Election,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("election"),
        help_text=_("Leave empty for every election."),
    )
    group = models.ForeignKey(
        Group,
        models.CASCADE,
        null=True,
        blank=True,
        verbose_name=_("contests of"),
        help_text=_("A group, such as “Our patch”. Leave empty for all contests."),
    )
    active = models.BooleanField(_("active"), default=True)
    secret = models.CharField(max_length=80, default=new_secret, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.name


class WebhookPosition(models.Model):
    """The last bulletin and review item of an election that a webhook was sent."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="positions")
    election = models.ForeignKey(Election, models.CASCADE, related_name="+")
    sequence = models.PositiveIntegerField(default=0)
    review_item = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["webhook", "election"], name="one_position_each")
        ]

    def __str__(self) -> str:
        return f"{self.webhook_id} at {self.sequence} of {self.election_id}"


class WebhookDelivery(models.Model):
    """The delivery of one event to one webhook, waiting or settled.

    It stores no published words: each attempt sends the state at that moment.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        OVERTAKEN = "overtaken", _("Overtaken before it was sent")
        GIVEN_UP = "given_up", _("Given up")

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    election = models.ForeignKey(
        Election, models.CASCADE, related_name="+", verbose_name=_("election")
    )
    event = models.CharField(_("event"), max_length=12, choices=Webhook.Event.choices)
    #: The bulletin, or the review item, that it is about.
    number = models.PositiveBigIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.WAITING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    error = models.CharField(_("what went wrong"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("happened at"), auto_now_add=True)
    settled_at = models.DateTimeField(_("settled at"), null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["webhook", "election", "event", "number"], name="one_delivery_each"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="deliveries_due")
        ]
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")

    def __str__(self) -> str:
        return f"{self.webhook}: {self.get_event_display()}, {self.number}"

    def claim(self, lease: timedelta) -> bool:
        """Claim the delivery for one attempt; return False where another worker has it.

        If this worker dies, the next one tries again after the lease.
        """
        own = WebhookDelivery.objects.filter(pk=self.pk, state=self.State.WAITING)
        until = timezone.now() + lease
        return bool(own.filter(due_at=self.due_at).update(due_at=until))
