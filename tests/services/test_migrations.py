"""Migrations: none is missing, and data migrations of a filled database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any, ClassVar

import pytest
from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoDbBlocker

from results.models.append_only import AppendOnly
from tests.old_records import OldRecord, migrate


@pytest.mark.django_db
@pytest.mark.db
def test_no_migration_is_missing() -> None:
    output = StringIO()
    call_command("makemigrations", check_changes=True, dry_run=True, stdout=output)
    assert output.getvalue() == "No changes detected\n"


@pytest.fixture(scope="class")
def database(
    empty_database: Callable[[], None],
    renew_database: Callable[[], None],
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """The database without a table, for a class that migrates it once for all of its tests.

    Up to an old release that takes a tenth of the time of going back from the newest one, which
    `TestWithdrawnFigures` and `test_undone_migrations.py` do.
    """
    with django_db_blocker.unblock():
        empty_database()
        yield
        renew_database()


@pytest.mark.db
class TestFirstSequences:
    """0011 fills a column of append-only tables, and restores their triggers."""

    BEFORE, AFTER = ("results", "0009_addresses_of_seats"), ("results", "0011_first_sequences")
    DEPTHS = (1, 2, 3, 5)
    TABLES = ("bulletin", "post", "quote", "photo")

    @dataclass
    class Migrated:
        """First sequences of each election's log, posts and quotes; tables with triggers."""

        logs: dict[str, list[int]]
        posts: dict[str, set[int]]
        quotes: dict[str, list[int]]
        guarded: list[list[str]]

    @pytest.fixture(scope="class")
    @classmethod
    def migrated(cls, database: None) -> Migrated:
        """Elections with a post reworded so often, and one with results; there and back."""
        old = migrate(cls.BEFORE)
        for depth in cls.DEPTHS:
            record = OldRecord(old, f"reworded-{depth}")
            wording = record.publish("post")
            record.publish("quote")
            for _time in range(depth):
                wording = record.publish("post", replaces=wording)
        record = OldRecord(old, "results")
        for kind in ("flash", "update", "correction", "withdrawal", "flash", "update"):
            record.revise(kind)
        OldRecord(old, "photo").publish("photo")
        new = migrate(cls.AFTER)
        firsts = {
            kind: {
                slug: list(
                    new.get_model("results", kind)
                    .objects.filter(election__slug=slug)
                    .order_by("sequence")
                    .values_list("first_sequence", flat=True)
                )
                for slug in ("results", *(f"reworded-{depth}" for depth in cls.DEPTHS))
            }
            for kind in ("bulletin", "post", "quote")
        }
        guarded = [guarded_of(*cls.TABLES)]
        migrate(cls.BEFORE)
        guarded.append(guarded_of(*cls.TABLES))
        posts = {slug: set(numbers) for slug, numbers in firsts["post"].items()}
        return cls.Migrated(firsts["bulletin"], posts, firsts["quote"], guarded)

    @pytest.mark.parametrize("depth", DEPTHS)
    def test_sets_first_sequence_of_every_wording(self, migrated: Migrated, depth: int) -> None:
        slug = f"reworded-{depth}"
        assert migrated.posts[slug] == {1}
        assert migrated.logs[slug] == [1, 2, *[1] * depth]
        assert migrated.quotes[slug] == [2]

    def test_sets_first_sequence_of_full_results_to_that_of_their_winner(
        self, migrated: Migrated
    ) -> None:
        assert migrated.logs["results"] == [1, 1, 3, 4, 5, 5]

    def test_restores_triggers_forwards_and_backwards(self, migrated: Migrated) -> None:
        assert migrated.guarded == [list(self.TABLES)] * 2


