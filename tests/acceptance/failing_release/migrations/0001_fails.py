"""A migration that no database takes."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("results", "0001_initial")]
    operations = [migrations.RunSQL("ALTER TABLE there_is_no_such_table ADD COLUMN x integer")]
