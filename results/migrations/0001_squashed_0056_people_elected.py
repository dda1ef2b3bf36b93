"""Create at once the tables that 0001 to 0056 arrive at, for a desk that starts from nothing.

Those take twenty seconds, nearly all of it to compute the models in between. A desk that has
applied some of them goes on with them: Django takes this one where all are missing or all are there. Of
their changes of rows none is repeated: where there is no election, they leave no row.
"""

import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import results.models.api_token
import results.models.clock
import results.models.contest
import results.models.election
import results.models.party
import results.models.sort_key
import results.models.webhook
from results.migrations._append_only import TABLES, lift, restore

REPLACED = (
    "0001_initial",
    "0002_published_for_good",
    "0003_map_milestones_and_feed",
    "0004_groups_and_elsewhere",
    "0005_at_the_counts",
    "0006_at_the_desk",
    "0007_serving_processes",
    "0008_failed_sign_ins",
    "0009_addresses_of_seats",
    "0010_sign_in_throttles",
    "0011_first_sequences",
    "0012_times_of_past_nights",
    "0013_withdrawn_headlines",
    "0014_plain_names",
    "0015_publications",
    "0016_notices_and_passes",
    "0017_bodies",
    "0018_party_aliases",
    "0019_published_details",
    "0020_polls_not_held",
    "0021_sort_keys",
    "0022_hash_chain",
    "0023_last_seats_up",
    "0024_milestones_without_a_time",
    "0025_known_to_checks",
    "0026_areas_of_bodies",
    "0027_body_tallies",
    "0028_lists_and_stages",
    "0029_facts_of_elections",
    "0030_taken_back",
    "0031_merged_contests",
    "0032_counting_areas",
    "0033_messages",
    "0034_words_of_kinds",
    "0035_answers",
    "0036_merging_permission",
    "0037_turnout_of_wards",
    "0038_uploads",
    "0039_people",
    "0040_api_tokens",
    "0041_incomplete_totals",
    "0042_draft_elections",
    "0043_loads",
    "0044_webhooks",
    "0045_postponed_in",
    "0046_message_answers",
    "0047_loads_taken_up",
    "0048_house_style",
    "0049_system_serif",
    "0050_postcodes",
    "0051_push",
    "0052_languages_and_welsh_names",
    "0053_true_party_colours",
    "0054_close_of_poll",
    "0055_load_snapshots",
    "0056_people_elected",
)

APPEND_ONLY = """
    CREATE FUNCTION results_published_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the record is append-only'; END $$
"""


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers of the append-only tables, and the functions that PostgreSQL's call."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(APPEND_ONLY)
    restore(*TABLES)(apps, schema_editor)


