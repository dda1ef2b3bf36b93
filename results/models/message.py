"""Messages from the desk to reporters, and the reporters' answers."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .election import Election

#: The most characters of a message and of an answer: both are read on a phone in a hall.
LONGEST_MESSAGE = 500
LONGEST_ANSWER = 200


class Message(models.Model):
    """A message from the desk to one reporter, or to all assigned to a count of the election."""

    election = models.ForeignKey(
        Election, models.CASCADE, related_name="messages", verbose_name=_("election")
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("to"),
        help_text=_("Empty: everybody who is sent to a count of the election."),
    )
    text = models.TextField(_("message"), max_length=LONGEST_MESSAGE)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    sent_at = models.DateTimeField(_("sent at"), auto_now_add=True)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        verbose_name = _("message to reporters")
        verbose_name_plural = _("messages to reporters")

    def __str__(self) -> str:
        return self.text[:60]


class MessageReading(models.Model):
    """A reporter's receipt of a message, shown on the phone, with the latest answer to it."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="readings")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("reporter")
    )
    read_at = models.DateTimeField(_("read at"), auto_now_add=True)
    answer = models.CharField(_("answer"), max_length=LONGEST_ANSWER, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        ordering = ["read_at"]
        constraints = [
            models.UniqueConstraint(fields=["message", "reporter"], name="read_once_by_each")
        ]
        verbose_name = _("answer to a message")
        verbose_name_plural = _("answers to messages")

    def __str__(self) -> str:
        return f"{self.reporter}: {self.answer}"


class MessageAnswer(models.Model):
    """An answer that arrived, with its idempotency key: phones repeat unacknowledged requests."""

    reading = models.ForeignKey(MessageReading, models.CASCADE, related_name="answers")
    text = models.CharField(max_length=LONGEST_ANSWER)
    #: When the reporter sent it, by the server's clock: an older one may arrive later.
    written_at = models.DateTimeField()
    idempotency_key = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reading", "idempotency_key"], name="message_answer_once"
            )
        ]

    def __str__(self) -> str:
        return self.text
