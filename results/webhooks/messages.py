"""Messages of deliveries, as things stand when they are sent: JSON, Slack or Teams."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from electiondesk.site_origin import known_origins
from results.live.fragments import election_locale
from results.models import (
    Bulletin,
    Contest,
    Declaration,
    Election,
    ReviewItem,
    Webhook,
    WebhookDelivery,
)
from results.words.user_names import user_name

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventContent:
    """One event: a sentence for people, the page that shows it, and facts for programs."""

    text: str
    path: str
    facts: Mapping[str, Any]


def content_of(delivery: WebhookDelivery) -> EventContent | None:
    """The event of a delivery as it stands now; None if it was overtaken meanwhile."""
    with election_locale(delivery.election):
        if delivery.event == Webhook.Event.PERSON:
            return _waiting(delivery)
        return _published(delivery)


def _waiting(delivery: WebhookDelivery) -> EventContent | None:
    items = ReviewItem.objects.select_related("contest", "by")
    item = items.filter(pk=delivery.number, state=ReviewItem.State.WAITING).first()
    if item is None:
        return None
    words = _("Needs a person: %(kind)s, %(contest)s, from %(who)s.")
    kind = item.get_kind_display()
    text = words % {"kind": kind, "contest": item.contest.full_name, "who": user_name(item.by)}
    path = reverse("admin:results_reviewitem_change", args=[item.pk])
    facts = {"review_item": item.pk, "kind": item.kind, **_contest(item.contest)}
    return EventContent(text=text, path=path, facts=facts)


def _published(delivery: WebhookDelivery) -> EventContent | None:
    """Content of a result; None if it was changed since, which is an event of its own."""
    log = Bulletin.objects.select_related("contest__standing", "declaration")
    bulletin = log.filter(election=delivery.election, sequence=delivery.number).first()
    if bulletin is None or bulletin.contest is None or bulletin.declaration is None:
        return None
    contest, declaration = bulletin.contest, bulletin.declaration
    if contest.standing.revision != declaration.revision:
        return None
    facts = {
        "kind": bulletin.kind,
        "sequence": bulletin.sequence,
        "revision": declaration.revision,
        **_contest(contest),
    }
    path = contest.get_absolute_url()
    return EventContent(
        text=_sentence(bulletin, declaration, delivery.event), path=path, facts=facts
    )


def _sentence(bulletin: Bulletin, declaration: Declaration, event: str) -> str:
    if event == Webhook.Event.CORRECTION:
        # The summary says that it is corrected or withdrawn.
        return f"{bulletin.summary}. {declaration.reason}"
    if event == Webhook.Event.GAIN:
        return _("Changed hands: %(result)s.") % {"result": bulletin.summary}
    return f"{bulletin.summary}."


def _contest(contest: Contest) -> Document:
    return {"contest": {"slug": contest.slug, "name": contest.full_name}}


def document_of(delivery: WebhookDelivery, content: EventContent) -> Document:
    """The body for a program, described in docs/api.md."""
    election = delivery.election
    return {
        "type": delivery.event,
        "timestamp": delivery.created_at.isoformat(timespec="seconds"),
        "data": {
            "election": {
                "slug": election.slug,
                "name": election.name,
                "rehearsal": election.rehearsal,
            },
            "text": _text(election, content),
            "url": site_origin() + content.path,
            **content.facts,
        },
    }


def trial_document(webhook: Webhook) -> tuple[str, Document]:
    """A message that says that it is only a trial: its text, and its body for a program."""
    text = _("A trial of “%(name)s”: messages from the desk arrive here.") % {"name": webhook.name}
    timestamp = timezone.now().isoformat(timespec="seconds")
    return text, {"type": "test", "timestamp": timestamp, "data": {"text": text}}


def _text(election: Election, content: EventContent) -> str:
    return _("REHEARSAL: %(text)s") % {"text": content.text} if election.rehearsal else content.text


def slack_body(election: Election, content: EventContent) -> Document:
    """Body for Slack, which needs three characters escaped.

    https://docs.slack.dev/messaging/formatting-message-text
    """
    text = slack_text(_text(election, content))
    origin = site_origin()
    link = f" <{origin}{content.path}|{slack_text(election.name)}>" if origin else ""
    return {"text": text + link}


def slack_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def teams_body(election: Election, content: EventContent) -> Document:
    origin = site_origin()
    link = {"type": "Action.OpenUrl", "title": _("Open"), "url": origin + content.path}
    return teams_card(_text(election, content), [link] if origin else [])


def teams_card(text: str, actions: list[Document]) -> Document:
    """An adaptive card, as a workflow of Teams takes it; its text is Markdown, so escaped."""
    plain = "".join(f"\\{sign}" if sign in "\\*_[]()`#~<>" else sign for sign in text)
    return {
        "type": "message",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.card.adaptive",
                "content": {
                    "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                    "type": "AdaptiveCard",
                    "version": "1.4",
                    "body": [{"type": "TextBlock", "text": plain, "wrap": True}],
                    "actions": actions,
                },
            }
        ],
    }


def body_of(webhook: Webhook, delivery: WebhookDelivery, content: EventContent) -> bytes:
    if webhook.format == Webhook.Format.SLACK:
        document = slack_body(delivery.election, content)
    elif webhook.format == Webhook.Format.TEAMS:
        document = teams_body(delivery.election, content)
    else:
        document = document_of(delivery, content)
    return json.dumps(document, ensure_ascii=False).encode()


def trial_body(webhook: Webhook) -> bytes:
    text, document = trial_document(webhook)
    if webhook.format == Webhook.Format.SLACK:
        document = {"text": slack_text(text)}
    elif webhook.format == Webhook.Format.TEAMS:
        document = teams_card(text, [])
    return json.dumps(document, ensure_ascii=False).encode()


def signed_headers(webhook: Webhook, message_id: str, at: int, body: bytes) -> dict[str, str]:
    """Headers of a request at `at` (seconds since 1970), signed as Standard Webhooks has it.

    https://www.standardwebhooks.com: the signature covers id, time and body, so that nobody can
    send an old message again much later.
    """
    headers = {"Content-Type": "application/json", "User-Agent": "election-desk"}
    if webhook.format != Webhook.Format.WEBHOOK:
        return headers
    key = base64.b64decode(webhook.secret.partition("_")[2])
    signed = b".".join([message_id.encode(), str(at).encode(), body])
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return headers | {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def site_origin() -> str:
    """The site's origin from the settings, since there is no request; "" if none is public."""
    return next(iter(known_origins()), "")
