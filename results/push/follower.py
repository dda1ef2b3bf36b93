"""The thread of the worker that follows the logs for Web Push."""

from results.models import Message, Night, PushSubscription, ReviewItem
from results.push import deliveries, reporters, subscriptions
from results.push.keys import is_on
from results.webhooks.log_follower import NEWEST, LogFollower


class PushFollower(LogFollower):
    """Polls where Web Push is on. An idle poll makes six queries."""

    does = "nothing is pushed"

    def __init__(self) -> None:
        super().__init__("push")

    def run(self) -> None:
        if is_on():
            super().run()

    def read_state(self) -> str | None:
        if not PushSubscription.objects.exists():
            return None
        settled = ReviewItem.objects.exclude(settled_at=None).order_by("-settled_at", "-pk")
        messages = Message.objects.order_by("-pk").values_list("pk", flat=True)
        nights = tuple(Night.objects.order_by("pk").values_list("pk", "epoch", "sequence"))
        return str(
            (
                nights,
                tuple(settled.values_list("pk", "settled_at")[:NEWEST]),
                tuple(messages[:NEWEST]),
            )
        )

    def create(self) -> None:
        deliveries.create_messages()
        reporters.create_messages()

    def send(self) -> None:
        deliveries.send_due()

    def make_due(self) -> None:
        deliveries.make_due()

    def forget(self) -> None:
        subscriptions.forget_old()
        deliveries.forget_old()
