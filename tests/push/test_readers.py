"""Readers' browsers are sent what they follow, nothing else, and nothing after unsubscribing."""

import ipaddress
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from py_vapid import Vapid02
from pytest_django.fixtures import Settings

from results import desk
from results.models import (
    Contest,
    Election,
    PushFollow,
    PushMessage,
    PushRetry,
    PushSubscription,
)
from results.push import deliveries
from results.push.keys import public_key
from results.push.status import PushStatus, push_status
from results.push.subscriptions import forget_old
from results.webhooks.sending import SendingFailed
from tests import nights
from tests.push.conftest import Device, PushService

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat() -> Contest:
    election = nights.election(polls_close=timezone.now() - timedelta(hours=3))
    people = [("Ann", "lab"), ("Bob", "con")]
    return nights.contest(election, "Vale", people, last={"lab": 20000, "con": 15000})


def follow(client: Client, device: Device, *topics: str, status: int = 204) -> None:
    fields = {**device.fields, "election": "ge", "topic": list(topics)}
    assert client.post("/push/", fields).status_code == status


def declare(seat: Contest, *votes: int) -> None:
    nights.declare(seat, *votes)


def correct(seat: Contest, *votes: int) -> None:
    nights.correct(
        seat,
        nights.ballot_counts(seat, *votes),
        by=nights.user("editor"),
        idempotency_key=nights.key(),
        reason="A slip.",
        warning_reason="As read out.",
        base_revision=1,
    )


def send() -> None:
    deliveries.create_messages()
    deliveries.send_due()


def test_a_message_is_encrypted_signed_and_replaced_by_its_correction(
    client: Client, service: PushService, seat: Contest
) -> None:
    phone, other = Device(service, "phone"), Device(service, "other")
    follow(client, phone, "seats:vale", "parties:con")
    follow(client, other, "parties:green")
    declare(seat, 100, 200)
    send()
    (told,) = phone.read  # once, though the seat and a party of it are followed
    assert told["body"] == "Conservatives gain Vale from Labour, majority 100."
    assert (told["title"], told["url"]) == ("Election Desk", "/ge/vale/")
    assert other.read == []
    correct(seat, 200, 100)
    send()
    assert phone.read[1]["body"] == "Corrected: Labour hold Vale, majority 100."
    assert phone.read[1]["tag"] == told["tag"]
    first, second = phone.headers
    assert first["topic"] == second["topic"]
    assert len(first["topic"]) <= 32
    assert first["content-encoding"] == "aes128gcm"
    assert int(first["ttl"]) > 0
    token = first["authorization"].removeprefix("vapid ")
    assert Vapid02.verify(f"vapid {token}")
    assert public_key() in token
    send()
    assert len(phone.read) == 2
    assert all(len(body) < 4096 for _path, _headers, body in service.received)


def test_a_seat_with_the_longest_address_can_be_followed(
    client: Client, service: PushService, seat: Contest
) -> None:
    longest = Contest._meta.get_field("slug").max_length or 0
    topic = f"seats:{'v' * longest}"
    follow(client, Device(service, "phone"), topic)
    assert PushFollow.objects.get().topic == topic


def test_never_sends_what_was_corrected_before_it_was_sent(
    client: Client, service: PushService, seat: Contest
) -> None:
    phone = Device(service, "phone")
    follow(client, phone, "seats:vale")
    declare(seat, 100, 200)
    deliveries.create_messages()
    correct(seat, 200, 100)
    send()
    assert [told["body"] for told in phone.read] == ["Corrected: Labour hold Vale, majority 100."]
    states = PushMessage.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["overtaken", "sent"]


def test_correction_of_details_tells_of_a_result_that_was_not_sent_yet(
    client: Client, service: PushService, seat: Contest
) -> None:
    phone = Device(service, "phone")
    follow(client, phone, "seats:vale")
    declare(seat, 100, 200)
    send()
    correct(seat, 200, 100)
    deliveries.create_messages()
    seat.candidates.filter(name="Ann").update(name="Anne")
    changed = desk.contests_corrected([seat])
    desk.correct_details(
        seat.election, changed, by=nights.user("editor"), reason="A slip.", idempotency_key="a"
    )
    send()
    assert phone.read[-1]["body"] == "Corrected: Labour hold Vale, majority 100."
    seat.candidates.filter(name="Anne").update(name="Anna")
    changed = desk.contests_corrected([seat])
    desk.correct_details(
        seat.election, changed, by=nights.user("editor"), reason="A slip.", idempotency_key="b"
    )
    send()
    said = "Corrected: details of Vale (Candidate’s name: Anne → Anna)."
    assert [told["body"] for told in phone.read[2:]] == [said]