def unguard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    lift(apps, schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION results_published_for_good()")
        schema_editor.execute("DROP FUNCTION results_only_nulled(jsonb, jsonb)")


class Migration(migrations.Migration):
    replaces = tuple(("results", name) for name in REPLACED)

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Election",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name_cy",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="On pages in Welsh. Left empty, the other name serves.",
                        max_length=200,
                        verbose_name="name in Welsh",
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        unique=True,
                        validators=[results.models.election.validate_election_slug],
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("uk-parliament", "UK Parliament"),
                            ("uk-parliament-by-election", "UK Parliament, by-elections"),
                            ("council", "council"),
                            ("council-stv", "council, by single transferable vote"),
                            ("mayor", "mayor"),
                            ("commissioner", "police and crime commissioner"),
                            ("referendum", "referendum"),
                            ("senedd", "Senedd"),
                            ("scottish-parliament", "Scottish Parliament"),
                            ("london-assembly", "London Assembly"),
                            ("ni-assembly", "Northern Ireland Assembly"),
                        ],
                        db_default="uk-parliament",
                        default="uk-parliament",
                        help_text="One election is of one kind, on one polling day.",
                        max_length=32,
                        verbose_name="kind",
                    ),
                ),
                ("date", models.DateField(verbose_name="polling day")),
                (
                    "timezone",
                    models.CharField(
                        default="Europe/London",
                        max_length=64,
                        validators=[results.models.election.validate_timezone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "polls_close",
                    models.DateTimeField(
                        help_text="No declaration is accepted before this time.",
                        verbose_name="close of poll",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en-gb", "English"), ("cy", "Cymraeg")],
                        default="en-gb",
                        help_text="Of everything at the election’s own address.",
                        max_length=8,
                        verbose_name="language of its pages",
                    ),
                ),
                (
                    "second_language",
                    models.CharField(
                        blank=True,
                        choices=[("en-gb", "English"), ("cy", "Cymraeg")],
                        db_default="",
                        default="",
                        help_text="Every page is at a second address as well, below /cy/ or /en/, in this language. Readers switch between the two at the foot of each page.",
                        max_length=8,
                        verbose_name="second language",
                    ),
                ),
                (
                    "baseline",
                    models.CharField(
                        choices=[
                            ("general", "the last election of the same kind"),
                            ("sitting", "the party sitting when the election was called"),
                        ],
                        default="general",
                        max_length=16,
                        verbose_name="hold and gain against",
                    ),
                ),
                (
                    "house_seats",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Leave empty when every seat of the House is covered here.",
                        null=True,
                        verbose_name="seats in the whole House",
                    ),
                ),
                (
                    "deposits",
                    models.BooleanField(
                        default=True,
                        help_text="Lost at 5% of the valid votes or less.",
                        verbose_name="candidates pay a deposit",
                    ),
                ),
                (
                    "second_person",
                    models.CharField(
                        choices=[
                            ("never", "never"),
                            ("asked", "where a check asks for a second look"),
                            ("always", "always"),
                        ],
                        default="asked",
                        help_text="A person, not a role: nobody confirms what they entered themselves.",
                        max_length=8,
                        verbose_name="results wait for a second person",
                    ),
                ),
                (
                    "hex_layout",
                    models.CharField(
                        choices=[
                            ("odd-r", "Odd R"),
                            ("even-r", "Even R"),
                            ("odd-q", "Odd Q"),
                            ("even-q", "Even Q"),
                        ],
                        default="odd-r",
                        max_length=8,
                        verbose_name="layout of the map",
                    ),
                ),
                (
                    "rehearsal",
                    models.BooleanField(
                        default=False,
                        help_text="Invented figures: every page says so.",
                        verbose_name="rehearsal",
                    ),
                ),
                ("final", models.BooleanField(default=False, verbose_name="night closed")),
                (
                    "visibility",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        db_default="published",
                        default="published",
                        editable=False,
                        max_length=16,
                        verbose_name="visibility",
                    ),
                ),
                (
                    "withdrawal_reason",
                    models.CharField(blank=True, db_default="", editable=False, max_length=500),
                ),
                (
                    "front",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        editable=False,
                        help_text="Of one election at most. Without one it leads to the night under way.",
                        verbose_name="the front page leads to it",
                    ),
                ),
            ],
            options={
                "verbose_name": "election",
                "verbose_name_plural": "elections",
                "ordering": ["-date", "slug"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("front", True)),
                        fields=("front",),
                        name="one_front_page",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        unique=True,
                        validators=[results.models.party.validate_party_slug],
                        verbose_name="address",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="As in “Conservative”.", max_length=120, verbose_name="name"
                    ),
                ),
                (
                    "sort_key",
                    results.models.sort_key.SortKeyField(
                        db_default="", default="", editable=False, max_length=400
                    ),
                ),
                (
                    "collective",
                    models.CharField(
                        blank=True,
                        help_text="As in “Conservatives gain Blyth Valley”; empty where the name serves.",
                        max_length=120,
                        verbose_name="collective name",
                    ),
                ),
                ("abbreviation", models.CharField(max_length=24, verbose_name="abbreviation")),
                (
                    "name_cy",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=120,
                        verbose_name="name in Welsh",
                    ),
                ),
                (
                    "collective_cy",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=120,
                        verbose_name="collective name in Welsh",
                    ),
                ),
                (
                    "abbreviation_cy",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="On pages in Welsh; where one is empty, the other name serves.",
                        max_length=24,
                        verbose_name="abbreviation in Welsh",
                    ),
                ),
                (
                    "colour",
                    models.CharField(
                        default="#6b6b6b",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-fA-F]{6}$", "A colour reads like #dc241f."
                            )
                        ],
                        verbose_name="colour",
                    ),
                ),
                (
                    "tallied_with",
                    models.ForeignKey(
                        blank=True,
                        help_text="Labour and Co-operative counts as Labour in every tally.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="folded",
                        to="results.party",
                        verbose_name="tallied with",
                    ),
                ),
                (
                    "electoral_commission_id",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        max_length=40,
                        verbose_name="Electoral Commission id",
                    ),
                ),
            ],
            options={
                "verbose_name": "party",
                "verbose_name_plural": "parties",
                "ordering": ["sort_key", "pk"],
                "permissions": [
                    ("merge_duplicates", "Can merge parties and contests that are one")
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "sort_key",
                    results.models.sort_key.SortKeyField(
                        db_default="", default="", editable=False, max_length=400
                    ),
                ),
                (
                    "democracy_club_id",
                    models.PositiveIntegerField(
                        blank=True, null=True, unique=True, verbose_name="Democracy Club id"
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ["sort_key", "pk"],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="at")),
                (
                    "user",
                    models.CharField(blank=True, db_index=True, max_length=150, verbose_name="who"),
                ),
                (
                    "network",
                    models.GenericIPAddressField(blank=True, null=True, verbose_name="from"),
                ),
                ("what", models.CharField(db_index=True, max_length=60, verbose_name="what")),
                ("election", models.CharField(blank=True, max_length=60, verbose_name="election")),
                (
                    "contest",
                    models.CharField(
                        blank=True, db_index=True, max_length=160, verbose_name="contest"
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=400, verbose_name="about")),
                ("before", models.TextField(blank=True, verbose_name="before")),
                ("after", models.TextField(blank=True, verbose_name="after")),
                ("erased_by", models.PositiveIntegerField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "action",
                "verbose_name_plural": "who did what",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="HouseStyle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        help_text="In place of “Election Desk” on every page, feed, card and embed.",
                        max_length=60,
                        verbose_name="publisher’s name",
                    ),
                ),
                ("logo", models.BinaryField(default=bytes)),
                ("logo_width", models.PositiveSmallIntegerField(default=0)),
                ("logo_height", models.PositiveSmallIntegerField(default=0)),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-fA-F]{6}$", "A colour reads like #dc241f."
                            )
                        ],
                        verbose_name="colour of the masthead",
                    ),
                ),
                (
                    "ink",
                    models.CharField(
                        blank=True,
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-fA-F]{6}$", "A colour reads like #dc241f."
                            )
                        ],
                        verbose_name="colour of its text",
                    ),
                ),
                (
                    "system_serif",
                    models.BooleanField(
                        default=False,
                        help_text="Headlines are then in a serif that each reader has: another on each system, and 29 kB less on a first visit.",
                        verbose_name="the system’s serif in place of ours",
                    ),
                ),
                (
                    "corrections_text",
                    models.CharField(
                        blank=True,
                        help_text="At the foot of every page, as “We correct mistakes in public: desk@example.org.”",
                        max_length=300,
                        verbose_name="corrections policy",
                    ),
                ),
                (
                    "corrections_address",
                    models.URLField(
                        blank=True, max_length=300, verbose_name="page of the corrections policy"
                    ),
                ),
                (
                    "timezone",
                    models.CharField(
                        default="Europe/London",
                        max_length=64,
                        validators=[results.models.election.validate_timezone],
                        verbose_name="time zone of new elections",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en-gb", "English"), ("cy", "Cymraeg")],
                        default="en-gb",
                        max_length=8,
                        verbose_name="language of new elections",
                    ),
                ),
                ("version", models.CharField(blank=True, editable=False, max_length=16)),
            ],
            options={
                "verbose_name": "publisher’s style",
                "verbose_name_plural": "publisher’s style",
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="for whom",
                    ),
                ),
                ("link_hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="issued by",
                    ),
                ),
                ("issued_at", models.DateTimeField(auto_now_add=True, verbose_name="issued at")),
                ("expires_at", models.DateTimeField(verbose_name="ends at")),
                (
                    "used_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="used at"
                    ),
                ),
                (
                    "revoked_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="revoked at"
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ["-issued_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Phone",
            fields=[
                (
                    "reporter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="phone",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("seen_at", models.DateTimeField(verbose_name="seen at")),
                (
                    "unsent",
                    models.PositiveSmallIntegerField(default=0, verbose_name="not sent yet"),
                ),
                (
                    "asked",
                    models.PositiveSmallIntegerField(default=0, verbose_name="asked something"),
                ),
            ],
            options={"verbose_name": "phone", "verbose_name_plural": "phones"},
        ),
        migrations.CreateModel(
            name="PostcodeDistrict",
            fields=[
                (
                    "outward",
                    models.CharField(
                        max_length=4, primary_key=True, serialize=False, verbose_name="first half"
                    ),
                ),
                ("data", models.BinaryField()),
                ("postcodes", models.PositiveIntegerField(verbose_name="postcodes")),
            ],
            options={
                "verbose_name": "postcode district",
                "verbose_name_plural": "postcode districts",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ReporterPass",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="passes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reporter",
                    ),
                ),
                ("link_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("code_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("phone_hash", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "issued_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="issued by",
                    ),
                ),
                ("issued_at", models.DateTimeField(auto_now_add=True, verbose_name="issued at")),
                ("expires_at", models.DateTimeField(verbose_name="ends at")),
                (
                    "revoked_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="revoked at"
                    ),
                ),
                (
                    "last_used_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="last used"
                    ),
                ),
            ],
            options={
                "verbose_name": "pass",
                "verbose_name_plural": "passes",
                "ordering": ["-issued_at"],
            },
        ),
        migrations.CreateModel(
            name="ReaderCount",
            fields=[
                (
                    "process",
                    models.CharField(
                        max_length=100, primary_key=True, serialize=False, verbose_name="process"
                    ),
                ),
                ("readers", models.JSONField(default=dict, verbose_name="readers")),
                ("seen_at", models.DateTimeField(db_index=True, verbose_name="seen at")),
            ],
            options={"verbose_name": "serving process", "verbose_name_plural": "serving processes"},
        ),
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
        migrations.CreateModel(
            name="SiteSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "phone_address",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        max_length=200,
                        verbose_name="address that phones use",
                    ),
                ),
            ],
            options={
                "verbose_name": "settings of the site",
                "verbose_name_plural": "settings of the site",
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("idempotency_key", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("received", models.PositiveIntegerField(default=0)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("touched_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reporter", "idempotency_key"), name="uploaded_once_by_each"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name_cy",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="On pages in Welsh. Left empty, the other name serves.",
                        max_length=200,
                        verbose_name="name in Welsh",
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="regions",
                        to="results.election",
                    ),
                ),
                ("slug", models.SlugField(max_length=80, verbose_name="address")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "sort_key",
                    results.models.sort_key.SortKeyField(
                        db_default="", default="", editable=False, max_length=400
                    ),
                ),
                ("nation", models.CharField(blank=True, max_length=80, verbose_name="nation")),
            ],
            options={
                "verbose_name": "region",
                "verbose_name_plural": "regions",
                "ordering": ["sort_key", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("election", "slug"), name="region_address")
                ],
            },
        ),
        migrations.CreateModel(
            name="Night",
            fields=[
                (
                    "election",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="night",
                        serialize=False,
                        to="results.election",
                    ),
                ),
                ("epoch", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("sequence", models.PositiveIntegerField(default=0, editable=False)),
                ("tally", models.JSONField(default=dict, editable=False)),
                ("turnout_changes", models.JSONField(db_default={}, default=dict, editable=False)),
                ("entries", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                (
                    "head",
                    models.CharField(db_default="", default="", editable=False, max_length=64),
                ),
                ("chained", models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                ("poll_closed_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={"verbose_name": "night", "verbose_name_plural": "nights"},
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("newsroom", models.CharField(max_length=60, verbose_name="newsroom")),
                (
                    "scopes",
                    models.JSONField(
                        default=list,
                        validators=[results.models.api_token.validate_scopes],
                        verbose_name="may publish",
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        blank=True,
                        help_text="Leave empty for every election.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="results.election",
                        verbose_name="election",
                    ),
                ),
                (
                    "account",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("secret_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("ending", models.CharField(editable=False, max_length=4, verbose_name="ends in")),
                (
                    "issued_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="issued by",
                    ),
                ),
                ("issued_at", models.DateTimeField(auto_now_add=True, verbose_name="issued at")),
                ("expires_at", models.DateTimeField(verbose_name="ends at")),
                (
                    "revoked_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="revoked at"),
                ),
                (
                    "last_used_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last used"),
                ),
                ("window_began", models.DateTimeField(editable=False, null=True)),
                ("window_writes", models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                "verbose_name": "API token",
                "verbose_name_plural": "API tokens",
                "ordering": ["-issued_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Body",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name_cy",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="On pages in Welsh. Left empty, the other name serves.",
                        max_length=200,
                        verbose_name="name in Welsh",
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bodies",
                        to="results.election",
                    ),
                ),
                ("slug", models.SlugField(max_length=120, verbose_name="address")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                (
                    "sort_key",
                    results.models.sort_key.SortKeyField(
                        db_default="", default="", editable=False, max_length=400
                    ),
                ),
                (
                    "seats",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Those not up this time included.",
                        null=True,
                        verbose_name="seats in all",
                    ),
                ),
                (
                    "areas",
                    models.CharField(
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
                (
                    "control_before",
                    models.CharField(blank=True, max_length=200, verbose_name="control before"),
                ),
                (
                    "composition_before",
                    models.JSONField(blank=True, default=dict, verbose_name="composition before"),
                ),
                (
                    "not_up",
                    models.JSONField(
                        blank=True, db_default={}, default=dict, verbose_name="seats not up"
                    ),
                ),
            ],
            options={
                "verbose_name": "body",
                "verbose_name_plural": "bodies",
                "ordering": ["sort_key", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("election", "slug"), name="body_address")
                ],
            },
        ),
        migrations.CreateModel(
            name="ChainEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chain_number", models.PositiveIntegerField(editable=False, null=True)),
                ("header", models.TextField(editable=False, null=True)),
                ("head", models.CharField(editable=False, max_length=64, null=True)),
                ("salt", models.CharField(editable=False, max_length=32, null=True)),
                ("content", models.TextField(editable=False, null=True)),
                ("erased_by", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chain",
                        to="results.election",
                    ),
                ),
                ("salts", models.JSONField(null=True)),
            ],
            options={
                "verbose_name": "entry of the public log",
                "verbose_name_plural": "public log",
                "ordering": ["election", "chain_number"],
                "permissions": [("withdraw_for_good", "Can withdraw words and pictures for good")],
            },
        ),
        migrations.CreateModel(
            name="ExternalFigures",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="results.election"
                    ),
                ),
                ("sequence", models.PositiveIntegerField(verbose_name="bulletin")),
                (
                    "first_sequence",
                    models.PositiveIntegerField(editable=False, verbose_name="first bulletin"),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="replaced_by",
                        to="results.externalfigures",
                    ),
                ),
                ("withdrawn", models.BooleanField(default=False, verbose_name="withdrawn")),
                ("erased_by", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=results.models.clock.now,
                        editable=False,
                        verbose_name="published at",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("exit-poll", "Exit poll"), ("wire", "From a wire service")],
                        default="exit-poll",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        help_text="Who made them, as readers know them.",
                        max_length=200,
                        verbose_name="source",
                    ),
                ),
                ("as_of", models.DateTimeField(verbose_name="as of")),
                ("rows", models.JSONField(default=list, verbose_name="figures")),
            ],
            options={
                "verbose_name": "external figures",
                "verbose_name_plural": "external figures",
                "ordering": ["-pk"],
                "default_related_name": "external_figures",
            },
        ),
        migrations.CreateModel(
            name="Headline",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="results.election"
                    ),
                ),
                ("sequence", models.PositiveIntegerField(verbose_name="bulletin")),
                (
                    "first_sequence",
                    models.PositiveIntegerField(editable=False, verbose_name="first bulletin"),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="replaced_by",
                        to="results.headline",
                    ),
                ),
                ("withdrawn", models.BooleanField(default=False, verbose_name="withdrawn")),
                ("erased_by", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=results.models.clock.now,
                        editable=False,
                        verbose_name="published at",
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=160, verbose_name="headline")),
            ],
            options={
                "verbose_name": "headline",
                "verbose_name_plural": "headlines",
                "ordering": ["-pk"],
                "default_related_name": "headlines",
            },
        ),
        migrations.CreateModel(
            name="ElectionCorrection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="results.election",
                    ),
                ),
                ("sequence", models.PositiveIntegerField(verbose_name="bulletin")),
                ("changes", models.JSONField(verbose_name="changes")),
                ("details", models.JSONField(editable=False)),
                ("reason", models.TextField(verbose_name="reason, as readers see it")),
                (
                    "blame",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ours", "Our mistake"),
                            ("officer", "The returning officer’s correction"),
                        ],
                        max_length=8,
                        verbose_name="whose mistake",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=results.models.clock.now, editable=False, verbose_name="received at"
                    ),
                ),
            ],
            options={
                "verbose_name": "correction of an election",
                "verbose_name_plural": "corrections of elections",
                "ordering": ["election", "sequence"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("election", "sequence"), name="one_correction_a_bulletin"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="an_election_correction_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Load",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="loads",
                        to="results.election",
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("candidates", "Candidates"),
                            ("questions", "Questions and answers"),
                            ("previous", "Last time’s results"),
                            ("composition", "Who holds the seats"),
                            ("areas", "Counting areas"),
                            ("map", "Map"),
                            ("postcodes", "Postcodes"),
                        ],
                        max_length=16,
                        verbose_name="what",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "being read"),
                            ("questions", "needs an answer"),
                            ("refused", "not understood"),
                            ("ready", "read, not applied"),
                            ("applying", "being applied"),
                            ("done", "applied"),
                            ("failed", "failed"),
                            ("undone", "undone"),
                        ],
                        default="reading",
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("answers", models.JSONField(blank=True, default=dict)),
                ("report", models.JSONField(blank=True, default=dict)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("task_id", models.CharField(blank=True, db_default="", default="", max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={"verbose_name": "load", "verbose_name_plural": "loads", "ordering": ["-pk"]},
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="results.election",
                        verbose_name="election",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: everybody who is sent to a count of the election.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="to",
                    ),
                ),
                ("text", models.TextField(max_length=500, verbose_name="message")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent by",
                    ),
                ),
                ("sent_at", models.DateTimeField(auto_now_add=True, verbose_name="sent at")),
            ],
            options={
                "verbose_name": "message to reporters",
                "verbose_name_plural": "messages to reporters",
                "ordering": ["-sent_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PartyAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="results.party",
                        verbose_name="party",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("spelling", "Spelling"),
                            ("number", "Electoral Commission number"),
                            ("address", "Earlier address"),
                        ],
                        default="spelling",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.CharField(max_length=160, verbose_name="text")),
                ("key", models.CharField(db_index=True, editable=False, max_length=160)),
                (
                    "until",
                    models.DateField(
                        blank=True,
                        help_text="Of an earlier name: shown in elections up to this day.",
                        null=True,
                        verbose_name="name until",
                    ),
                ),
                (
                    "abbreviation",
                    models.CharField(
                        blank=True,
                        help_text="Of an earlier name.",
                        max_length=24,
                        verbose_name="abbreviation",
                    ),
                ),
            ],
            options={
                "verbose_name": "alias of a party",
                "verbose_name_plural": "aliases of parties",
                "ordering": ["kind", "text"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("party", "kind", "key"), name="party_alias_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind__in", ["number", "address"])),
                        fields=("kind", "key"),
                        name="party_alias_of_one_party",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PushSubscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("endpoint", models.URLField(max_length=700)),
                ("p256dh", models.CharField(max_length=100)),
                ("auth", models.CharField(max_length=40)),
                ("language", models.CharField(blank=True, max_length=12)),
                (
                    "election",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="results.election",
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reporter_pass",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="results.reporterpass",
                    ),
                ),
                ("sent", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "push subscription",
                "verbose_name_plural": "push subscriptions",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reporter", None)),
                        fields=("digest", "election"),
                        name="one_push_subscription_each",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reporter__isnull", False)),
                        fields=("digest",),
                        name="one_phone_subscription_each",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PushPosition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "election",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="results.election",
                    ),
                ),
                ("sequence", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="PushMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="results.election",
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=100)),
                ("number", models.PositiveBigIntegerField()),
                (
                    "reporter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("overtaken", "Overtaken before it was sent"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("position", models.PositiveBigIntegerField(default=0)),
                ("delivered", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["due_at"],
                        name="push_messages_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("reporter", None)),
                        fields=("election", "about", "number"),
                        name="one_push_message_each",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reporter__isnull", False)),
                        fields=("reporter", "election", "about", "number"),
                        name="one_push_message_a_reporter",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UploadPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="results.upload",
                    ),
                ),
                ("offset", models.PositiveIntegerField()),
                ("content", models.BinaryField()),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("upload", "offset"), name="one_part_at_each_offset"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BodyTally",
            fields=[
                (
                    "body",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="tally",
                        serialize=False,
                        to="results.body",
                    ),
                ),
                ("tally", models.JSONField(default=dict)),
            ],
            options={"verbose_name": "tally of a body", "verbose_name_plural": "tallies of bodies"},
        ),
        migrations.CreateModel(
            name="Contest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name_cy",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="On pages in Welsh. Left empty, the other name serves.",
                        max_length=200,
                        verbose_name="name in Welsh",
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contests",
                        to="results.election",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="contests",
                        to="results.body",
                        verbose_name="body",
                    ),
                ),
                (
                    "ballot_paper_id",
                    models.CharField(
                        blank=True,
                        db_default="",
                        help_text="Democracy Club’s, such as “parl.islington-north.2024-07-04”.",
                        max_length=200,
                        verbose_name="ballot paper id",
                    ),
                ),
                (
                    "by_election",
                    models.BooleanField(
                        db_default=False, default=False, verbose_name="by-election"
                    ),
                ),
                (
                    "qualifier",
                    models.CharField(
                        blank=True,
                        db_default="",
                        editable=False,
                        max_length=200,
                        verbose_name="told apart by",
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        max_length=120,
                        validators=[results.models.contest.validate_contest_slug],
                        verbose_name="address",
                    ),
                ),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                (
                    "sort_key",
                    results.models.sort_key.SortKeyField(
                        db_default="", default="", editable=False, max_length=400
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        blank=True, db_index=True, max_length=20, verbose_name="official code"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="contests",
                        to="results.region",
                    ),
                ),
                (
                    "seats",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="seats",
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("votes", "most votes"),
                            ("lists", "party lists (D’Hondt)"),
                            ("declared", "as declared (single transferable vote)"),
                        ],
                        db_default="",
                        default="",
                        help_text="Empty: as usual for the kind of election.",
                        max_length=12,
                        verbose_name="elected by",
                    ),
                ),
                (
                    "region_contest",
                    models.ForeignKey(
                        blank=True,
                        help_text="Of a constituency: the ballot whose party lists count the seat won here.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="constituencies",
                        to="results.contest",
                        verbose_name="list seats with",
                    ),
                ),
                (
                    "part_of",
                    models.ForeignKey(
                        blank=True,
                        help_text="The contest that the votes counted here are added up for.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="results.contest",
                        verbose_name="counting area of",
                    ),
                ),
                (
                    "electorate",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="As known before the count.",
                        null=True,
                        verbose_name="electorate",
                    ),
                ),
                ("venue", models.CharField(blank=True, max_length=200, verbose_name="count venue")),
                (
                    "note",
                    models.TextField(
                        blank=True, help_text="Shown on its page.", verbose_name="background"
                    ),
                ),
                (
                    "expected_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="declaration expected"
                    ),
                ),
                (
                    "hex_q",
                    models.SmallIntegerField(
                        blank=True,
                        help_text="Of a HexJSON cartogram.",
                        null=True,
                        verbose_name="column on the map",
                    ),
                ),
                (
                    "hex_r",
                    models.SmallIntegerField(
                        blank=True,
                        help_text="Counted from the south.",
                        null=True,
                        verbose_name="row on the map",
                    ),
                ),
            ],
            options={
                "verbose_name": "contest",
                "verbose_name_plural": "contests",
                "ordering": ["sort_key", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("election", "slug"), name="contest_address"),
                    models.UniqueConstraint(
                        condition=models.Q(("ballot_paper_id", ""), _negated=True),
                        fields=("election", "ballot_paper_id"),
                        name="contest_ballot_paper_id",
                        violation_error_message="Another contest of this election has this ballot paper id.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seats__gte", 1)), name="contest_has_a_seat"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LoadFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "load",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="results.load",
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("content", models.BinaryField(default=b"")),
            ],
            options={
                "verbose_name": "file of a load",
                "verbose_name_plural": "files of loads",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="LoadSnapshot",
            fields=[
                (
                    "load",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="snapshot",
                        serialize=False,
                        to="results.load",
                    ),
                ),
                ("content", models.BinaryField()),
            ],
            options={
                "verbose_name": "rows before a load",
                "verbose_name_plural": "rows before loads",
            },
        ),
        migrations.CreateModel(
            name="MessageReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to="results.message",
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reporter",
                    ),
                ),
                ("read_at", models.DateTimeField(auto_now_add=True, verbose_name="read at")),
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="answer")),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered at"),
                ),
            ],
            options={
                "verbose_name": "answer to a message",
                "verbose_name_plural": "answers to messages",
                "ordering": ["read_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("message", "reporter"), name="read_once_by_each"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="results.election",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="results.body",
                    ),
                ),
                (
                    "reached",
                    models.CharField(
                        choices=[
                            ("first", "first"),
                            ("half", "half"),
                            ("line", "line"),
                            ("no-majority", "no-majority"),
                            ("all", "all"),
                        ],
                        max_length=12,
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=80)),
                ("seats", models.PositiveIntegerField(verbose_name="seats declared then")),
                ("sequence", models.PositiveIntegerField(verbose_name="bulletin")),
                (
                    "at",
                    models.DateTimeField(
                        help_text="Empty where the declaration's time is not known.",
                        null=True,
                        verbose_name="at",
                    ),
                ),
                (
                    "undone_by",
                    models.PositiveIntegerField(null=True, verbose_name="bulletin that undid it"),
                ),
            ],
            options={
                "verbose_name": "milestone",
                "verbose_name_plural": "milestones",
                "ordering": ["-sequence", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("body__isnull", True), ("undone_by__isnull", True)),
                        fields=("election", "reached", "label"),
                        name="reached_once_at_a_time",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("body__isnull", False), ("undone_by__isnull", True)),
                        fields=("body", "reached", "label"),
                        name="body_reached_once_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PushFollow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follows",
                        to="results.pushsubscription",
                    ),
                ),
                ("topic", models.CharField(max_length=130)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("topic", "subscription"), name="followed_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="PushRetry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="retries",
                        to="results.pushmessage",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="results.pushsubscription",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=1)),
                ("due_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("message", "subscription"), name="one_push_retry_each"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Candidate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="results.party",
                        verbose_name="party",
                    ),
                ),
                (
                    "standing_as",
                    models.CharField(
                        choices=[
                            ("party", "a party"),
                            ("independent", "an independent"),
                            ("speaker", "the Speaker seeking re-election"),
                            ("answer", "an answer in a referendum"),
                        ],
                        default="party",
                        max_length=12,
                        verbose_name="stands as",
                    ),
                ),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="candidates",
                        to="results.contest",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="candidacies",
                        to="results.person",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name on the ballot paper")),
                (
                    "ballot_order",
                    models.PositiveSmallIntegerField(verbose_name="place on the ballot paper"),
                ),
                (
                    "list_position",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Where parties’ lists are voted for.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="place on the party’s list",
                    ),
                ),
                (
                    "description",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="ballot-paper description"
                    ),
                ),
                (
                    "counts_for",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counted_as",
                        to="results.candidate",
                    ),
                ),
                (
                    "sitting_member",
                    models.BooleanField(default=False, verbose_name="sitting member"),
                ),
                (
                    "times_elected",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Before this election; “elected for the 10th time” is worked out from it.",
                        null=True,
                        verbose_name="times elected here before",
                    ),
                ),
                (
                    "elected_before",
                    models.BooleanField(
                        blank=True,
                        help_text="Here or elsewhere. Unknown is left out of the count of people elected first.",
                        null=True,
                        verbose_name="elected to this body before",
                    ),
                ),
                (
                    "gender",
                    models.CharField(
                        blank=True,
                        choices=[("female", "female"), ("male", "male"), ("other", "another")],
                        db_default="",
                        default="",
                        help_text="As a source says, never by the name. Readers see how many women are elected.",
                        max_length=8,
                        verbose_name="gender",
                    ),
                ),
            ],
            options={
                "verbose_name": "candidate",
                "verbose_name_plural": "candidates",
                "ordering": ["contest", "ballot_order"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contest", "ballot_order"), name="one_name_a_place_on_the_ballot"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SittingMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="results.party",
                        verbose_name="party",
                    ),
                ),
                (
                    "standing_as",
                    models.CharField(
                        choices=[
                            ("party", "a party"),
                            ("independent", "an independent"),
                            ("speaker", "the Speaker seeking re-election"),
                            ("answer", "an answer in a referendum"),
                        ],
                        default="party",
                        max_length=12,
                        verbose_name="stands as",
                    ),
                ),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sitting_members",
                        to="results.contest",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="results.person",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
            ],
            options={"verbose_name": "sitting member", "verbose_name_plural": "sitting members"},
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reporter",
                    ),
                ),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="results.contest",
                    ),
                ),
            ],
            options={
                "verbose_name": "assignment",
                "verbose_name_plural": "assignments",
                "ordering": ["contest__sort_key"],
                "constraints": [
                    models.UniqueConstraint(fields=("reporter", "contest"), name="assigned_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Declaration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="declarations",
                        to="results.contest",
                    ),
                ),
                ("revision", models.PositiveIntegerField(verbose_name="revision")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("declaration", "Declaration"),
                            ("winner_only", "Winner only"),
                            ("update", "Update"),
                            ("correction", "Correction"),
                            ("withdrawal", "Withdrawn"),
                            ("unopposed", "Elected unopposed"),
                            ("incomplete", "Incomplete totals"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("sequence", models.PositiveIntegerField(verbose_name="bulletin")),
                (
                    "declared_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="When it was read out.",
                        null=True,
                        verbose_name="declared at",
                    ),
                ),
                (
                    "rejected",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="rejected ballots"
                    ),
                ),
                (
                    "electorate",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="electorate"),
                ),
                (
                    "turnout_announced",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="turnout as announced",
                    ),
                ),
                (
                    "valid_announced",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="valid votes as announced"
                    ),
                ),
                (
                    "papers",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="ballot papers at verification"
                    ),
                ),
                ("quota", models.PositiveIntegerField(blank=True, null=True, verbose_name="quota")),
                ("recount", models.BooleanField(default=False, verbose_name="after a recount")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
                ("reason", models.TextField(blank=True, verbose_name="reason, as readers see it")),
                (
                    "blame",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ours", "Our mistake"),
                            ("officer", "The returning officer’s correction"),
                        ],
                        max_length=8,
                        verbose_name="whose mistake",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note for the desk")),
                (
                    "warnings",
                    models.JSONField(blank=True, default=list, verbose_name="warnings accepted"),
                ),
                (
                    "warning_reason",
                    models.TextField(blank=True, verbose_name="why the warnings were accepted"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="declarations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=results.models.clock.now, editable=False, verbose_name="received at"
                    ),
                ),
                ("details", models.JSONField(editable=False, null=True)),
                ("constituencies", models.JSONField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "declaration",
                "verbose_name_plural": "declarations",
                "ordering": ["contest", "revision"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("contest", "revision"), name="one_of_each_revision"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("revision__gte", 1)), name="revisions_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["correction", "withdrawal"]), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_correction_has_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Photo",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="results.election"
                    ),
                ),
                ("sequence", models.PositiveIntegerField(verbose_name="bulletin")),
                (
                    "first_sequence",
                    models.PositiveIntegerField(editable=False, verbose_name="first bulletin"),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="replaced_by",
                        to="results.photo",
                    ),
                ),
                ("withdrawn", models.BooleanField(default=False, verbose_name="withdrawn")),
                ("erased_by", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=results.models.clock.now,
                        editable=False,
                        verbose_name="published at",
                    ),
                ),
                (
                    "contest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="results.contest",
                    ),
                ),
                ("name", models.CharField(max_length=64, verbose_name="stored as")),
                ("width", models.PositiveIntegerField(verbose_name="width")),
                ("height", models.PositiveIntegerField(verbose_name="height")),
                ("caption", models.CharField(max_length=400, verbose_name="caption")),
                (
                    "alt",
                    models.CharField(
                        help_text="For those who cannot see it.",
                        max_length=400,
                        verbose_name="what it shows",
                    ),
                ),
                ("credit", models.CharField(max_length=120, verbose_name="credit")),
                ("location", models.CharField(blank=True, max_length=200, verbose_name="location")),
            ],
            options={
                "verbose_name": "photo",
                "verbose_name_plural": "photos",
                "ordering": ["-sequence"],
                "default_related_name": "photos",
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="results.contest",
                    ),
                ),
                ("name", models.CharField(max_length=64, verbose_name="stored as")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent by",
                    ),
                ),
                ("idempotency_key", models.CharField(max_length=80)),
                ("fingerprint", models.CharField(editable=False, max_length=64, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="sent at")),
            ],
            options={
                "verbose_name": "picture of a notice",
                "verbose_name_plural": "pictures of notices",
                "ordering": ["-created_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("by", "idempotency_key"), name="one_notice_per_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="results.election"
                    ),
                ),
                ("sequence", models.PositiveIntegerField(verbose_name="bulletin")),
                (
                    "first_sequence",
                    models.PositiveIntegerField(editable=False, verbose_name="first bulletin"),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="replaced_by",
                        to="results.post",
                    ),
                ),
                ("withdrawn", models.BooleanField(default=False, verbose_name="withdrawn")),
                ("erased_by", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=results.models.clock.now,
                        editable=False,
                        verbose_name="published at",
                    ),
                ),
                (
                    "contest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="results.contest",
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="title")),
                ("text", models.TextField(max_length=1000, verbose_name="text")),
            ],
            options={
                "verbose_name": "post",
                "verbose_name_plural": "posts",
                "ordering": ["-sequence"],
                "default_related_name": "posts",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            ("erased_by__isnull", False),
                            _connector="OR",
                        ),
                        name="a_post_has_a_text",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MergedContest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="merged_contests",
                        to="results.election",
                    ),
                ),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="merged",
                        to="results.contest",
                        verbose_name="contest",
                    ),
                ),
                ("slug", models.SlugField(max_length=120, verbose_name="earlier address")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("body", models.CharField(max_length=160, verbose_name="body")),
                ("code", models.CharField(blank=True, max_length=20, verbose_name="official code")),
                (
                    "ballot_paper_id",
                    models.CharField(blank=True, max_length=200, verbose_name="ballot paper id"),
                ),
                ("by_election", models.BooleanField(default=False, verbose_name="by-election")),
            ],
            options={
                "verbose_name": "merged contest",
                "verbose_name_plural": "merged contests",
                "ordering": ["slug"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("election", "slug"), name="merged_contest_address"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Group",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name_cy",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="On pages in Welsh. Left empty, the other name serves.",
                        max_length=200,
                        verbose_name="name in Welsh",
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="groups",
                        to="results.election",
                    ),
                ),
                ("slug", models.SlugField(max_length=80, verbose_name="address")),
                (
                    "name",
                    models.CharField(
                        help_text="As in “Key seats”.", max_length=120, verbose_name="name"
                    ),
                ),
                (
                    "sort_key",
                    results.models.sort_key.SortKeyField(
                        db_default="", default="", editable=False, max_length=400
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        blank=True,
                        help_text="Shown under the name: readers ask why these.",
                        max_length=300,
                        verbose_name="what they have in common",
                    ),
                ),
                (
                    "sort_order",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="Lowest first.",
                        verbose_name="place in the list of groups",
                    ),
                ),
                (
                    "contests",
                    models.ManyToManyField(
                        blank=True,
                        related_name="groups",
                        to="results.contest",
                        verbose_name="contests",
                    ),
                ),
            ],
            options={
                "verbose_name": "group of contests",
                "verbose_name_plural": "groups of contests",
                "ordering": ["sort_order", "sort_key", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("election", "slug"), name="group_address")
                ],
            },
        ),
        migrations.CreateModel(
            name="LastResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contest",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="last_result",
                        to="results.contest",
                    ),
                ),
                ("date", models.DateField(blank=True, null=True, verbose_name="polling day")),
                (
                    "notional",
                    models.BooleanField(
                        default=False,
                        help_text="Worked out for new boundaries.",
                        verbose_name="notional",
                    ),
                ),
                (
                    "seats",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="How many were elected then.",
                        null=True,
                        verbose_name="seats up",
                    ),
                ),
                (
                    "electorate",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="electorate"),
                ),
                (
                    "valid",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="valid votes"),
                ),
                (
                    "rejected",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="rejected ballots"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="source")),
            ],
            options={"verbose_name": "last result", "verbose_name_plural": "last results"},
        ),
        migrations.CreateModel(
            name="MessageAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reading",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="results.messagereading",
                    ),
                ),
                ("text", models.CharField(max_length=200)),
                ("written_at", models.DateTimeField()),
                ("idempotency_key", models.CharField(max_length=80)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reading", "idempotency_key"), name="message_answer_once"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="Total",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "declaration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="totals",
                        to="results.declaration",
                    ),
                ),
                (
                    "candidate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="totals",
                        to="results.candidate",
                    ),
                ),
                ("votes", models.PositiveIntegerField(blank=True, null=True, verbose_name="votes")),
                (
                    "announced_elected",
                    models.BooleanField(default=False, verbose_name="announced as elected"),
                ),
                ("drawn_by_lot", models.BooleanField(default=False, verbose_name="drawn by lot")),
                (
                    "stage",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="elected at stage"
                    ),
                ),
            ],
            options={
                "verbose_name": "total",
                "verbose_name_plural": "totals",
                "ordering": ["declaration", "pk"],
                "indexes": [models.Index(fields=["votes"], name="figures_of_contests")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("declaration", "candidate"), name="one_total_a_candidate"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("votes__isnull", True), ("votes__gte", 0), _connector="OR"
                        ),
                        name="votes_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "contest",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="results.contest",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("awaiting", "Awaiting"),
                            ("under_way", "Count under way"),
                            ("bundle_check", "Bundle check"),
                            ("recount", "Recount"),
                            ("on_stage", "Returning officer on the stage"),
                            ("winner_only", "Winner only, figures to follow"),
                            ("declared", "Declared"),
                            ("corrected", "Corrected"),
                            ("withdrawn", "Withdrawn"),
                            ("postponed", "Postponed"),
                            ("unopposed", "Elected unopposed"),
                            ("incomplete", "Incomplete: some totals known"),
                        ],
                        default="awaiting",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0)),
                (
                    "declaration",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="standing",
                        to="results.declaration",
                    ),
                ),
                ("incomplete", models.BooleanField(db_default=False, default=False)),
                ("first_declared_at", models.DateTimeField(null=True)),
                ("first_sequence", models.PositiveIntegerField(null=True)),
                ("postponed_in", models.PositiveIntegerField(null=True)),
                (
                    "verified_electorate",
                    models.PositiveIntegerField(
                        null=True, verbose_name="electorate at verification"
                    ),
                ),
                (
                    "verified_papers",
                    models.PositiveIntegerField(null=True, verbose_name="papers at verification"),
                ),
                (
                    "verified_turnout",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=5,
                        null=True,
                        verbose_name="turnout at verification",
                    ),
                ),
                (
                    "turnout_change",
                    models.SmallIntegerField(null=True, verbose_name="change of turnout"),
                ),
                ("contribution", models.JSONField(default=dict)),
                ("summary", models.JSONField(default=dict)),
            ],
            options={"verbose_name": "standing", "verbose_name_plural": "standings"},
        ),
        migrations.CreateModel(
            name="Quote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to="results.election"
                    ),
                ),
                ("sequence", models.PositiveIntegerField(verbose_name="bulletin")),
                (
                    "first_sequence",
                    models.PositiveIntegerField(editable=False, verbose_name="first bulletin"),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="replaced_by",
                        to="results.quote",
                    ),
                ),
                ("withdrawn", models.BooleanField(default=False, verbose_name="withdrawn")),
                ("erased_by", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=results.models.clock.now,
                        editable=False,
                        verbose_name="published at",
                    ),
                ),
                (
                    "contest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="results.contest",
                    ),
                ),
                (
                    "candidate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        to="results.candidate",
                    ),
                ),
                ("speaker", models.CharField(max_length=200, verbose_name="speaker")),
                ("role", models.CharField(blank=True, max_length=200, verbose_name="role")),
                ("location", models.CharField(blank=True, max_length=200, verbose_name="location")),
                ("words", models.TextField(verbose_name="words")),
                (
                    "reported",
                    models.BooleanField(
                        default=False,
                        help_text="Shown without quotation marks.",
                        verbose_name="reported speech",
                    ),
                ),
                (
                    "said_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="said at"
                    ),
                ),
            ],
            options={
                "verbose_name": "quote",
                "verbose_name_plural": "quotes",
                "ordering": ["-said_at", "-pk"],
                "permissions": [
                    (
                        "publish_unreviewed",
                        "Quotes and photos go straight out, without the desk’s approval",
                    )
                ],
                "default_related_name": "quotes",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("words", ""), _negated=True),
                            ("erased_by__isnull", False),
                            _connector="OR",
                        ),
                        name="a_quote_has_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("speaker", ""), _negated=True),
                            ("erased_by__isnull", False),
                            _connector="OR",
                        ),
                        name="a_quote_has_a_speaker",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LastVotes",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="results.party",
                        verbose_name="party",
                    ),
                ),
                (
                    "standing_as",
                    models.CharField(
                        choices=[
                            ("party", "a party"),
                            ("independent", "an independent"),
                            ("speaker", "the Speaker seeking re-election"),
                            ("answer", "an answer in a referendum"),
                        ],
                        default="party",
                        max_length=12,
                        verbose_name="stands as",
                    ),
                ),
                (
                    "last_result",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="votes",
                        to="results.lastresult",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="results.person",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                ("votes", models.PositiveIntegerField(blank=True, null=True, verbose_name="votes")),
                (
                    "share",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        help_text="Only where the votes themselves are not known, as in notional results.",
                        max_digits=7,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="share, per cent",
                    ),
                ),
                ("elected", models.BooleanField(default=False, verbose_name="elected")),
            ],
            options={
                "verbose_name": "votes last time",
                "verbose_name_plural": "votes last time",
                "ordering": ["-votes", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Verified",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "declaration",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="verified",
                        to="results.declaration",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="verified at")),
            ],
            options={
                "verbose_name": "verified against the notice",
                "verbose_name_plural": "verified against the notice",
            },
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="As in “Slack #politics”.", max_length=60, verbose_name="name"
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("webhook", "signed JSON, for a program"),
                            ("slack", "Slack"),
                            ("teams", "Microsoft Teams"),
                        ],
                        default="webhook",
                        max_length=8,
                        verbose_name="sends",
                    ),
                ),
                (
                    "url",
                    models.URLField(
                        help_text="Whoever has it can post there: keep it secret.",
                        max_length=500,
                        verbose_name="address",
                    ),
                ),
                (
                    "events",
                    models.JSONField(
                        default=list,
                        validators=[results.models.webhook.validate_events],
                        verbose_name="of",
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        blank=True,
                        help_text="Leave empty for every election.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="results.election",
                        verbose_name="election",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        help_text="A group, such as “Our patch”. Leave empty for all contests.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        to="results.group",
                        verbose_name="contests of",
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="active")),
                (
                    "secret",
                    models.CharField(
                        default=results.models.webhook.new_secret, editable=False, max_length=80
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook",
                "verbose_name_plural": "webhooks",
                "ordering": ["name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Bulletin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("chain_number", models.PositiveIntegerField(editable=False, null=True)),
                ("header", models.TextField(editable=False, null=True)),
                ("head", models.CharField(editable=False, max_length=64, null=True)),
                ("salt", models.CharField(editable=False, max_length=32, null=True)),
                ("content", models.TextField(editable=False, null=True)),
                ("erased_by", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bulletins",
                        to="results.election",
                    ),
                ),
                ("epoch", models.UUIDField(editable=False)),
                ("sequence", models.PositiveIntegerField(verbose_name="number")),
                (
                    "first_sequence",
                    models.PositiveIntegerField(editable=False, verbose_name="first number"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("declaration", "Declaration"),
                            ("winner_only", "Winner only"),
                            ("update", "Update"),
                            ("correction", "Correction"),
                            ("withdrawal", "Withdrawn"),
                            ("status", "Count"),
                            ("quote", "Quote"),
                            ("photo", "Photo"),
                            ("post", "From the desk"),
                            ("headline", "Headline"),
                            ("external", "External figures"),
                            ("details", "Details"),
                            ("erasure", "Withdrawn for good"),
                            ("unopposed", "Elected unopposed"),
                            ("incomplete", "Incomplete totals"),
                            ("close", "Close of poll"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("summary", models.CharField(blank=True, max_length=400, verbose_name="summary")),
                (
                    "contest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bulletins",
                        to="results.contest",
                    ),
                ),
                (
                    "declaration",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="bulletin",
                        to="results.declaration",
                    ),
                ),
                (
                    "quote",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="bulletin",
                        to="results.quote",
                    ),
                ),
                (
                    "photo",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="bulletin",
                        to="results.photo",
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="bulletin",
                        to="results.post",
                    ),
                ),
                (
                    "headline",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="bulletin",
                        to="results.headline",
                    ),
                ),
                (
                    "external_figures",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="bulletin",
                        to="results.externalfigures",
                    ),
                ),
                ("fragments", models.JSONField(default=dict)),
                ("hides", models.PositiveIntegerField(editable=False, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bulletins",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        default=results.models.clock.now,
                        editable=False,
                        verbose_name="published at",
                    ),
                ),
            ],
            options={
                "verbose_name": "bulletin",
                "verbose_name_plural": "bulletins",
                "ordering": ["election", "sequence"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("election", "sequence"), name="one_of_each_bulletin"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sequence__gte", 1)), name="bulletins_from_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookPosition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="positions",
                        to="results.webhook",
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="results.election",
                    ),
                ),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("review_item", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("webhook", "election"), name="one_position_each"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="results.webhook",
                    ),
                ),
                (
                    "election",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="results.election",
                        verbose_name="election",
                    ),
                ),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("declared", "a result"),
                            ("gain", "a seat that changed hands"),
                            ("correction", "a correction or withdrawal"),
                            ("person", "something waits for a person"),
                        ],
                        max_length=12,
                        verbose_name="event",
                    ),
                ),
                ("number", models.PositiveBigIntegerField(verbose_name="number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("delivered", "Delivered"),
                            ("overtaken", "Overtaken before it was sent"),
                            ("given_up", "Given up"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "due_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="next attempt"
                    ),
                ),
                (
                    "error",
                    models.CharField(blank=True, max_length=200, verbose_name="what went wrong"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="happened at")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled at")),
            ],
            options={
                "verbose_name": "webhook delivery",
                "verbose_name_plural": "webhook deliveries",
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["due_at"],
                        name="deliveries_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("webhook", "election", "event", "number"), name="one_delivery_each"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotencyRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="idempotency_records",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("idempotency_key", models.CharField(max_length=80)),
                ("fingerprint", models.CharField(max_length=64)),
                (
                    "bulletin",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="idempotency_records",
                        to="results.bulletin",
                    ),
                ),
                ("unchanged", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "idempotency record",
                "verbose_name_plural": "idempotency records",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("by", "idempotency_key"), name="one_record_per_key"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "contest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="review_items",
                        to="results.contest",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("result", "Result, for a second person"),
                            ("quote", "Quote"),
                            ("photo", "Photo"),
                            ("correction", "Correction asked for"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("content", models.JSONField(verbose_name="content")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("published", "Published"),
                            ("declined", "Set aside"),
                            ("replaced", "Replaced by another"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_items",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent by",
                    ),
                ),
                ("idempotency_key", models.CharField(max_length=80)),
                ("fingerprint", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="sent at")),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="settled by",
                    ),
                ),
                (
                    "settled_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="settled at"),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="The reporter sees it.",
                        max_length=300,
                        verbose_name="why",
                    ),
                ),
                (
                    "bulletin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="review_items",
                        to="results.bulletin",
                    ),
                ),
            ],
            options={
                "verbose_name": "review item",
                "verbose_name_plural": "review queue",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("by", "idempotency_key"), name="one_review_item_per_key"
                    )
                ],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
