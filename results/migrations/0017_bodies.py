"""Give every election a kind, and every contest a body: at first one body for each election.

The kind is told by what is stored of the election and its contests; an editor may change it.

Contests get Democracy Club's ballot paper id and whether they are a by-election, both empty until a
file with them is loaded. No append-only table changes.
"""

from collections import Counter

import django.db.models.deletion
from django.db import migrations, models
from django.utils.text import slugify

#: Of earlier elections that nothing tells the kind of.
KIND = "uk-parliament"
COUNCIL, COUNCIL_STV, NI_ASSEMBLY = "council", "council-stv", "ni-assembly"

#: Kinds that elect in an area, by how its official code begins.
KINDS_BY_CODE = {
    **dict.fromkeys(("E14", "W07", "S14", "N05", "N06"), KIND),
    **dict.fromkeys(("E05", "W05", "E58"), COUNCIL),
    **dict.fromkeys(("S13", "N08"), COUNCIL_STV),
    **dict.fromkeys(("S16", "S17"), "scottish-parliament"),
    "E32": "london-assembly",
    "E23": "commissioner",
}

#: The only body that a kind elects to. Bodies of others are named after the election.
BODIES = {
    KIND: "House of Commons",
    "scottish-parliament": "Scottish Parliament",
    "london-assembly": "London Assembly",
    NI_ASSEMBLY: "Northern Ireland Assembly",
}


def kind_of(*, deposits, house_seats, contests):
    """The kind of an election of an earlier release; `contests` are (code, seats) of each.

    Most of the areas' codes decide. Northern Ireland's constituencies elect to two bodies: one
    member to the House of Commons, several to the Assembly. Without codes, several seats in a
    contest or no deposits are a council's; a House larger than what is covered has deposits.
    """
    found = Counter()
    for code, seats in contests:
        kind = KINDS_BY_CODE.get(code.strip().upper()[:3])
        if kind == KIND and seats > 1:
            kind = NI_ASSEMBLY if code.strip().upper().startswith("N") else None
        if kind:
            found[kind] += 1
    if found:
        return found.most_common(1)[0][0]
    if any(seats > 1 for _code, seats in contests):
        return COUNCIL
    return KIND if deposits or house_seats else COUNCIL


def give_each_contest_a_body(apps, schema_editor):
    bodies = apps.get_model("results", "Body").objects
    contests = apps.get_model("results", "Contest").objects
    for election in apps.get_model("results", "Election").objects.all():
        known = contests.filter(election=election)
        election.kind = kind_of(
            deposits=election.deposits,
            house_seats=election.house_seats,
            contests=list(known.order_by("pk").values_list("code", "seats")),
        )
        election.save(update_fields=["kind"])
        name = (BODIES.get(election.kind) or election.name)[:160]
        slug = slugify(name)[:120] or "body"
        known.update(body=bodies.create(election=election, slug=slug, name=name))
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
            field=models.BooleanField(db_default=False, default=False, verbose_name="by-election"),
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
