"""Let a council call its areas divisions or electoral areas.

Bodies of earlier releases have what the official codes of their contests say.
"""

from django.db import migrations, models

#: How official codes begin: county electoral divisions, district electoral areas.
AREAS_BY_CODE = {"E58": "division", "N10": "electoral-area"}


def tell_by_codes(apps, schema_editor):
    contests = apps.get_model("results", "Contest").objects
    for code, areas in AREAS_BY_CODE.items():
        of_kind = contests.filter(code__startswith=code)
        others = contests.exclude(code__startswith=code).values("body")
        bodies = apps.get_model("results", "Body").objects.filter(contests__in=of_kind)
        found = set(bodies.exclude(pk__in=others).values_list("pk", flat=True))
        apps.get_model("results", "Body").objects.filter(pk__in=found).update(areas=areas)
    # PostgreSQL alters no table with deferred checks, which rows that have just changed have.
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [("results", "0025_known_to_checks")]

    operations = [
        migrations.AddField(
            model_name="body",
            name="areas",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ward", "wards"),
                    ("division", "divisions"),
                    ("electoral-area", "electoral areas"),
                ],
                db_default="",
                default="",
                help_text="Of a council. Empty: wards, unless the areas’ codes say otherwise.",
                max_length=16,
                verbose_name="its areas are",
            ),
        ),
        migrations.RunPython(tell_by_codes, migrations.RunPython.noop),
    ]
