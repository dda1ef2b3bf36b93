"""Seed functions that inspect the upgraded database."""

from datetime import datetime

from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection
from django_otp.plugins.otp_totp.models import TOTPDevice

from results import desk
from results.models import Bulletin, Candidate, Election, Photo
from results.models.append_only import AppendOnly


def photos() -> dict[str, bool]:
    """Every published photo by its stored name, and whether it was withdrawn."""
    return dict(Photo.objects.order_by("pk").values_list("name", "withdrawn"))


def candidates(contest: str) -> list[int]:
    return list(Candidate.objects.filter(contest__slug=contest).values_list("pk", flat=True))


def append_only_tables() -> list[str]:
    models = [model for model in apps.get_models() if issubclass(model, AppendOnly)]
    return sorted(model._meta.db_table for model in models)


def rows() -> dict[str, int]:
    """How many rows each table has."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            found[table] = cursor.fetchone()[0]
    return found


def second_factors() -> list[str]:
    return list(TOTPDevice.objects.values_list("name", flat=True))


def publish_post(text: str) -> None:
    chief = User.objects.get(username="chief")
    desk.post(Election.objects.get(slug="ge"), text, by=chief, idempotency_key=text)


def publications_after(moment: str) -> int:
    """How many bulletins were published after `moment`, in ISO 8601."""
    return Bulletin.objects.filter(published_at__gt=datetime.fromisoformat(moment)).count()
