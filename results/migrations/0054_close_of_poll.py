"""Store which close of poll readers have been told of; those that have passed need no bulletin."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone


def fill(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    nights = apps.get_model("results", "Night").objects.filter(poll_closed_at=None)
    for night in nights.filter(election__polls_close__lte=timezone.now()).select_related("election"):
        night.poll_closed_at = night.election.polls_close
        night.save(update_fields=["poll_closed_at"])


class Migration(migrations.Migration):
    dependencies = (("results", "0053_true_party_colours"),)

    operations = (
        migrations.AddField(
            model_name="night",
            name="poll_closed_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="bulletin",
            name="kind",
            field=models.CharField(choices=[('declaration', 'Declaration'), ('winner_only', 'Winner only'), ('update', 'Update'), ('correction', 'Correction'), ('withdrawal', 'Withdrawn'), ('status', 'Count'), ('quote', 'Quote'), ('photo', 'Photo'), ('post', 'From the desk'), ('headline', 'Headline'), ('external', 'External figures'), ('details', 'Details'), ('erasure', 'Withdrawn for good'), ('unopposed', 'Elected unopposed'), ('incomplete', 'Incomplete totals'), ('close', 'Close of poll'),], max_length=12, verbose_name="kind"),
        ),
    )
