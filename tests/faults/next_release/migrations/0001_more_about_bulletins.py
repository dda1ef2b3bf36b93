"""An index and a column of tables that are read and written during the migration."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("results", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE results_night ADD COLUMN of_the_next_release integer DEFAULT 0 NOT NULL",
            "ALTER TABLE results_night DROP COLUMN of_the_next_release",
        ),
        migrations.RunSQL(
            "CREATE INDEX of_the_next_release ON results_bulletin (published_at, kind)",
            "DROP INDEX of_the_next_release",
        ),
    ]
