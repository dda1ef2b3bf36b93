"""The thread of the worker that follows the logs for webhooks.

A thread of its own, so that loading a file does not delay the messages to newsrooms.
"""

from results.models import Night, ReviewItem, Webhook
from results.webhooks import deliveries
from results.webhooks.log_follower import NEWEST, LogFollower


class WebhookFollower(LogFollower):
    """Creates and sends deliveries of webhooks. An idle poll makes four queries."""

    does = "no webhooks are sent"

    def __init__(self) -> None:
        super().__init__("webhooks")

    def read_state(self) -> str | None:
        webhooks = tuple(Webhook.objects.filter(active=True).order_by("pk").values_list())
        if not webhooks:
            return None
        newest = tuple(ReviewItem.objects.order_by("-pk").values_list("pk", flat=True)[:NEWEST])
        nights = tuple(Night.objects.order_by("pk").values_list("pk", "epoch", "sequence"))
        return str((webhooks, nights, newest))

    def create(self) -> None:
        deliveries.create_deliveries()

    def send(self) -> None:
        deliveries.send_due()

    def make_due(self) -> None:
        deliveries.make_due()

    def forget(self) -> None:
        deliveries.forget_old()
