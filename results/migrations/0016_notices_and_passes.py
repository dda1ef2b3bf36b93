"""Compare repeated notices by a fingerprint; call the stored hashes of passes hashes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("results", "0015_publications")]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="fingerprint",
            field=models.CharField(editable=False, max_length=64, null=True),
        ),
        migrations.RenameField("ReporterPass", "link_mark", "link_hash"),
        migrations.RenameField("ReporterPass", "code_mark", "code_hash"),
        migrations.RenameField("ReporterPass", "phone_mark", "phone_hash"),
    ]
