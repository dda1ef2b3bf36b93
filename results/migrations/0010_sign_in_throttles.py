from django.db import migrations, models


def delete_unconfirmed_devices(apps, schema_editor):
    """Their secrets were shown to whoever had the password: enrolments begin anew."""
    apps.get_model("otp_totp", "TOTPDevice").objects.filter(confirmed=False).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("results", "0009_addresses_of_seats"),
        ("otp_totp", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInThrottle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "account",
                    models.CharField(blank=True, db_index=True, editable=False, max_length=64),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("password", "password"),
                            ("code", "code from the desk"),
                            ("link", "sign-in link"),
                            ("second factor", "second factor"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="what was tried",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("device", "on a device that has signed in before"),
                            ("account and address", "on new devices at one address"),
                            ("account", "on new devices everywhere"),
                            ("address", "everybody on new devices at one address"),
                            ("everywhere", "everybody on new devices everywhere"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="where",
                    ),
                ),
                (
                    "tries",
                    models.PositiveIntegerField(default=0, editable=False, verbose_name="tries"),
                ),
                (
                    "ends_at",
                    models.DateTimeField(
                        db_index=True, editable=False, verbose_name="locked until"
                    ),
                ),
            ],
            options={
                "verbose_name": "locked sign-in",
                "verbose_name_plural": "locked sign-ins",
                "ordering": ["-ends_at", "pk"],
            },
        ),
        # The table stays for one release: processes of the release before count in it until they
        # are restarted.
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.DeleteModel(name="FailedSignIn")],
        ),
        migrations.RunPython(delete_unconfirmed_devices, migrations.RunPython.noop),
    ]
