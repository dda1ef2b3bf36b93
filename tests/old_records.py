"""Migrations of the tests' own database, and records that an older release has written."""

import uuid
from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone


def migrate(*targets: tuple[str, str]) -> Any:
    """Migrate the test's database; return the apps as of that migration."""
    _one_by_one().migrate(list(targets))
    # Not those that it returns: migrated from nothing, some relate to classes of an earlier state.
    return apps_of(*targets)


def apps_of(*targets: tuple[str, str]) -> Any:
    """The apps as of that migration, whatever the database has."""
    return _one_by_one().loader.project_state(list(targets)).apps


def newest() -> list[tuple[str, str]]:
    """The last migration of each app, of those that another replaces as well."""
    executor = _one_by_one()
    replacing = executor.loader.replacements
    return [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf not in replacing]


def _one_by_one() -> MigrationExecutor:
    """An executor that can stop at any migration, also of those that a squashed one replaces."""
    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    return executor


class OldRecord:
    """A log written by the models of an older release."""

    def __init__(self, apps: Any, slug: str = "ge") -> None:
        self.apps = apps
        self.sequence = self.revision = 0
        self.election = self._make(
            "Election", slug=slug, name="GE", date="2019-12-12", polls_close=timezone.now()
        )
        # Newer releases give every contest a body.
        has_bodies = "body" in self.apps.all_models["results"]
        house = {"election": self.election, "slug": "house", "name": "House"}
        body = {"body": self._make("Body", **house)} if has_bodies else {}
        self.contest = self._make(
            "Contest", election=self.election, slug="vale", name="Vale", **body
        )
        self.by, _created = apps.get_model("auth", "User").objects.get_or_create(username="ed")

    def _make(self, model: str, **fields: Any) -> Any:
        return self.apps.get_model("results", model).objects.create(**fields)

    def labour(self) -> Any:
        return self._make("Party", slug="labour", name="Labour")

    def publish(self, kind: str, *, replaces: Any = None, **more: Any) -> Any:
        columns: dict[str, dict[str, Any]] = {
            "post": {"text": "Words."},
            "quote": {"speaker": "Ann", "words": "Words."},
            "photo": {"name": "a", "width": 1, "height": 1},
            "headline": {"text": "Words"},
            "elsewhere": {"as_of": timezone.now()},
            "externalfigures": {"as_of": timezone.now()},
        }
        own = {**columns[kind], "sequence": self.sequence + 1, **more}
        if replaces is not None:
            own["replaces"] = replaces
        publication = self._make(kind, election=self.election, by=self.by, **own)
        field = "external_figures" if kind == "externalfigures" else kind
        # Newer releases leave this column of a bulletin never empty.
        number = {name: more[name] for name in ("first_sequence",) if name in more}
        kind = "external" if kind == "externalfigures" else kind
        self._publish(kind, **{field: publication}, **number)
        return publication

    def revise(self, kind: str) -> None:
        self.revision += 1
        declaration = self._make(
            "Declaration",
            contest=self.contest,
            revision=self.revision,
            kind=kind,
            sequence=self.sequence + 1,
            reason="Misheard.",
            by=self.by,
        )
        self._publish(kind, contest=self.contest, declaration=declaration)

    def _publish(self, kind: str, **about: Any) -> None:
        self.sequence += 1
        self._make(
            "Bulletin",
            election=self.election,
            epoch=uuid.uuid4(),
            sequence=self.sequence,
            kind=kind,
            by=self.by,
            **about,
        )
