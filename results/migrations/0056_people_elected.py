

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('results', '0055_load_snapshots'),
    ]

    operations = [
        migrations.AddField(
            model_name='candidate',
            name='elected_before',
            field=models.BooleanField(blank=True, help_text='Here or elsewhere. Unknown is left out of the count of people elected first.', null=True, verbose_name='elected to this body before'),
        ),
        migrations.AddField(
            model_name='candidate',
            name='gender',
            field=models.CharField(blank=True, choices=[('female', 'female'), ('male', 'male'), ('other', 'another')], db_default='', default='', help_text='As a source says, never by the name. Readers see how many women are elected.', max_length=8, verbose_name='gender'),
        ),
    ]
