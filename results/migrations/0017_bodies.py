"""Give every election a kind, and every contest a body: at first one body for each election.

Contests get Democracy Club's ballot paper id and whether they are a by-election, both empty until a
file with them is loaded. No append-only table changes.
"""

import django.db.models.deletion
from django.db import migrations, models

#: The only kind of election that earlier releases were made for, and its body.
KIND, BODY = "uk-parliament", ("house-of-commons", "House of Commons")


def give_each_contest_a_body(apps, schema_editor):
    bodies = apps.get_model("results", "Body").objects
    contests = apps.get_model("results", "Contest").objects
    slug, name = BODY
    for election in apps.get_model("results", "Election").objects.all():
        body = bodies.create(election=election, slug=slug, name=name)
        contests.filter(election=election).update(body=body)
    # PostgreSQL alters no table with deferred checks, which rows that have just changed have.
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [("results", "0016_notices_and_passes")]

    operations = [
        migrations.AddField(
            model_name="election",
            name="kind",
            field=models.CharField(
                choices=[
                    ("uk-parliament", "UK Parliament, general election"),
                    ("uk-parliament-by-election", "UK Parliament, by-elections"),
                    ("council", "council"),
                    ("council-stv", "council, by single transferable vote"),
                    ("mayor", "mayor"),
                    ("commissioner", "police and crime commissioner"),
                    ("referendum", "referendum"),
                    ("senedd", "Senedd"),
                    ("scottish-parliament", "Scottish Parliament"),
                    ("london-assembly", "London Assembly"),
                    ("ni-assembly", "Northern Ireland Assembly"),
                ],
                db_default=KIND,
                default=KIND,
                help_text="One election is of one kind, on one polling day.",
                max_length=32,
                verbose_name="kind",
            ),
        ),
        migrations.CreateModel(
            name="Body",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=120, verbose_name="address")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                (
                    "seats",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Those not up this time included.",
                        null=True,
                        verbose_name="seats in all",
                    ),
                ),
                (
                    "control_before",
                    models.CharField(blank=True, max_length=200, verbose_name="control before"),
                ),
                (
                    "composition_before",
                    models.JSONField(blank=True, default=dict, verbose_name="composition before"),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bodies",
                        to="results.election",
                    ),
                ),
            ],
            options={
                "verbose_name": "body",
                "verbose_name_plural": "bodies",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("election", "slug"), name="body_address")
                ],
            },
        ),
        migrations.AddField(
            model_name="contest",
            name="ballot_paper_id",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="Democracy Club’s, such as “parl.islington-north.2024-07-04”.",
                max_length=200,
                verbose_name="ballot paper id",
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="by_election",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="by-election"
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="qualifier",
            field=models.CharField(
                blank=True,
                db_default="",
                editable=False,
                max_length=200,
                verbose_name="told apart by",
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="body",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="contests",
                to="results.body",
            ),
        ),
        migrations.RunPython(give_each_contest_a_body, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="contest",
            name="body",
            field=models.ForeignKey(
                blank=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="contests",
                to="results.body",
                verbose_name="body",
            ),
        ),
        migrations.AddConstraint(
            model_name="contest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ballot_paper_id", ""), _negated=True),
                fields=("election", "ballot_paper_id"),
                name="contest_ballot_paper_id",
                violation_error_message="Another contest of this election has this ballot paper id.",
            ),
        ),
    ]
