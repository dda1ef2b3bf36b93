"""Only push services of browsers are sent to, and one that does not answer holds up no other."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from results.models import Contest, PushMessage, PushRetry, PushSubscription
from results.push import deliveries
from results.push.services import is_known_service
from results.webhooks import pauses, sending
from tests import nights
from tests.push.conftest import Device, PushService
from tests.push.test_readers import declare, follow, seat, send
from tests.webhooks.receiver import SilentServer, silent_server

__all__ = ["seat"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def dead(service: PushService, monkeypatch: pytest.MonkeyPatch) -> Iterator[SilentServer]:
    monkeypatch.setattr(deliveries, "CONCURRENT", 1)
    with silent_server(monkeypatch) as server:
        yield server


def test_dead_service_is_soon_left_alone(
    client: Client, service: PushService, dead: SilentServer, seat: Contest
) -> None:
    for number in range(8):
        device = Device(PushService(origin=dead.origin), f"dead-{number}")
        follow(client, device, "seats:vale", "seats:glen")
    works = Device(service, "works")
    follow(client, works, "seats:vale", "seats:glen")
    glen = nights.contest(seat.election, "Glen", [("Cat", "lab"), ("Dan", "con")])
    declare(seat, 100, 200)
    declare(glen, 100, 200)
    send()
    assert len(works.read) == 2
    assert dead.connections == pauses.MOST_UNANSWERED


def test_dead_service_is_tried_once_in_a_while(
    client: Client, dead: SilentServer, seat: Contest, time_machine: Any
) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    for number in range(6):
        follow(client, Device(PushService(origin=dead.origin), f"dead-{number}"), "seats:vale")
    declare(seat, 100, 200)
    send()
    for round_number in range(1, 4):
        time_machine.shift(pauses.UNANSWERED_PAUSE)
        send()
        # One more: the pause begins anew, and uses up no attempt of the others.
        assert dead.connections == pauses.MOST_UNANSWERED + round_number
    assert PushMessage.objects.get().failed == 0
    assert PushRetry.objects.count() == 6


def test_service_that_answers_again_is_as_before(
    client: Client, service: PushService, seat: Contest
) -> None:
    failed = sending.SendingFailed("it took too long")
    for _attempt in range(pauses.MOST_UNANSWERED - 1):
        pauses.note_answer(service.origin, failed)
    follow(client, Device(service, "phone"), "seats:vale")
    declare(seat, 100, 200)
    send()
    for _attempt in range(pauses.MOST_UNANSWERED - 1):
        pauses.note_answer(service.origin, failed)
    pauses.require_open(service.origin)


@pytest.mark.parametrize(
    ("endpoint", "is_known"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", True),
        ("https://web.push.apple.com/x", True),
        ("https://wns2-par02p.notify.windows.com/w/?token=x", True),
        ("https://FCM.googleapis.com/x", True),
        ("https://fcm.googleapis.com:443/x", True),
        ("https://fcm.googleapis.com:22/x", False),
        ("https://fcm.googleapis.com.attacker.example/x", False),
        ("https://attacker-push.apple.com.example/x", False),
        ("https://evilpush.apple.com/x", False),
        ("https://attacker.example/fcm.googleapis.com", False),
        ("https://attacker.example#.push.apple.com", False),
        ("https://10.0.0.1/x", False),
    ],
)
def test_push_services_of_browsers(endpoint: str, is_known: bool) -> None:
    assert is_known_service(endpoint) == is_known


def test_reader_cannot_name_an_address_of_their_own(
    client: Client, service: PushService, seat: Contest, settings: Settings
) -> None:
    """Neither one that keeps the desk waiting, nor one of the networks that webhooks may reach."""
    settings.PUSH_SERVICES = ["fcm.googleapis.com"]
    phone = Device(service, "phone")
    fields = {**phone.fields, "election": "ge", "topic": "seats:vale"}
    answer = client.post("/push/", fields)
    assert answer.status_code == 422
    assert "push service" in answer.json()["words"]
    assert not PushSubscription.objects.exists()


def test_address_that_was_stored_before_is_deleted_unsent(
    client: Client, service: PushService, seat: Contest, settings: Settings
) -> None:
    follow(client, Device(service, "phone"), "seats:vale")
    settings.PUSH_SERVICES = ["fcm.googleapis.com"]
    declare(seat, 100, 200)
    send()
    assert service.received == []
    assert not PushSubscription.objects.exists()