@pytest.mark.parametrize("told", [False, True])
def test_correction_of_details_tells_of_a_result_that_had_no_message_of_its_own(
    client: Client, service: PushService, seat: Contest, told: bool
) -> None:
    """Both were published between two runs of the worker, before or after a first message."""
    phone = Device(service, "phone")
    follow(client, phone, "seats:vale")
    declare(seat, 100, 200)
    if told:
        send()
        correct(seat, 200, 100)
    seat.candidates.filter(name="Ann").update(name="Anne")
    changed = desk.contests_corrected([seat])
    desk.correct_details(
        seat.election, changed, by=nights.user("editor"), reason="A slip.", idempotency_key="a"
    )
    send()
    said = "Labour hold Vale" if told else "Conservatives gain Vale from Labour"
    assert phone.read[-1]["body"] == f"Corrected: {said}, majority 100."


@pytest.mark.parametrize(
    "change",
    [
        {"rehearsal": True},
        {"visibility": Election.Visibility.DRAFT},
        {"polls_close": timezone.now() + timedelta(days=1)},
    ],
    ids=["rehearsal", "draft", "polls open"],
)
def test_nothing_is_sent_of_what_is_not_public(
    client: Client, service: PushService, seat: Contest, change: dict[str, object]
) -> None:
    phone = Device(service, "phone")
    follow(client, phone, "seats:vale", "night:all")
    declare(seat, 100, 200)
    deliveries.create_messages()  # and it is withheld even where the message was made before
    Election.objects.update(**change)
    send()
    assert service.received == []


def test_does_not_send_what_happened_before_the_subscription(
    client: Client, service: PushService, seat: Contest
) -> None:
    declare(seat, 100, 200)
    follow(client, Device(service, "phone"), "seats:vale")
    send()
    assert service.received == []


def test_a_subscription_ends_when_asked_when_gone_and_after_the_night(
    client: Client, service: PushService, seat: Contest
) -> None:
    stays, goes, stops = (Device(service, name) for name in ("stays", "goes", "stops"))
    for device in (stays, goes, stops):
        follow(client, device, "seats:vale")
    follow(client, stops)
    assert PushSubscription.objects.count() == 2
    service.answers["/goes"] = 410
    declare(seat, 100, 200)
    send()
    assert [row.endpoint for row in PushSubscription.objects.all()] == [stays.fields["endpoint"]]
    forget_old()
    assert PushSubscription.objects.exists()
    Election.objects.update(polls_close=timezone.now() - timedelta(days=9))
    forget_old()
    assert not PushSubscription.objects.exists()
    assert not PushFollow.objects.exists()


def test_a_failure_is_tried_again_and_holds_nobody_up(
    client: Client, service: PushService, seat: Contest
) -> None:
    fails, works = Device(service, "fails"), Device(service, "works")
    follow(client, fails, "seats:vale")
    follow(client, works, "seats:vale")
    service.answers["/fails"] = 503
    declare(seat, 100, 200)
    send()
    assert len(works.read) == 1
    for attempt in range(1, 4):
        assert PushRetry.objects.get().attempts == attempt
        PushRetry.objects.update(due_at=timezone.now())
        send()
    assert not PushRetry.objects.exists()
    status = push_status(seat.election)
    assert status == PushStatus(browsers=2, delivered=1, failed=1, is_late=False)
    assert len(works.read) == 1


@pytest.mark.django_db(transaction=True)
def test_a_browser_that_stops_while_it_is_sent_to_is_not_tried_again(
    client: Client, service: PushService, seat: Contest
) -> None:
    follow(client, Device(service, "phone"), "seats:vale")
    declare(seat, 100, 200)
    deliveries.create_messages()
    row, message = PushSubscription.objects.get(), PushMessage.objects.get()
    PushSubscription.objects.all().delete()
    deliveries._settle(message, row, SendingFailed("it took too long"))
    assert not PushRetry.objects.exists()


def test_a_night_has_a_limit_which_the_last_message_names(
    client: Client, service: PushService, seat: Contest, settings: Settings
) -> None:
    settings.PUSH_A_NIGHT = 1
    phone = Device(service, "phone")
    follow(client, phone, "seats:vale")
    declare(seat, 100, 200)
    send()
    correct(seat, 200, 100)
    send()
    (told,) = phone.read
    assert told["body"].endswith("This is the last message tonight: open the page for more.")


