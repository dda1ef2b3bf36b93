"""Let a role merge what is one: a permission of its own, since nobody may delete parties."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("results", "0035_answers")]

    operations = [
        migrations.AlterModelOptions(
            name="party",
            options={
                "ordering": ["sort_key", "pk"],
                "permissions": [
                    ("merge_duplicates", "Can merge parties and contests that are one")
                ],
                "verbose_name": "party",
                "verbose_name_plural": "parties",
            },
        )
    ]