@pytest.mark.db
class TestPlainNames:
    """0014 renames stored values, and restores the triggers in either direction."""

    BEFORE, AFTER = ("results", "0013_withdrawn_headlines"), ("results", "0014_plain_names")
    ROLES = {"view_offer", "add_elsewhere", "view_act", "publish_voices"}

    @dataclass
    class State:
        """Kinds that are stored, permissions by codename, and tables with triggers."""

        kinds: list[str]
        permissions: dict[str, str]
        guarded: list[str]

    @pytest.fixture(scope="class")
    @classmethod
    def states(cls, database: None) -> list[State]:
        """Before, after, and before again."""
        old = migrate(cls.BEFORE)
        create_permissions(apps.get_app_config("results"), verbosity=0, apps=old)
        record = OldRecord(old)
        record.revise("flash")
        record.publish("elsewhere")
        old.get_model("results", "Standing").objects.create(contest=record.contest, status="rush")
        old.get_model("results", "Act").objects.create(what="flash")
        return [
            cls.state(old, "elsewhere"),
            cls.state(migrate(cls.AFTER), "externalfigures"),
            cls.state(migrate(cls.BEFORE), "elsewhere"),
        ]

    @classmethod
    def state(cls, apps: Any, table: str) -> State:
        models = {model.__name__: model.objects for model in apps.get_models()}
        actions = models.get("AuditEntry") or models["Act"]
        kinds = [
            *models["Bulletin"].order_by("sequence").values_list("kind", flat=True),
            models["Standing"].get().status,
            actions.get().what,
        ]
        permissions = dict(models["Permission"].values_list("codename", "name"))
        return cls.State(kinds, permissions, guarded_of(table, "bulletin"))

    def test_renames_kinds_forwards_and_backwards(self, states: list[State]) -> None:
        assert [state.kinds for state in states[1:]] == [
            ["winner_only", "external", "winner_only", "winner_only"],
            ["flash", "elsewhere", "rush", "flash"],
        ]

    def test_renames_permissions_forwards_and_backwards(self, states: list[State]) -> None:
        before, after, back = (state.permissions for state in states)
        assert before.keys() >= self.ROLES
        assert not self.ROLES & after.keys()
        assert after["view_reviewitem"] == "Can view review item"
        assert "publish_unreviewed" in after
        assert back.keys() >= self.ROLES

    def test_restores_triggers_forwards_and_backwards(self, states: list[State]) -> None:
        assert [state.guarded for state in states[1:]] == [
            ["externalfigures", "bulletin"],
            ["elsewhere", "bulletin"],
        ]


@pytest.mark.db
class TestPublishedDetails:
    """0019 stores names and parties with each revision, as they stand when it is migrated."""

    BEFORE, AFTER = ("results", "0018_party_aliases"), ("results", "0019_published_details")

    def test_fills_in_every_revision_but_withdrawals(self, database: None) -> None:
        record = OldRecord(migrate(self.BEFORE))
        party = record._make("Party", slug="coop", name="Co-op", tallied_with=record.labour())
        for order, fields in enumerate(({"party": party}, {"standing_as": "independent"}), start=1):
            who = {"name": f"No {order}", "ballot_order": order}
            record._make("Candidate", contest=record.contest, **who, **fields)
        for number, kind in enumerate(("declaration", "correction", "withdrawal"), start=1):
            columns = {"revision": number, "sequence": number, "reason": "Misheard."}
            record._make("Declaration", contest=record.contest, kind=kind, by=record.by, **columns)
        new = migrate(self.AFTER)
        rows = new.get_model("results", "Declaration").objects.order_by("revision")
        details = list(rows.values_list("details", flat=True))
        assert details[0] == details[1]
        assert details[2] is None
        names = [(row["name"], row["label"], row["party"]) for row in details[0]["candidates"]]
        assert names == [
            ("No 1", "labour", "Labour"),
            ("No 2", "independent", "Independent"),
        ]
        assert guarded_of("declaration") == ["declaration"]


@pytest.mark.db
class TestPublications:
    """0015 fills in the number of each entry of the feed, where an earlier release left it out."""

    BEFORE, AFTER = ("results", "0014_plain_names"), ("results", "0015_publications")
    TABLES = ("bulletin", "headline", "post", "declaration")

    @dataclass
    class Migrated:
        """First sequences of the log, headlines and figures as filled in, tables with triggers."""

        log: list[int]
        headlines: list[tuple[int, int]]
        figures: Any
        guarded: list[list[str]]

    @pytest.fixture(scope="class")
    @classmethod
    def migrated(cls, database: None) -> Migrated:
        record = OldRecord(migrate(cls.BEFORE))
        headline = record.publish("headline", sequence=None)
        post = record.publish("post")
        record.publish("headline", replaces=headline, withdrawn=True, text="")
        record.publish("post", replaces=record.publish("post", replaces=post))
        record.revise("winner_only")
        record.publish("externalfigures", rows=[{"label": "lab", "seats": 1}])
        record.revise("update")
        new = migrate(cls.AFTER)
        log = new.get_model("results", "Bulletin").objects.order_by("sequence")
        headlines = new.get_model("results", "Headline").objects.order_by("pk")
        filled = cls.Migrated(
            list(log.values_list("first_sequence", flat=True)),
            list(headlines.values_list("sequence", "first_sequence")),
            new.get_model("results", "ExternalFigures").objects.get(),
            [guarded_of(*cls.TABLES)],
        )
        migrate(cls.BEFORE)
        filled.guarded.append(guarded_of(*cls.TABLES))
        return filled

    def test_fills_in_every_number(self, migrated: Migrated) -> None:
        assert migrated.log == [1, 2, 1, 2, 2, 6, 7, 6]
        assert migrated.headlines == [(1, 1), (3, 1)]
        figures = migrated.figures
        assert (figures.first_sequence, figures.withdrawn, figures.replaces_id) == (7, False, None)

    def test_restores_triggers_forwards_and_backwards(self, migrated: Migrated) -> None:
        assert migrated.guarded == [list(self.TABLES)] * 2


