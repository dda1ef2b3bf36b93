"""Words that are withdrawn for good: no row has them any more, and the log says so."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.test import Client, override_settings
from PIL import Image

from results import desk
from results.desk.pictures import store
from results.exchange.chain_verification import check_chain
from results.live.election_snapshot import ElectionSnapshot
from results.live.public_log import public_log
from results.migrations._append_only import ERASED
from results.models import (
    AuditEntry,
    Bulletin,
    Contest,
    Election,
    ExternalFigures,
    Headline,
    Photo,
    Publication,
    Quote,
    ReviewItem,
)
from tests import nights

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.db]

WORDS = "Zebras’ <stole> “my” seat & more"


@pytest.fixture
def north() -> Contest:
    return nights.islington_north(nights.election())


def publish(election: Election, content: desk.Content, **more: Any) -> Any:
    result = desk.publish(election, content, by=nights.user(), idempotency_key=nights.key(), **more)
    return result.bulletin.publication


def erase(publication: Publication, reason: str = "By order of a court.") -> desk.Erasure:
    return desk.withdraw_for_good(
        publication, by=nights.user("chief"), reason=reason, idempotency_key="erase"
    )


def quote(north: Contest) -> Any:
    """Of two wordings, published after a headline and before another quote of the seat."""
    publish(north.election, desk.HeadlineContent(text="Stands"))
    first = publish(
        north.election, desk.QuoteContent(words="Zebras first of all", speaker="Mr Zebra")
    )
    by, key = nights.trust(nights.user("trusted")), nights.key()
    content = desk.QuoteContent(words=WORDS, speaker="Ms Zebra", contest=north)
    newest = publish(north.election, content, replaces=first)
    other = desk.QuoteContent(words="Thank you all", speaker="Ann", contest=north)
    desk.publish(north.election, other, by=by, idempotency_key=key)
    return newest


def post(north: Contest) -> Any:
    return publish(north.election, desk.PostContent(text=WORDS, title="Zebras in town"))


def headline(north: Contest) -> Any:
    row = publish(north.election, desk.HeadlineContent(text=WORDS))
    publish(north.election, desk.HeadlineContent(text="Another stands"))
    return row


def photo(north: Contest) -> Any:
    picture = io.BytesIO()
    Image.new("RGB", (1600, 900), "gray").save(picture, "PNG")
    size = picture.tell()
    picture.seek(0)
    content = desk.PhotoContent(
        name=store(picture, size).name, caption=WORDS, alt="Zebras", credit="Zebra", contest=north
    )
    return publish(north.election, content)


def external_figures(north: Contest) -> Any:
    rows = []
    for source in ("Zebra polls", "Wire"):
        content = desk.ExternalFiguresContent(
            seats={"lab": 1},
            kind=ExternalFigures.Kind.WIRE,
            source=source,
            as_of=north.election.polls_close,
        )
        rows.append(publish(north.election, content))
    return rows[0]


def stored_text() -> str:
    """Every value of every table."""
    texts = []
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values():
            texts.append(json.dumps(row, default=str, ensure_ascii=False))
    return "\n".join(texts)


@pytest.mark.parametrize("publish_one", [quote, post, headline, photo, external_figures])
def test_nothing_stored_or_public_has_the_words(north: Contest, publish_one: Any) -> None:
    row = publish_one(north)
    assert "Zebra" in stored_text()
    names = [row.name] if isinstance(row, Photo) else []
    # As the admin's own history does.
    LogEntry.objects.log_actions(nights.user().pk, [row], CHANGE, single_object=True)
    erasure = erase(row)
    assert "zebra" not in stored_text().casefold()
    client = Client()
    for page in ("", "feed/", "feed.atom", "results.json", "log.json", "islington-north/"):
        response = client.get(f"/ge/{page}")
        assert response.status_code == 200
        assert "zebra" not in response.content.decode().casefold()
    assert list(check_chain(north.election)) == []
    assert not any(default_storage.exists(f"pictures/{name}-640.jpg") for name in names)
    log = json.loads("".join(public_log(ElectionSnapshot(north.election))))
    (entry,) = [entry for entry in log["log"] if entry["header"]["kind"] == "erasure"]
    assert entry["content"]["erased"] == list(erasure.sequences)
    assert entry["content"]["reason"] == "By order of a court."


def test_other_words_stay(north: Contest) -> None:
    erase(quote(north))
    assert Quote.objects.filter(words="Thank you all").exists()
    html = Client().get("/ge/islington-north/").content.decode()
    assert "Thank you all" in html
    assert Headline.objects.filter(text="Stands").exists()
    newest = Bulletin.objects.filter(summary="Ann: Thank you all").get()
    assert "Thank you all" in str(newest.fragments)


def test_open_pages_are_caught_up_to_what_stands(north: Contest) -> None:
    quote(north)
    with_words = Client().get("/ge/updates/0/").content.decode()
    assert "Zebra" in with_words
    erase(Quote.objects.get(words=WORDS))
    frame = json.loads(Client().get("/ge/updates/0/?topics=feed").content)
    assert "Zebra" not in str(frame)
    assert None not in frame["fragments"].values()
    assert frame["fragments"]["bulletin-2"] == ""


def test_needs_a_reason_that_does_not_repeat_the_words(north: Contest) -> None:
    row = post(north)
    for reason in ("", f"He said: {WORDS}"):
        with pytest.raises(desk.ValidationRefused):
            erase(row, reason)
    assert not Bulletin.objects.filter(kind=Bulletin.Kind.ERASURE).exists()


def test_is_done_once(north: Contest) -> None:
    row = post(north)
    first = erase(row)
    assert erase(row).result.repeated
    with pytest.raises(desk.InvalidTransition):
        desk.withdraw_for_good(row, by=nights.user(), reason="Again.", idempotency_key="another")
    erasures = Bulletin.objects.filter(kind=Bulletin.Kind.ERASURE)
    assert [bulletin.sequence for bulletin in erasures] == [first.result.sequence]


def test_audit_log_says_who_and_why_without_the_words(north: Contest) -> None:
    erase(post(north))
    entry = AuditEntry.objects.get(what="erasure")
    assert (entry.user, entry.after) == ("chief", "By order of a court.")
    assert "Withdrawn for good: post of bulletin 1." in entry.about


def test_settled_review_items_lose_the_words(north: Contest) -> None:
    reporter = nights.user("untrusted")
    content = desk.QuoteContent(words=WORDS, speaker="Ms Zebra", contest=north)
    item = desk.submit(north, content, by=reporter, idempotency_key="queued")
    assert isinstance(item, ReviewItem)
    result = desk.approve(item, by=nights.user("editor"))
    publication = result.bulletin.publication
    assert publication is not None
    erasure = erase(publication)
    assert erasure.review_items == 1
    assert "zebra" not in stored_text().casefold()


def test_note_that_an_item_was_set_aside_with_loses_the_words(north: Contest) -> None:
    """The editor may have repeated them to the reporter."""
    content = desk.QuoteContent(words="Something else entirely.", speaker="Ann", contest=north)
    reporter = nights.user("untrusted")
    item = desk.submit(north, content, by=reporter, idempotency_key="queued")
    assert isinstance(item, ReviewItem)
    desk.decline(item, by=nights.user("editor"), note=f"“{WORDS}” is published already")
    erasure = erase(quote(north))
    assert erasure.review_items == 1
    assert "zebra" not in stored_text().casefold()
    item.refresh_from_db()
    assert item.content["words"] == "Something else entirely."


@pytest.mark.django_db
class TestTriggers:
    """They allow what an erasure does, and nothing else."""

    @pytest.fixture(scope="class")
    @classmethod
    def published(
        cls,
        rolled_back_rows: Callable[[], AbstractContextManager[None]],
        tmp_path_factory: pytest.TempPathFactory,
    ) -> Iterator[None]:
        with rolled_back_rows(), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
            north = nights.islington_north(nights.election())
            for publish_one in (quote, post, headline, photo, external_figures):
                publish_one(north)
            desk.start_new_epoch(north.election)
            yield

    @pytest.fixture(autouse=True)
    def begin_with_them(self, published: None, db: None) -> None:
        """Each statement is refused or rolled back: the rows stay as they are."""

    def update(self, statement: str) -> None:
        """Run it, and roll back. Raises DatabaseError where it is refused."""
        with transaction.atomic():
            connection.cursor().execute(statement)
            transaction.set_rollback(True)

    def columns(self, table: str) -> list[str]:
        with connection.cursor() as cursor:
            description = connection.introspection.get_table_description(cursor, table)
        return [column.name for column in description]

    @pytest.mark.parametrize("table", sorted(ERASED))
    def test_refuse_every_other_change_beside_an_erasure(self, table: str) -> None:
        others = set(self.columns(table)) - {*ERASED[table], "erased_by"}
        assert others
        for column in others:
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT "{column}" FROM {table} ORDER BY id LIMIT 1')
                (value,) = cursor.fetchone()
            changed = "NULL" if value is not None else "id"
            if connection.vendor == "postgresql" and value is None:
                continue  # types differ
            with pytest.raises(DatabaseError):
                self.update(f'UPDATE {table} SET erased_by = 99, "{column}" = {changed}')

    @pytest.mark.parametrize("table", sorted(ERASED))
    def test_refuse_other_values(self, table: str) -> None:
        for column, how in ERASED[table].items():
            value = {"some keys": """'{"feed": "x"}'""", "no rows": "'[1]'"}.get(how, "'x'")
            if column == "candidate_id":
                value = "(SELECT min(id) FROM results_candidate)"
            with pytest.raises(DatabaseError, match="append-only"):
                self.update(f"UPDATE {table} SET erased_by = 99, {column} = {value}")

    @pytest.mark.parametrize("table", sorted(ERASED))
    def test_refuse_an_erasure_without_its_bulletin(self, table: str) -> None:
        empty = {"null": "NULL", "nothing": "''", "no rows": "'[]'", "some keys": "'{}'"}
        for column, how in ERASED[table].items():
            with pytest.raises(DatabaseError, match="append-only"):
                self.update(f"UPDATE {table} SET {column} = {empty[how]}")

    def test_let_fragments_become_null_one_by_one(self) -> None:
        bulletin = Bulletin.objects.get(sequence=1)
        nulled = json.dumps(bulletin.fragments | {"feed": None}).replace("'", "''")
        for fragments, allowed in (
            (nulled.replace("%", "%%"), True),
            ("{}", False),
            ("null", False),
            (json.dumps(dict.fromkeys(bulletin.fragments) | {"more": None}), False),
        ):
            statement = (
                f"UPDATE results_bulletin SET erased_by = 99, fragments = '{fragments}'"
                " WHERE sequence = 1"
            )
            if allowed:
                self.update(statement)
            else:
                with pytest.raises(DatabaseError, match="append-only"):
                    self.update(statement)
