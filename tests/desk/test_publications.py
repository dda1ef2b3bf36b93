"""Behaviour common to all kinds of publications: revisions, withdrawal, idempotency."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image
from pytest_django.fixtures import Settings

from results import desk
from results.desk.contents import CONTENT_OF
from results.desk.pictures import store
from results.models import Bulletin, Election, ExternalFigures, Publication
from tests import nights

pytestmark = pytest.mark.django_db


@pytest.fixture
def night() -> Election:
    night = nights.election()
    nights.islington_north(night)
    return night


@pytest.fixture(params=["quote", "photo", "post", "headline", "external figures"])
def content(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> desk.Content:
    settings.MEDIA_ROOT = tmp_path
    match request.param:
        case "quote":
            return desk.QuoteContent(words="It is over.", speaker="Ann")
        case "photo":
            file = io.BytesIO()
            Image.new("RGB", (60, 40)).save(file, "JPEG")
            file.seek(0)
            name = store(file, 1000).name
            return desk.PhotoContent(name=name, caption="A hall", alt="Rows", credit="Ann")
        case "post":
            return desk.PostContent(text="We are there.")
        case "headline":
            return desk.HeadlineContent(text="It is over")
    return desk.ExternalFiguresContent(
        kind=ExternalFigures.Kind.WIRE,
        source="A wire service",
        as_of=datetime(2019, 12, 12, 23, tzinfo=UTC),
        seats={"lab": 1},
    )


@pytest.fixture
def published(night: Election, content: desk.Content) -> Publication:
    result = desk.publish(night, content, by=nights.user(), idempotency_key="first")
    publication = result.bulletin.publication
    assert publication is not None
    return publication


def withdraw(publication: Publication, key: str = "withdraw") -> desk.PublishResult:
    return desk.withdraw_publication(publication, by=nights.user(), idempotency_key=key)


def test_withdrawal_is_a_revision_of_the_same_entry(
    content: desk.Content, published: Publication
) -> None:
    bulletin = withdraw(published).bulletin
    row = bulletin.publication
    assert row is not None
    assert (row.withdrawn, row.sequence, row.first_sequence) == (True, 2, 1)
    assert (bulletin.kind, bulletin.first_sequence) == (content.bulletin_kind, 1)
    assert not type(published).objects.current().exists()
    assert published.full_text not in "".join(bulletin.fragments.values())


def test_repeated_withdrawal_gets_its_first_result(published: Publication) -> None:
    first = withdraw(published)
    again = withdraw(published)
    assert (again.repeated, again.bulletin) == (True, first.bulletin)


def test_withdrawn_publication_cannot_be_withdrawn_or_replaced(
    night: Election, content: desk.Content, published: Publication
) -> None:
    row = withdraw(published).bulletin.publication
    assert row is not None
    for publication in (published, row):
        with pytest.raises(desk.InvalidTransition):
            withdraw(publication, key="again")
    if not content.exclusive:
        with pytest.raises(desk.InvalidTransition):
            desk.publish(
                night, content, by=nights.user(), idempotency_key="second", replaces=published
            )
    assert Bulletin.objects.count() == 2


def test_every_kind_has_a_content() -> None:
    assert set(CONTENT_OF) == {
        field.related_model
        for field in Bulletin._meta.get_fields()
        if isinstance(field.related_model, type) and issubclass(field.related_model, Publication)
    }


def test_same_key_for_another_election_is_refused(night: Election, content: desk.Content) -> None:
    other = nights.election(slug="other")
    by = nights.user()
    desk.publish(night, content, by=by, idempotency_key="same")
    with pytest.raises(desk.IdempotencyKeyReused):
        desk.publish(other, content, by=by, idempotency_key="same")
    assert not Bulletin.objects.filter(election=other).exists()


def test_replaced_external_figures_are_not_current_and_cannot_be_withdrawn(night: Election) -> None:
    def publish(source: str) -> Publication:
        content = desk.ExternalFiguresContent(
            kind=ExternalFigures.Kind.WIRE,
            source=source,
            as_of=datetime(2019, 12, 12, 23, tzinfo=UTC),
            seats={"lab": 1},
        )
        result = desk.publish(night, content, by=nights.user(), idempotency_key=source)
        assert result.bulletin.publication is not None
        return result.bulletin.publication

    first, second = publish("One wire"), publish("Another wire")
    assert not first.is_current
    assert second.is_current
    with pytest.raises(desk.InvalidTransition):
        withdraw(first)
    withdraw(second, "second")
    assert not ExternalFigures.objects.get(pk=second.pk).is_current
