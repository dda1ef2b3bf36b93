"""Sort names as people do, by a column that every database orders alike."""

from django.db import migrations

from results.arithmetic.sorting import stored_sort_key
from results.models.sort_key import SortKeyField

#: Each model with a key, and its names in the singular and the plural.
MODELS = {
    "body": ("body", "bodies"),
    "contest": ("contest", "contests"),
    "group": ("group of seats", "groups of seats"),
    "party": ("party", "parties"),
    "person": ("person", "people"),
    "region": ("region", "regions"),
}
#: Rows that are written together.
CHUNK = 500


def fill(apps, schema_editor):
    for name in MODELS:
        model, some = apps.get_model("results", name), []
        for row in model.objects.only("pk", "name").order_by("pk").iterator(CHUNK):
            row.sort_key = stored_sort_key(row.name)
            some.append(row)
            if len(some) == CHUNK:
                model.objects.bulk_update(some, ["sort_key"])
                some = []
        model.objects.bulk_update(some, ["sort_key"])


def options_of(name):
    one, many = MODELS[name]
    before = ["sort_order"] if name == "group" else []
    return {
        "ordering": [*before, "sort_key", "pk"],
        "verbose_name": one,
        "verbose_name_plural": many,
    }


class Migration(migrations.Migration):
    dependencies = [("results", "0020_polls_not_held")]

    operations = [
        migrations.AlterModelOptions(
            name="assignment",
            options={
                "ordering": ["contest__sort_key"],
                "verbose_name": "assignment",
                "verbose_name_plural": "assignments",
            },
        ),
        *(migrations.AlterModelOptions(name=name, options=options_of(name)) for name in MODELS),
        *(
            migrations.AddField(
                model_name=name,
                name="sort_key",
                field=SortKeyField(db_default="", default="", editable=False, max_length=400),
            )
            for name in MODELS
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
