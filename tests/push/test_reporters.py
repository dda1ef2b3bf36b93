"""A reporter's phone is notified of its submissions' outcomes, until its pass ends."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from results import desk
from results.models import (
    OPENED_BY,
    Assignment,
    Contest,
    Invitation,
    Message,
    PushSubscription,
    ReporterPass,
    ReviewItem,
)
from results.push import deliveries, reporters, subscriptions
from results.push.follower import PushFollower
from tests import nights
from tests.push.conftest import Device, PushService

pytestmark = pytest.mark.django_db


@pytest.fixture
def reporter() -> User:
    return nights.user("reporter")


def signed_in(reporter: User) -> tuple[Client, ReporterPass]:
    """A phone that was signed in with a pass."""
    issued = ReporterPass.issue(reporter).issued
    client = Client()
    client.force_login(reporter)
    session = client.session
    session[OPENED_BY] = issued.pk
    session.save()
    return client, issued


def set_aside(seat: Contest, reporter: User, note: str) -> None:
    """The reporter's quote waits, and an editor sets it aside."""
    content = {"words": "Yes.", "speaker": "Ann", "role": "", "reported": False}
    kind, key = ReviewItem.Kind.QUOTE, nights.key()
    item = desk.queue_for_review(seat, kind, content, by=reporter, idempotency_key=key)
    desk.decline(item, by=nights.user("editor"), note=note)


def send() -> None:
    reporters.create_messages()
    deliveries.send_due()


def test_told_of_its_own_result_of_what_was_set_aside_and_no_more_once_the_pass_ends(
    service: PushService, reporter: User
) -> None:
    seat = nights.contest(nights.election(), "Vale", [("Ann", "lab"), ("Bob", "con")])
    phone = Device(service, "phone")
    client, issued = signed_in(reporter)
    assert client.post("/push/phone/", phone.fields).status_code == 204
    nights.declare(seat, 200, 100)
    send()
    assert phone.read[0]["body"] == "Published, bulletin 1: Labour win Vale, majority 100."
    assert phone.read[0]["url"] == "/count/ge/vale/"
    set_aside(seat, reporter, "Too long.")
    send()
    assert phone.read[1]["body"] == "Set aside by the desk: Quote, Vale. Too long."
    send()
    assert len(phone.read) == 2
    message = Message.objects.create(
        election=seat.election, text="Which hall?", by=nights.user("editor"), to=reporter
    )
    Assignment.objects.create(reporter=reporter, contest=seat)
    send()
    assert phone.read[2]["body"] == f"The desk: {message.text}"
    issued.revoke()
    set_aside(seat, reporter, "Again.")
    send()
    assert len(phone.read) == 3


def test_follower_sees_what_is_committed_after_something_later(
    service: PushService, reporter: User
) -> None:
    """Two nights, and two editors, are not in one order."""
    seat = nights.contest(nights.election(), "Vale", [("Ann", "lab"), ("Bob", "con")])
    phone = Device(service, "phone")
    client, _issued = signed_in(reporter)
    client.post("/push/phone/", phone.fields)
    editor = nights.user("editor")
    set_aside(seat, reporter, "The later one.")
    ReviewItem.objects.update(settled_at=timezone.now() + timedelta(minutes=1))
    last = Message.objects.create(pk=50, election=seat.election, text="Late", by=editor)
    follower = PushFollower()
    follower.poll()
    assert len(phone.read) == 1
    set_aside(seat, reporter, "The earlier one.")
    follower.poll()
    assert len(phone.read) == 2
    Assignment.objects.create(reporter=reporter, contest=seat)
    Message.objects.create(
        pk=last.pk - 1, election=seat.election, text="Early", by=editor, to=reporter
    )
    follower.poll()
    assert "The desk: Early" in [each["body"] for each in phone.read]


def test_signing_out_ends_it(service: PushService, reporter: User) -> None:
    client, _issued = signed_in(reporter)
    client.post("/push/phone/", Device(service, "phone").fields)
    assert PushSubscription.objects.count() == 1
    client.post("/count/sign-out/")
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("address", ["/count/sign-out/", "/admin/logout/"])
def test_signing_out_ends_the_subscription_of_this_phone_only(
    service: PushService, reporter: User, address: str
) -> None:
    """Another phone of the same person, signed in by password as well, goes on being told."""
    reporter.is_staff = True
    reporter.save()
    phones = {name: Client() for name in ("here", "there")}
    for name, client in phones.items():
        client.force_login(reporter)
        client.post("/push/phone/", Device(service, name).fields)
    phones["here"].post(address)
    assert PushSubscription.objects.get().endpoint == Device(service, "there").fields["endpoint"]


def test_signing_out_ends_what_an_earlier_session_of_this_phone_began(
    service: PushService, reporter: User, settings: Settings
) -> None:
    """The session ended, and the reporter signed in anew without opening the list of counts."""
    phones = {name: Client() for name in ("here", "there")}
    for name, client in phones.items():
        client.force_login(reporter)
        client.post("/push/phone/", Device(service, name).fields)
    here = phones["here"]
    del here.cookies[settings.SESSION_COOKIE_NAME]
    here.force_login(reporter)
    here.post("/count/sign-out/")
    assert PushSubscription.objects.get().endpoint == Device(service, "there").fields["endpoint"]


