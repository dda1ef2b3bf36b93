"""Quotes, posts, photos, headlines and external figures are published from their preview only."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from results import desk
from results.models import Bulletin, Contest, Post, Publication, Quote
from tests import nights
from tests.editor.conftest import address, form_data, messages_of, text_of
from tests.editor.night_items import publish_photo

#: Publishes something before the test; returns the page of its form, and what is filled in.
Prepare = Callable[[Contest], tuple[str, dict[str, Any]]]


def published(seat: Contest, content: desk.Content, model: type[Publication]) -> Publication:
    desk.publish(seat.election, content, by=nights.user("editor"), idempotency_key="before")
    newest: Publication = model.objects.get()
    return newest


def new_quote(seat: Contest) -> tuple[str, dict[str, Any]]:
    return address("quote_add"), {"words": "SEEN FIRST", "speaker": "Ann", "contest": seat.pk}


def reworded_quote(seat: Contest) -> tuple[str, dict[str, Any]]:
    quote = published(seat, desk.QuoteContent(words="Old.", speaker="Ann", contest=seat), Quote)
    return address("quote_change", quote.pk), {"words": "SEEN FIRST"}


def new_post(seat: Contest) -> tuple[str, dict[str, Any]]:
    return address("post_add"), {"text": "SEEN FIRST", "election": seat.election_id}


def reworded_post(seat: Contest) -> tuple[str, dict[str, Any]]:
    post = published(seat, desk.PostContent(text="Old."), Post)
    return address("post_change", post.pk), {"text": "SEEN FIRST"}


def reworded_photo(seat: Contest) -> tuple[str, dict[str, Any]]:
    photo = publish_photo(seat, nights.user("editor"))
    return address("photo_change", photo.pk), {"caption": "SEEN FIRST"}


@pytest.mark.parametrize(
    "prepare", [new_quote, reworded_quote, new_post, reworded_post, reworded_photo]
)
def test_is_published_from_its_preview_only(
    admin: Client, seat: Contest, prepare: Prepare, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    page, fields = prepare(seat)
    form = admin.get(page)
    assert "asks before it publishes" in text_of(form)
    data = form_data(form) | fields
    del data["_confirmed"]
    before = Bulletin.objects.count()
    shown = admin.post(page, data)
    assert "This is a preview: looking at it publishes nothing." in text_of(shown)
    assert "SEEN FIRST" in shown.context["preview"].page
    assert Bulletin.objects.count() == before
    sent = dict(shown.context["sent"])
    admin.post(page, sent | {"_edit": "1"})
    assert Bulletin.objects.count() == before
    done = admin.post(page, sent | {"_confirmed": "1"}, follow=True)
    assert f"bulletin {before + 1}" in messages_of(done)
