"""Every address of the site, and one of everything that has one."""

import io
import re
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group as Role
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice
from PIL import Image

from results import desk
from results.desk.pictures import store
from results.models import (
    WIDTHS,
    ApiToken,
    Assignment,
    Contest,
    Declaration,
    Election,
    ExternalFigures,
    Group,
    HouseStyle,
    Load,
    Message,
    Notice,
    Photo,
    Quote,
    ReporterPass,
    ReviewItem,
    SignInThrottle,
    Webhook,
    WebhookDelivery,
)
from tests import nights

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


def night_with_one_of_each() -> Election:
    """An election with a result, and one of everything else that has a page."""
    election = nights.election()
    seat = nights.islington_north(election)
    nights.declare_counts(
        seat,
        nights.islington_ballot_counts(seat),
        idempotency_key="result",
        by=nights.user("editor", staff=True),
    )
    publish_one_of_each(seat)
    return election


def publish_one_of_each(seat: Contest) -> None:
    """Publish and store one of everything that has a page but a result, at this contest."""
    election = seat.election
    by: dict[str, Any] = {"by": nights.user("editor", staff=True)}
    desk.publish(
        election, desk.HeadlineContent(text="A headline"), idempotency_key="headline", **by
    )
    desk.publish(election, desk.PostContent(text="A post."), idempotency_key="post", **by)
    desk.publish(
        election,
        desk.QuoteContent(words="Thank you.", speaker="Ann", role="Winner"),
        idempotency_key="quote",
        **by,
    )
    agency: dict[str, Any] = {
        "kind": next(iter(ExternalFigures.Kind)),
        "source": "Agency",
        "as_of": timezone.now(),
    }
    with suppress(desk.InvalidTransition):  # of results that are not added up
        desk.publish(
            election,
            desk.ExternalFiguresContent(seats={"lab": 1}, **agency),
            idempotency_key="figures",
            **by,
        )
    name = _picture()
    words: dict[str, Any] = {"caption": "The hall", "alt": "A hall", "credit": "Ann"}
    desk.publish(
        election,
        desk.PhotoContent(name=name, contest=seat, **words),
        idempotency_key="photo",
        **by,
    )
    why: dict[str, Any] = {"reason": "A slip.", "blame": Declaration.Blame.OURS}
    named = [("Name", "Old name", election.name)]
    desk.correct_election(election, named, idempotency_key="named", **why, **by)
    _store_one_of_each(seat, name)


def _picture() -> str:
    """Store a picture; return its name."""
    drawn = io.BytesIO()
    Image.new("RGB", (900, 600), "green").save(drawn, "JPEG")
    stored = store(SimpleUploadedFile("hall.jpg", drawn.getvalue()), drawn.tell())
    return stored.name


def _store_one_of_each(seat: Contest, picture: str) -> None:
    election, editor, reporter = seat.election, nights.user("editor", staff=True), nights.user()
    Assignment.objects.create(reporter=reporter, contest=seat)
    content = {"words": "Yes.", "speaker": "Ann", "role": "", "reported": False}
    desk.queue_for_review(seat, ReviewItem.Kind.QUOTE, content, by=reporter, idempotency_key="item")
    Group.objects.create(election=election, slug="patch", name="Key seats")
    Notice.objects.create(contest=seat, name=picture, by=reporter, idempotency_key="notice")
    Message.objects.create(election=election, text="Ring the desk.", by=editor)
    Role.objects.create(name="editors")
    HouseStyle(pk=HouseStyle.ONLY).save()
    TOTPDevice.objects.create(user=editor, name="app")
    locked = {"kind": SignInThrottle.Kind.CODE, "scope": SignInThrottle.Scope.ADDRESS}
    an_hour = timezone.now() + timedelta(hours=1)
    soon = timezone.now() + timedelta(seconds=settings.SIGN_IN_WINDOW_SECONDS)
    SignInThrottle.objects.create(key="a-key", tries=10_000, ends_at=soon, **locked)
    ReporterPass.issue(reporter)
    hook = Webhook.objects.create(name="Slack", url="https://hook.example/", events=["gain"])
    WebhookDelivery.objects.create(webhook=hook, election=election, event="gain", number=1)
    ApiToken.issue(newsroom="Gazette", scopes=["quote"], account=reporter, expires_at=an_hour)


def patterns(urlpatterns: Any = None, before: str = "") -> Iterator[tuple[str, str]]:
    """Every route of the resolver and its name."""
    for pattern in urlpatterns if urlpatterns is not None else get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.name or ""


def _load(night: Election) -> Load:
    known = Load.objects.filter(election=night).first()
    return known or Load.objects.create(
        election=night,
        what=Load.What.CANDIDATES,
        state=Load.State.READY,
        by=nights.user("editor", staff=True),
    )


def example(route: str, seat: Contest) -> str:
    """An address that the route matches, of something that is there: this contest where it can."""
    model = re.match(r"admin/(auth|results)/(\w+)/", route)
    of = apps.get_model(model[1], model[2]) if model else None
    obj = _object(of, seat) if of else None
    known = _parameters(route, seat) | {
        "object_id": obj.pk if obj else (None if of else seat.pk),
        "pk": _key(route, obj),
        "id": obj.pk if obj else None,
    }

    def filled(match: re.Match[str]) -> str:
        value = known.get(match[1] or match[2])
        assert value is not None, f"{route} needs an example of {match[1] or match[2]} here"
        return str(value)

    return "/" + re.sub(r"[\^$]", "", PARAMETER.sub(filled, route))


def _key(route: str, obj: Any) -> int:
    if "/<slug:kind>/" in route:  # of a publication, which is a quote
        return Quote.objects.get().pk
    return int(obj.pk if obj else ReviewItem.objects.get().pk)


def _parameters(route: str, seat: Contest) -> dict[str, Any]:
    """By the name of a parameter: an example of it."""
    night = seat.election
    return {
        "election_slug": night.slug,
        "contest_slug": seat.slug,
        "contest_pk": seat.pk,
        "party_pk": nights.party("lab").pk,
        "body_slug": seat.body.slug,
        "body_pk": seat.body_id,
        "day": night.date,
        "election_pk": night.pk,
        "region_slug": seat.region.slug if seat.region else "",
        "group_slug": "patch",
        "label": "lab",
        "digest": "a-digest",
        "name": Photo.objects.get().name,
        "model": "offer",
        "kind": "quote",
        "purpose": "find",
        "rest": f"{night.slug}/",
        "what": "candidates",
        "load_pk": _load(night).pk if "load_pk" in route else 0,
        "width": min(WIDTHS),
        "token": "a-token-of-nobodys",
        "sequence": 1,
        "key": "a-key-of-nobodys",
        "since": 0,
        "version": 1,
        "theme": "dark",
        "epoch": uuid.UUID(int=1),
        "app_label": "results",
        "url": "nowhere",
        "content_type_id": ContentType.objects.get_for_model(seat).pk,
    }


def _object(model: type[Model], seat: Contest) -> Model | None:
    """An object of the model: the contest itself, else the first there is."""
    return seat if model is Contest else model._default_manager.first()
