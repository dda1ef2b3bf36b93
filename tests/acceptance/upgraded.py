"""Seed functions that inspect the upgraded database."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django_otp.plugins.otp_totp.models import TOTPDevice

from results import desk
from results.models import (
    AuditEntry,
    Body,
    Bulletin,
    Candidate,
    Declaration,
    Election,
    Photo,
    ReviewItem,
    Standing,
)
from results.models.append_only import AppendOnly

#: Address, name and code of the council's wards: an editor has chosen the address of the second.
WARDS = (("st-michaels", "St Michaels", "E05000001"), ("the-hill", "Hill", ""))


def photos() -> dict[str, bool]:
    """Every published photo by its stored name, and whether it was withdrawn."""
    return dict(Photo.objects.order_by("pk").values_list("name", "withdrawn"))


def candidates(contest: str) -> list[int]:
    return list(Candidate.objects.filter(contest__slug=contest).values_list("pk", flat=True))


def add_council() -> None:
    """Put a council election into the database of the previous release, whose models are gone."""
    rows: dict[str, list[dict[str, Any]]] = {
        "election": [
            {"id": 2, "slug": "may", "name": "Northshire", "date": "2019-05-02"}
            | {"timezone": "Europe/London", "polls_close": "2019-05-02 21:00:00+00:00"}
            | {"language": "en-gb", "baseline": "general", "deposits": False, "final": False}
            | {"rehearsal": False, "hex_layout": "odd-r", "second_person": "never"}
        ],
        "night": [{"election_id": 2, "epoch": "0" * 32, "sequence": 0, "tally": "{}"}],
        "contest": [
            {"id": 90 + number, "slug": slug, "name": name, "code": code, "seats": 2, "venue": ""}
            | {"note": "", "election_id": 2}
            for number, (slug, name, code) in enumerate(WARDS)
        ],
    }
    with connection.cursor() as cursor:
        for table, some in rows.items():
            for row in some:
                names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
                statement = f"INSERT INTO results_{table} ({names}) VALUES ({marks})"
                cursor.execute(statement, list(row.values()))


def council() -> dict[str, Any]:
    """The council election's kind and bodies, and its wards' ids and addresses."""
    election = Election.objects.get(slug="may")
    wards = election.contests.order_by("pk").values_list("pk", "slug", "body__name")
    bodies = election.bodies.order_by("pk").values_list("name", flat=True)
    return {"kind": election.kind, "bodies": list(bodies), "wards": [list(ward) for ward in wards]}


def contests_by_body() -> dict[str, int]:
    bodies = Body.objects.filter(election__slug="ge")
    return {body.name: body.contests.count() for body in bodies}


def append_only_tables() -> list[str]:
    models = [model for model in apps.get_models() if issubclass(model, AppendOnly)]
    return sorted(model._meta.db_table for model in models)


def correct_the_name() -> None:
    election = Election.objects.order_by("pk")[0]
    desk.correct_election(
        election,
        [("Name", election.name, election.name)],
        by=User.objects.order_by("pk")[0],
        reason="It was said otherwise.",
        idempotency_key="after the upgrade",
    )


def rows() -> dict[str, int]:
    """How many rows each table has."""
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            counts[table] = cursor.fetchone()[0]
    return counts


def stored_kinds() -> dict[str, list[str]]:
    """The kinds, states and names of models that rows have."""
    items = ReviewItem.objects.filter(kind=ReviewItem.Kind.RESULT)
    return {
        "bulletins": distinct(Bulletin.objects, "kind"),
        "declarations": distinct(Declaration.objects, "kind"),
        "standings": distinct(Standing.objects, "status"),
        "actions": distinct(AuditEntry.objects, "what"),
        "review items": sorted({item.content["act"] for item in items}),
        "content types": distinct(ContentType.objects.filter(app_label="results"), "model"),
    }


def distinct(rows: Any, column: str) -> list[str]:
    return sorted(set(rows.order_by().values_list(column, flat=True)))


def permissions_of_roles() -> dict[str, list[str]]:
    """Names and codenames of the permissions of each group."""
    return {
        role.name: sorted(
            f"{permission.codename}: {permission.name}" for permission in role.permissions.all()
        )
        for role in Group.objects.all()
    }


def entries_without_number() -> int:
    """Rows whose number in the feed differs from that of their bulletin."""
    published = [
        bulletin.publication for bulletin in Bulletin.objects.all() if bulletin.publication
    ]
    return sum(
        publication.first_sequence != publication.bulletin.first_sequence
        for publication in published
    )


def second_factors() -> list[str]:
    return list(TOTPDevice.objects.values_list("name", flat=True))


def publish_post(text: str) -> None:
    chief = User.objects.get(username="chief")
    election = Election.objects.get(slug="ge")
    desk.publish(election, desk.PostContent(text=text), by=chief, idempotency_key=text)


def publications_after(moment: str) -> int:
    """How many bulletins were published after `moment`, in ISO 8601."""
    return Bulletin.objects.filter(published_at__gt=datetime.fromisoformat(moment)).count()