def guarded_of(*tables: str) -> list[str]:
    """Those of the tables, which all have rows, that refuse an update as append-only."""
    guarded = []
    for table in tables:
        try:
            with transaction.atomic():
                connection.cursor().execute(f"UPDATE results_{table} SET sequence = 9")
        except DatabaseError as exc:
            if "append-only" in str(exc):
                guarded.append(table)
    return guarded


@pytest.mark.django_db(transaction=True)
@pytest.mark.db
class TestWithdrawnFigures:
    """Up to 0014, external figures without rows withdrew the ones before."""

    ROWS: ClassVar = [{"label": "lab", "seats": 1}]

    @pytest.fixture(autouse=True)
    def newest_afterwards(self, renew_database: Callable[[], None]) -> Iterator[None]:
        yield
        renew_database()

    def stored(self, apps: Any) -> list[tuple[Any, ...]]:
        figures = apps.get_model("results", "ExternalFigures").objects.order_by("pk")
        return list(figures.values_list("replaces", "withdrawn", "first_sequence", "sequence"))

    def test_are_marked_as_withdrawn(self, empty_database: Callable[[], None]) -> None:
        empty_database()
        record = OldRecord(migrate(("results", "0014_plain_names")))
        record.publish("externalfigures", rows=[])
        first = record.publish("externalfigures", rows=self.ROWS)
        record.publish("externalfigures", rows=[])
        record.publish("externalfigures", rows=[])
        record.publish("externalfigures", rows=self.ROWS)
        assert self.stored(migrate(("results", "0015_publications"))) == [
            (None, True, 1, 1),
            (None, False, 2, 2),
            (first.pk, True, 2, 3),
            (None, True, 4, 4),
            (None, False, 5, 5),
        ]

    def test_stay_withdrawn_backwards_and_forwards(
        self, empty_database: Callable[[], None]
    ) -> None:
        empty_database()
        publications = migrate(("results", "0015_publications"))
        record = OldRecord(publications)
        first = record.publish("externalfigures", rows=self.ROWS, first_sequence=1)
        record.publish("externalfigures", replaces=first, rows=[], withdrawn=True, first_sequence=1)
        kept = [(None, False, 1, 1), (first.pk, True, 1, 2)]
        assert self.stored(publications) == kept
        old = migrate(("results", "0013_withdrawn_headlines"))
        lines = old.get_model("results", "Elsewhere").objects.order_by("pk")
        assert list(lines.values_list("lines", flat=True)) == [self.ROWS, []]
        assert self.stored(migrate(("results", "0015_publications"))) == kept


@pytest.mark.django_db
@pytest.mark.db
@pytest.mark.parametrize(
    "model", [model for model in apps.get_models() if issubclass(model, AppendOnly)], ids=str
)
def test_triggers_refuse_updates_of_published_rows(model: type[AppendOnly]) -> None:
    """Also where a migration has rebuilt the table since its trigger was created."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE type='trigger' AND tbl_name=%s", [table]
            )
        else:
            cursor.execute(
                "SELECT pg_get_triggerdef(oid) FROM pg_trigger"
                " WHERE NOT tgisinternal AND tgenabled = 'O' AND tgrelid = %s::regclass",
                [table],
            )
        triggers = cursor.fetchall()
    assert len(triggers) == 1
    assert "BEFORE UPDATE" in triggers[0][0]