def test_a_phone_that_changes_hands_is_told_of_its_present_reporters(
    service: PushService, reporter: User
) -> None:
    phone = Device(service, "phone")
    for user in (reporter, nights.user("colleague")):
        client, _issued = signed_in(user)
        assert client.post("/push/phone/", phone.fields).status_code == 204
    assert PushSubscription.objects.get().reporter == nights.user("colleague")


def test_nobody_else_can_subscribe_a_phone(client: Client, service: PushService) -> None:
    assert client.post("/push/phone/", Device(service, "phone").fields).status_code == 401


def test_ends_with_the_session_of_a_password(
    client: Client, service: PushService, reporter: User, settings: Settings
) -> None:
    seat = nights.contest(nights.election(), "Vale", [("Ann", "lab"), ("Bob", "con")])
    client.force_login(reporter)
    phone = Device(service, "phone")
    client.post("/push/phone/", phone.fields)
    age = timedelta(seconds=settings.SESSION_COOKIE_AGE + 1)
    PushSubscription.objects.update(created_at=timezone.now() - age)
    set_aside(seat, reporter, "Too long.")
    send()
    assert service.received == []
    # Signed in again, it is told again.
    client.post("/push/phone/", phone.fields)
    set_aside(seat, reporter, "Too short.")
    send()
    assert len(service.received) == 1
    PushSubscription.objects.update(created_at=timezone.now() - age)
    subscriptions.forget_old()
    assert not PushSubscription.objects.exists()


def test_ends_with_another_password(client: Client, service: PushService) -> None:
    old, new = "the password of yesterday", "the password of tomorrow"
    editor = nights.user("editor", staff=True)
    editor.set_password(old)
    editor.save()
    client.force_login(editor)
    client.post("/push/phone/", Device(service, "lost").fields)
    fields = {"old_password": old, "new_password1": new, "new_password2": new}
    assert client.post(reverse("admin:password_change"), fields).status_code == 302
    assert not PushSubscription.objects.exists()


def test_ends_with_a_password_that_was_chosen_by_a_link(service: PushService) -> None:
    editor = nights.user("editor", staff=True)
    client = Client()
    client.force_login(editor)
    client.post("/push/phone/", Device(service, "lost").fields)
    link = reverse("admin:invitation", args=[Invitation.issue(editor).token])
    new = "the password of tomorrow"
    chosen = Client().post(link, {"new_password1": new, "new_password2": new})
    assert chosen.status_code == 302
    assert not PushSubscription.objects.exists()


def test_told_in_the_language_that_was_chosen_on_the_phone(
    service: PushService, reporter: User
) -> None:
    seat = nights.contest(nights.election(), "Vale", [("Ann", "lab"), ("Bob", "con")])
    chosen, not_chosen = Device(service, "cy", language="cy"), Device(service, "none", language="")
    for device in (chosen, not_chosen):
        client, _issued = signed_in(reporter)
        assert client.post("/push/phone/", device.fields).status_code == 204
    nights.declare(seat, 200, 100)
    set_aside(seat, reporter, "Rhy hir.")
    send()
    aside, published = chosen.read
    assert published["body"] == "Cyhoeddwyd, bwletin 1: Labour yn ennill Vale, mwyafrif 100."
    assert published["lang"] == "cy"
    assert aside["body"].startswith("Rhoddwyd o’r neilltu gan y ddesg: ")
    aside, published = not_chosen.read
    assert published["body"] == "Published, bulletin 1: Labour win Vale, majority 100."
    assert published["lang"] == "en-gb"
    assert aside["body"] == "Set aside by the desk: Quote, Vale. Rhy hir."


def test_two_things_that_were_set_aside_do_not_replace_each_other(
    service: PushService, reporter: User
) -> None:
    """Nor do two messages of the desk: what one of them says is nowhere in the other."""
    seat = nights.contest(nights.election(), "Vale", [("Ann", "lab"), ("Bob", "con")])
    phone = Device(service, "phone")
    client, _issued = signed_in(reporter)
    client.post("/push/phone/", phone.fields)
    Assignment.objects.create(reporter=reporter, contest=seat)
    editor = nights.user("editor")
    for text in ("Which hall?", "Call the desk."):
        set_aside(seat, reporter, text)
        Message.objects.create(election=seat.election, text=text, by=editor, to=reporter)
    send()
    assert len(phone.read) == 4
    assert len({told["tag"] for told in phone.read}) == 4
    assert len({headers["topic"] for headers in phone.headers}) == 4


@pytest.mark.parametrize("change", ["corrected", "withdrawn"])
def test_not_told_that_something_is_published_which_is_not_any_more(
    service: PushService, reporter: User, change: str
) -> None:
    """As where the push service did not take the message until a quarter of an hour later."""
    seat = nights.contest(nights.election(), "Vale", [("Ann", "lab"), ("Bob", "con")])
    phone = Device(service, "phone")
    client, _issued = signed_in(reporter)
    client.post("/push/phone/", phone.fields)
    nights.declare(seat, 200, 100)
    reporters.create_messages()
    editor = nights.user("editor")
    why = {"by": editor, "idempotency_key": nights.key(), "reason": "A slip.", "base_revision": 1}
    if change == "corrected":
        nights.correct(seat, nights.ballot_counts(seat, 100, 200), warning_reason="As read.", **why)
    else:
        nights.withdraw(seat, **why)
    send()
    assert phone.read == []
