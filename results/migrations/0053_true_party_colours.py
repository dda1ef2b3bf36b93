"""Give three parties their true colours where nobody has chosen others.

They were darkened so that shapes stood out from the page, which edges do now: dulled, the three are
one brown.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

#: By slug: the colour that parties were created with, and their own.
COLOURS = {
    "ld": ("#e98a00", "#faa61a"),
    "snp": ("#f2c500", "#f9d835"),
    "alliance": ("#c9a300", "#f6cb2f"),
}


def brighten(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    party = apps.get_model("results", "Party")
    for slug, (old, true) in COLOURS.items():
        party.objects.filter(slug=slug, colour=old).update(colour=true)


def darken(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    party = apps.get_model("results", "Party")
    for slug, (old, true) in COLOURS.items():
        party.objects.filter(slug=slug, colour=true).update(colour=old)


class Migration(migrations.Migration):
    dependencies = (("results", "0052_languages_and_welsh_names"),)

    operations = (migrations.RunPython(brighten, darken),)
