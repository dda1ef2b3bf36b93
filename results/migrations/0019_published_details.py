"""Store with each revision the names and parties that it was published with.

Revisions of earlier releases get them as they stand now, which is all that is known of them.
"""

import django.db.models.deletion
import results.models.clock
from django.conf import settings
from django.db import migrations, models

from results.migrations._append_only import TABLES, lift, restore

#: Contests that are read together.
CHUNK = 200
#: Names of candidates without a party.
WITHOUT_PARTY = {"independent": "Independent", "speaker": "Speaker"}


def fill(apps, schema_editor):
    contests = apps.get_model("results", "Contest").objects
    declared = contests.filter(declarations__isnull=False).distinct().select_related("region")
    keys = list(declared.values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        some = contests.filter(pk__in=keys[start : start + CHUNK]).select_related("region")
        for contest in some.prefetch_related("candidates__party__tallied_with", "declarations"):
            fill_contest(contest)
    schema_editor.connection.check_constraints()


def fill_contest(contest):
    details = {
        "contest": contest.name,
        "seats": contest.seats,
        "region": contest.region.name if contest.region else "",
        "region_slug": contest.region.slug if contest.region else "",
        "candidates": [
            candidate_of(candidate)
            for candidate in sorted(contest.candidates.all(), key=lambda row: row.ballot_order)
        ],
        # What was computed for an earlier revision cannot be told from what stands now.
        "result": "",
        "swing": "",
        "lost_deposits": [],
    }
    revisions = [row for row in contest.declarations.all() if row.kind != "withdrawal"]
    for revision in revisions:
        revision.details = details
    if revisions:
        type(revisions[0]).objects.bulk_update(revisions, ["details"])


def candidate_of(candidate):
    party = candidate.party if candidate.standing_as == "party" else None
    if party is not None:
        party = party.tallied_with or party
    label = "independent" if candidate.standing_as == "party" else candidate.standing_as
    label = party.slug if party else label
    return {
        "id": candidate.pk,
        "name": candidate.name,
        "description": candidate.description,
        "label": label,
        "party": party.name if party else WITHOUT_PARTY[label],
    }


class Migration(migrations.Migration):
    dependencies = [
        ("results", "0018_party_aliases"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="declaration",
            name="details",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.RunPython(lift, restore(*TABLES)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.CreateModel(
            name="ElectionCorrection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sequence", models.PositiveIntegerField(verbose_name="bulletin")),
                ("changes", models.JSONField(verbose_name="changes")),
                ("details", models.JSONField(editable=False)),
                ("reason", models.TextField(verbose_name="reason, as readers see it")),
                (
                    "blame",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ours", "Our mistake"),
                            ("officer", "The returning officer’s correction"),
                        ],
                        max_length=8,
                        verbose_name="whose mistake",
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=results.models.clock.now,
                        editable=False,
                        verbose_name="received at",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="results.election",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction of an election",
                "verbose_name_plural": "corrections of elections",
                "ordering": ["election", "sequence"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("election", "sequence"), name="one_correction_a_bulletin"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="an_election_correction_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.RunPython(restore(*TABLES), lift),
    ]
