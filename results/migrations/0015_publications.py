"""Give quotes, posts, photos, headlines and external figures the same columns.

`first_sequence`, the number of an entry in the feed, is filled in for every publication and every
bulletin, and may no longer be empty. External figures without rows, which withdrew the ones before,
are marked as their withdrawal. Migrated back, they are what they were: figures without rows.
"""

import django.db.models.deletion
import results.models.clock
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery

from results.migrations._append_only import TABLES, lift, restore

#: Field of a bulletin, and the model that it refers to.
PUBLICATIONS = {
    "quote": "Quote",
    "photo": "Photo",
    "post": "Post",
    "headline": "Headline",
    "external_figures": "ExternalFigures",
}
#: Kinds of bulletins that begin the entry of a result, and the kind that goes on with it.
BEGINNINGS, COMPLETION = ["declaration", "winner_only"], "update"


def fill(apps, schema_editor):
    bulletins = apps.get_model("results", "Bulletin").objects
    headlines = apps.get_model("results", "Headline").objects
    number = bulletins.filter(headline=OuterRef("pk")).values("sequence")[:1]
    headlines.filter(sequence=None).update(sequence=Subquery(number))
    mark_withdrawn(apps.get_model("results", "ExternalFigures").objects)
    for field, name in PUBLICATIONS.items():
        model = apps.get_model("results", name)
        fill_publications(model.objects)
        first = model.objects.filter(pk=OuterRef(field)).values("first_sequence")
        published = bulletins.exclude(**{field: None})
        published.update(first_sequence=Subquery(first))
    fill_completions(bulletins)
    bulletins.filter(first_sequence=None).update(first_sequence=F("sequence"))
    # PostgreSQL alters no table with deferred checks, which rows that are updated twice have.
    schema_editor.connection.check_constraints()


def mark_withdrawn(figures):
    """Figures without rows replace the ones before them, if those are not withdrawn already."""
    newest = {}
    for row in figures.order_by("pk"):
        before = newest.get(row.election_id)
        if not row.rows:
            replaces = before.pk if before is not None and before.rows else None
            figures.filter(pk=row.pk).update(withdrawn=True, replaces=replaces)
        newest[row.election_id] = row


def fill_publications(publications):
    """Each revision has the number of the first, at any depth."""
    publications.filter(first_sequence=None, replaces=None).update(first_sequence=F("sequence"))
    while (
        waiting := publications.filter(first_sequence=None)
        .exclude(replaces__first_sequence=None)
        .values_list("pk", "replaces__first_sequence")
    ):
        for row, first in waiting:
            publications.filter(pk=row).update(first_sequence=first)


def fill_completions(bulletins):
    """Full figures have the number of the winner that they complete."""
    for bulletin, contest, sequence in bulletins.filter(
        first_sequence=None, kind=COMPLETION
    ).values_list("pk", "contest", "sequence"):
        begun = bulletins.filter(contest=contest, kind__in=BEGINNINGS, sequence__lt=sequence)
        first = begun.order_by("-sequence").values_list("sequence", flat=True).first()
        bulletins.filter(pk=bulletin).update(first_sequence=first)


def shared_fields():
    """The columns that moved to the abstract base: only labels and reverse names change."""
    user = settings.AUTH_USER_MODEL
    return {
        "by": models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=user),
        "created_at": models.DateTimeField(
            default=results.models.clock.now, editable=False, verbose_name="published at"
        ),
        "election": models.ForeignKey(
            on_delete=django.db.models.deletion.CASCADE, to="results.election"
        ),
    }


def number(verbose_name, **options):
    return models.PositiveIntegerField(editable=False, verbose_name=verbose_name, **options)


UNREVIEWED = (
    "publish_unreviewed",
    "Quotes and photos go straight out, without the desk’s approval",
)


class Migration(migrations.Migration):
    dependencies = [
        ("results", "0014_plain_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(lift, restore(*TABLES)),
        *(
            migrations.AlterModelOptions(
                name=name,
                options={
                    "default_related_name": related_name,
                    "ordering": ordering,
                    "verbose_name": verbose_name,
                    "verbose_name_plural": related_name.replace("_", " "),
                    **({"permissions": [UNREVIEWED]} if name == "quote" else {}),
                },
            )
            for name, related_name, ordering, verbose_name in (
                ("externalfigures", "external_figures", ["-pk"], "external figures"),
                ("headline", "headlines", ["-pk"], "headline"),
                ("photo", "photos", ["-sequence"], "photo"),
                ("post", "posts", ["-sequence"], "post"),
                ("quote", "quotes", ["-said_at", "-pk"], "quote"),
            )
        ),
        migrations.AddField(
            model_name="externalfigures",
            name="replaces",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="replaced_by",
                to="results.externalfigures",
            ),
        ),
        migrations.AddField(
            model_name="externalfigures",
            name="withdrawn",
            field=models.BooleanField(default=False, verbose_name="withdrawn"),
        ),
        *(
            migrations.AddField(
                model_name=name, name="first_sequence", field=number("first bulletin", null=True)
            )
            for name in ("externalfigures", "headline")
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="bulletin", name="first_sequence", field=number("first number")
        ),
        migrations.AlterField(
            model_name="headline",
            name="sequence",
            field=models.PositiveIntegerField(verbose_name="bulletin"),
        ),
        *(
            migrations.AlterField(model_name=model, name=name, field=field)
            for model in ("externalfigures", "headline", "photo", "post", "quote")
            for name, field in {
                **shared_fields(),
                "first_sequence": number("first bulletin"),
            }.items()
        ),
        *(
            migrations.AlterField(
                model_name=model,
                name="contest",
                field=models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.CASCADE,
                    to="results.contest",
                ),
            )
            for model in ("photo", "post", "quote")
        ),
        migrations.AlterField(
            model_name="quote",
            name="candidate",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                to="results.candidate",
            ),
        ),
        migrations.RunPython(restore(*TABLES), lift),
    ]