def test_thousands_are_sent_to_in_batches(
    client: Client, service: PushService, seat: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "BATCH_SIZE", 2)
    devices = [Device(service, f"d{number}") for number in range(5)]
    for device in devices:
        follow(client, device, "seats:vale")
    declare(seat, 100, 200)
    deliveries.create_messages()
    sent = [deliveries.send_due() for _batch in range(4)]
    assert sent == [2, 2, 1, 0]
    assert [len(device.read) for device in devices] == [1] * 5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("endpoint", "https://user:pass@push.example/x"),
        ("endpoint", "ftp://push.example/x"),
        ("endpoint", ""),
        ("endpoint", "https://[push.example/x"),
        ("endpoint", "https://push.example:port/x"),
        ("p256dh", "AAAA"),
        ("p256dh", "not base64!"),
        ("auth", "AAAA"),
        ("topic", "anything"),
    ],
)
def test_damaged_subscriptions_are_refused(
    client: Client, service: PushService, seat: Contest, name: str, value: str
) -> None:
    fields = {**Device(service, "x").fields, "election": "ge", "topic": "seats:vale", name: value}
    assert client.post("/push/", fields).status_code == 422
    assert not PushSubscription.objects.exists()


def test_a_private_address_is_never_connected_to(
    client: Client, service: PushService, seat: Contest, settings: Settings
) -> None:
    follow(client, Device(service, "phone"), "seats:vale")
    settings.WEBHOOK_NETWORKS = [ipaddress.ip_network("10.0.0.0/8")]
    declare(seat, 100, 200)
    send()
    assert service.received == []
    assert PushMessage.objects.get().failed == 1


def test_subscribing_needs_a_csrf_token_and_is_limited(
    service: PushService, seat: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(enforce_csrf_checks=True)
    fields = {**Device(service, "x").fields, "election": "ge", "topic": "seats:vale"}
    assert client.post("/push/", fields).status_code == 403
    answer = client.get("/push/settings/")
    assert answer.json()["key"] == public_key()
    token = {"x-csrftoken": answer.json()["token"]}
    assert client.post("/push/", fields, headers=token).status_code == 204
    monkeypatch.setattr("results.push.views.MOST_REQUESTS", 0)
    assert client.post("/push/", fields, headers=token).status_code == 429


def test_without_keys_there_is_nothing_to_subscribe_to(client: Client, db: None) -> None:
    assert client.get("/push/settings/").status_code == 204
    assert client.post("/push/", {}).status_code == 404


def test_an_ipv6_network_is_limited_as_one_address(
    service: PushService, seat: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("results.push.views.MOST_REQUESTS", 1)
    fields = {**Device(service, "x").fields, "election": "ge", "topic": "seats:vale"}
    for number, expected in enumerate((204, 429)):
        client = Client(REMOTE_ADDR=f"2001:db8:64::{number}")
        assert client.post("/push/", fields).status_code == expected


def test_each_browser_is_told_in_the_language_of_its_page(
    client: Client, service: PushService, seat: Contest, settings: Settings
) -> None:
    """The language in which it asked, where the election has it; and the link leads to that."""
    settings.PUSH_A_NIGHT = 2
    Election.objects.update(second_language="cy")
    english, welsh = Device(service, "english"), Device(service, "welsh", language="cy")
    other = Device(service, "other", language="fr")
    for device in (english, welsh, other):
        follow(client, device, "seats:vale")
    declare(seat, 100, 200)
    send()
    (told,) = welsh.read
    assert told["body"] == "Conservatives yn cipio Vale (gynt: Labour), mwyafrif 100."
    assert (told["url"], told["lang"]) == ("/cy/ge/vale/", "cy")
    for device in (english, other):
        (told,) = device.read
        assert told["body"] == "Conservatives gain Vale from Labour, majority 100."
        assert (told["url"], told["lang"]) == ("/ge/vale/", "en-gb")
    service.answers = {"/welsh": 503}
    correct(seat, 200, 100)
    send()
    service.answers = {}
    PushRetry.objects.update(due_at=timezone.now())
    send()
    assert len(welsh.read) == 3  # the second, which failed, was tried again
    assert welsh.read[2]["body"].startswith("Cywirwyd: ")
    assert "page for more" not in welsh.read[2]["body"]


def test_the_last_message_of_a_night_in_welsh_says_so_in_welsh(
    client: Client, service: PushService, seat: Contest, settings: Settings
) -> None:
    settings.PUSH_A_NIGHT = 1
    Election.objects.update(language="cy")
    phone = Device(service, "phone")
    follow(client, phone, "seats:vale")
    declare(seat, 100, 200)
    send()
    (told,) = phone.read
    assert "last message" not in told["body"]


def test_nothing_is_stored_again_once_it_has_been_deleted_after_the_night(
    client: Client, service: PushService, seat: Contest
) -> None:
    """The page of what is followed posts it whenever it is opened."""
    phone = Device(service, "phone")
    follow(client, phone, "seats:vale")
    Election.objects.update(polls_close=timezone.now() - timedelta(days=9))
    forget_old()
    follow(client, phone, "seats:vale", status=422)
    assert not PushSubscription.objects.exists()
    follow(client, phone)
