"""Other spellings, numbers and earlier addresses of parties; one party of Brexit and Reform UK."""

import csv
from datetime import date
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from results.models.party_alias import number_key, spelling_key

REGISTRY = Path(__file__).parents[1] / "models" / "known_parties.csv"
BREXIT_UNTIL = date(2021, 1, 3)


def rows_by_slug():
    with REGISTRY.open(encoding="utf-8", newline="") as file:
        return {row["slug"]: row for row in csv.DictReader(file)}


def backfill(apps, schema_editor):
    """Give the parties of the registry its spellings and numbers, unless others have them."""
    Party = apps.get_model("results", "Party")
    PartyAlias = apps.get_model("results", "PartyAlias")
    registry = rows_by_slug()
    rename_brexit_party(Party, PartyAlias)
    parties = list(Party.objects.order_by("pk"))
    names = {spelling_key(party.name): party.pk for party in parties}
    owners = {}
    for party in parties:
        owners.setdefault(number_key(party.electoral_commission_id), party.pk)
    for party in parties:
        row = registry.get(party.slug) or (registry["reform"] if is_brexit(party) else None)
        if row is None:
            continue
        if party.slug == "reform" and names.get("brexit party", party.pk) == party.pk:
            add_brexit_party(PartyAlias, party, "Brexit Party", "Brexit")
        for text in filter(None, row["aliases"].split("|")):
            key = spelling_key(text)
            if names.get(key, party.pk) == party.pk:
                add(PartyAlias, party, "spelling", text, key)
        for text in filter(None, row["electoral_commission"].split("|")):
            key = number_key(text)
            if key not in owners:
                owners[key] = party.pk
                add(PartyAlias, party, "number", text, key)
    # PostgreSQL alters no table with deferred checks, which new rows have.
    schema_editor.connection.check_constraints()


def is_brexit(party):
    return party.slug == "brexit" and party.name == "Reform UK"


def rename_brexit_party(Party, PartyAlias):
    """Call the party by its name of today, where the two names are not two parties here yet."""
    party = Party.objects.filter(slug="brexit", name="Brexit Party").first()
    if party is None or Party.objects.filter(slug="reform").exists():
        return
    add_brexit_party(PartyAlias, party, party.name, party.abbreviation)
    party.name, party.abbreviation, party.collective = "Reform UK", "RUK", ""
    party.save(update_fields=["name", "abbreviation", "collective"])


def add_brexit_party(PartyAlias, party, name, abbreviation):
    PartyAlias.objects.create(
        party=party,
        kind="spelling",
        text=name,
        key=spelling_key(name),
        until=BREXIT_UNTIL,
        abbreviation=abbreviation,
    )


def restore_names(apps, schema_editor):
    """Call the Brexit Party by its name of then again."""
    for alias in apps.get_model("results", "PartyAlias").objects.filter(until=BREXIT_UNTIL):
        party = alias.party
        if is_brexit(party):
            party.name, party.abbreviation = alias.text, alias.abbreviation
            party.save(update_fields=["name", "abbreviation"])


def add(PartyAlias, party, kind, text, key):
    PartyAlias.objects.get_or_create(party=party, kind=kind, key=key, defaults={"text": text})


class Migration(migrations.Migration):
    dependencies = [("results", "0017_bodies")]

    operations = [
        migrations.CreateModel(
            name="PartyAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("spelling", "Spelling"),
                            ("number", "Electoral Commission number"),
                            ("address", "Earlier address"),
                        ],
                        default="spelling",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.CharField(max_length=160, verbose_name="text")),
                ("key", models.CharField(db_index=True, editable=False, max_length=160)),
                (
                    "until",
                    models.DateField(
                        blank=True,
                        help_text="Of an earlier name: shown in elections up to this day.",
                        null=True,
                        verbose_name="name until",
                    ),
                ),
                (
                    "abbreviation",
                    models.CharField(
                        blank=True,
                        help_text="Of an earlier name.",
                        max_length=24,
                        verbose_name="abbreviation",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="results.party",
                        verbose_name="party",
                    ),
                ),
            ],
            options={
                "verbose_name": "alias of a party",
                "verbose_name_plural": "aliases of parties",
                "ordering": ["kind", "text"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["party", "kind", "key"], name="party_alias_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(kind__in=["number", "address"]),
                        fields=["kind", "key"],
                        name="party_alias_of_one_party",
                    ),
                ],
            },
        ),
        migrations.RunPython(backfill, restore_names),
    ]
