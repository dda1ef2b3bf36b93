"""Chain the public log by hashes, and let words be erased from the record.

The chain of an election that has bulletins begins with one entry over all of them.
"""

from django.db import migrations, models
from django.db.models import CASCADE
from django.utils import timezone

from results.arithmetic.hash_chain import canonical, commitment, head_of, new_salt
from results.migrations._append_only import TABLES, lift, restore
from results.models.earlier_bulletins import commit_to_earlier


def begin(apps, schema_editor):
    """Write the first entry of each election that has bulletins."""

    def get_model(name):
        return apps.get_model("results", name)

    nights = get_model("Night").objects.filter(sequence__gt=0).select_related("election")
    for night in nights:
        about, salts = commit_to_earlier(get_model, night.election_id, 1, night.sequence)
        content, salt = canonical(about), new_salt()
        header = canonical(
            {
                "election": night.election.slug,
                "number": 1,
                "kind": "earlier",
                "epoch": night.epoch,
                "sequence": None,
                "first_sequence": None,
                "replaces": None,
                "contest": None,
                "published_at": timezone.now(),
                "previous": None,
                "commitment": commitment(salt, content),
            }
        )
        night.entries, night.head, night.chained = 1, head_of(header), night.sequence
        get_model("ChainEntry").objects.create(
            election=night.election,
            chain_number=1,
            header=header,
            head=night.head,
            salt=salt,
            content=content,
            salts=salts,
        )
        night.save(update_fields=["entries", "head", "chained"])
    # PostgreSQL creates no trigger on a table with deferred checks.
    schema_editor.connection.check_constraints()


def begin_no_more(apps, schema_editor):
    apps.get_model("results", "Night").objects.update(entries=0, head="", chained=0)


def number():
    return models.PositiveIntegerField(editable=False, null=True)


def columns():
    """The columns of a row that is an entry of the chain."""
    return {
        "chain_number": number(),
        "header": models.TextField(editable=False, null=True),
        "head": models.CharField(editable=False, max_length=64, null=True),
        "salt": models.CharField(editable=False, max_length=32, null=True),
        "content": models.TextField(editable=False, null=True),
        "erased_by": number(),
    }


#: Columns that may be empty only where they were erased.
CONSTRAINTS = (
    ("post", "a_post_has_a_text", "text"),
    ("quote", "a_quote_has_words", "words"),
    ("quote", "a_quote_has_a_speaker", "speaker"),
)
KINDS = [
    ("declaration", "Declaration"),
    ("winner_only", "Winner only"),
    ("update", "Update"),
    ("correction", "Correction"),
    ("withdrawal", "Withdrawn"),
    ("status", "Count"),
    ("quote", "Quote"),
    ("photo", "Photo"),
    ("post", "From the desk"),
    ("headline", "Headline"),
    ("external", "External figures"),
    ("details", "Details"),
    ("erasure", "Withdrawn for good"),
    ("unopposed", "Elected unopposed"),
]


class Migration(migrations.Migration):
    dependencies = [("results", "0021_sort_keys")]

    operations = [
        migrations.RunPython(lift, restore(*TABLES)),
        *(
            migrations.AddField(model_name="bulletin", name=name, field=field)
            for name, field in (columns() | {"hides": number()}).items()
        ),
        migrations.CreateModel(
            name="ChainEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                *columns().items(),
                ("salts", models.JSONField(null=True)),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=CASCADE,
                        related_name="chain",
                        to="results.election",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of the public log",
                "verbose_name_plural": "public log",
                "ordering": ["election", "chain_number"],
                "permissions": [("withdraw_for_good", "Can withdraw words and pictures for good")],
            },
        ),
        *(
            migrations.RemoveConstraint(model_name=model, name=name)
            for model, name, _column in CONSTRAINTS
        ),
        *(
            migrations.AddField(model_name=name, name="erased_by", field=number())
            for name in ("auditentry", "externalfigures", "headline", "photo", "post", "quote")
        ),
        *(
            migrations.AddField(
                model_name="night",
                name=name,
                field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
            )
            for name in ("entries", "chained")
        ),
        migrations.AddField(
            model_name="night",
            name="head",
            field=models.CharField(db_default="", default="", editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name="bulletin",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=12, verbose_name="kind"),
        ),
        *(
            migrations.AddConstraint(
                model_name=model,
                constraint=models.CheckConstraint(
                    condition=~models.Q((column, "")) | models.Q(erased_by__isnull=False),
                    name=name,
                ),
            )
            for model, name, column in CONSTRAINTS
        ),
        migrations.RunPython(begin, begin_no_more),
        migrations.RunPython(restore(*TABLES), lift),
    ]
