"""Rename models, fields, stored kinds and permissions to standard terms.

The content of published rows does not change.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from results.migrations._append_only import TABLES, lift, restore

#: Model and its verbose name, before and now.
MODELS = (
    ("offer", "offer", "reviewitem", "review item"),
    ("elsewhere", "figures from elsewhere", "externalfigures", "external figures"),
    ("act", "action", "auditentry", "action"),
    ("serving", "serving process", "readercount", "serving process"),
    ("receipt", "receipt", "idempotencyrecord", "idempotency record"),
)
PERMISSION = ("publish_voices", "publish_unreviewed")
RENAMED_TABLES = {
    "results_auditentry": "results_act",
    "results_externalfigures": "results_elsewhere",
    "results_idempotencyrecord": "results_receipt",
}
#: Model, field, value before, value now.
VALUES = (
    ("Declaration", "kind", "flash", "winner_only"),
    ("Bulletin", "kind", "flash", "winner_only"),
    ("Bulletin", "kind", "elsewhere", "external"),
    ("AuditEntry", "what", "flash", "winner_only"),
    ("AuditEntry", "what", "elsewhere", "external"),
    ("Standing", "status", "rush", "winner_only"),
)


def _rename_values(apps, pairs):
    for model, field, before, now in pairs:
        manager = apps.get_model("results", model)._base_manager
        manager.filter(**{field: before}).update(**{field: now})


def _rename_review_items(apps, before, now):
    for item in apps.get_model("results", "ReviewItem").objects.filter(content__act=before):
        item.content["act"] = now
        item.save(update_fields=["content"])


def _rename_permissions(apps, codenames, models_renamed):
    Permission = apps.get_model("auth", "Permission")
    ours = Permission.objects.filter(content_type__app_label="results")
    ours.filter(codename=codenames[0]).update(codename=codenames[1])
    for before, _verbose_before, now, verbose_now in models_renamed:
        for action in ("add", "change", "delete", "view"):
            ours.filter(codename=f"{action}_{before}").update(
                codename=f"{action}_{now}", name=f"Can {action} {verbose_now}"
            )


def forwards(apps, schema_editor):
    _rename_values(apps, VALUES)
    _rename_review_items(apps, "flash", "winner_only")
    _rename_permissions(apps, PERMISSION, MODELS)


def backwards(apps, schema_editor):
    _rename_values(apps, [(model, field, now, before) for model, field, before, now in VALUES])
    _rename_review_items(apps, "winner_only", "flash")
    _rename_permissions(
        apps, PERMISSION[::-1], [(now, label, before, old) for before, old, now, label in MODELS]
    )


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("contenttypes", "0002_remove_content_type_name"),
        ("results", "0013_withdrawn_headlines"),
    ]
    operations = [
        migrations.RunPython(
            lift, restore(*(RENAMED_TABLES.get(table, table) for table in TABLES))
        ),
        migrations.RemoveConstraint("Receipt", "one_receipt_a_key"),
        migrations.RemoveConstraint("Notice", "one_notice_a_key"),
        migrations.RemoveConstraint("Offer", "one_offer_a_key"),
        migrations.RenameModel("Offer", "ReviewItem"),
        migrations.RenameModel("Elsewhere", "ExternalFigures"),
        migrations.RenameModel("Act", "AuditEntry"),
        migrations.RenameModel("Serving", "ReaderCount"),
        migrations.RenameModel("Receipt", "IdempotencyRecord"),
        migrations.RenameField("Bulletin", "line", "summary"),
        migrations.RenameField("Bulletin", "elsewhere", "external_figures"),
        migrations.RenameField("Declaration", "fault", "blame"),
        migrations.RenameField("ExternalFigures", "lines", "rows"),
        migrations.RenameField("Group", "place", "sort_order"),
        migrations.RenameField("IdempotencyRecord", "key", "idempotency_key"),
        migrations.RenameField("Notice", "key", "idempotency_key"),
        migrations.RenameField("Photo", "place", "location"),
        migrations.RenameField("Quote", "place", "location"),
        migrations.RenameField("ReviewItem", "key", "idempotency_key"),
        migrations.AddConstraint(
            "IdempotencyRecord",
            models.UniqueConstraint(fields=["by", "idempotency_key"], name="one_record_per_key"),
        ),
        migrations.AddConstraint(
            "Notice",
            models.UniqueConstraint(fields=["by", "idempotency_key"], name="one_notice_per_key"),
        ),
        migrations.AddConstraint(
            "ReviewItem",
            models.UniqueConstraint(
                fields=["by", "idempotency_key"], name="one_review_item_per_key"
            ),
        ),
        migrations.AlterModelOptions(
            name="externalfigures",
            options={
                "ordering": ["-pk"],
                "verbose_name": "external figures",
                "verbose_name_plural": "external figures",
            },
        ),
        migrations.AlterModelOptions(
            name="group",
            options={
                "ordering": ["sort_order", "name"],
                "verbose_name": "group of seats",
                "verbose_name_plural": "groups of seats",
            },
        ),
        migrations.AlterModelOptions(
            name="idempotencyrecord",
            options={
                "verbose_name": "idempotency record",
                "verbose_name_plural": "idempotency records",
            },
        ),
        migrations.AlterModelOptions(
            name="quote",
            options={
                "ordering": ["-said_at", "-pk"],
                "permissions": [
                    (
                        "publish_unreviewed",
                        "Quotes and photos go straight out, without the desk’s approval",
                    )
                ],
                "verbose_name": "quote",
                "verbose_name_plural": "quotes",
            },
        ),
        migrations.AlterModelOptions(
            name="reviewitem",
            options={
                "ordering": ["-created_at", "-pk"],
                "verbose_name": "review item",
                "verbose_name_plural": "review queue",
            },
        ),
        migrations.AlterField(
            model_name="bulletin",
            name="kind",
            field=models.CharField(
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
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="bulletin",
            name="summary",
            field=models.CharField(blank=True, max_length=400, verbose_name="summary"),
        ),
        migrations.AlterField(
            model_name="declaration",
            name="kind",
            field=models.CharField(
                choices=[
                    ("declaration", "Declaration"),
                    ("winner_only", "Winner only"),
                    ("update", "Update"),
                    ("correction", "Correction"),
                    ("withdrawal", "Withdrawn"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="externalfigures",
            name="election",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="external_figures",
                to="results.election",
            ),
        ),
        migrations.AlterField(
            model_name="idempotencyrecord",
            name="bulletin",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="idempotency_records",
                to="results.bulletin",
            ),
        ),
        migrations.AlterField(
            model_name="idempotencyrecord",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="idempotency_records",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="photo",
            name="location",
            field=models.CharField(blank=True, max_length=200, verbose_name="location"),
        ),
        migrations.AlterField(
            model_name="quote",
            name="location",
            field=models.CharField(blank=True, max_length=200, verbose_name="location"),
        ),
        migrations.AlterField(
            model_name="reviewitem",
            name="bulletin",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="review_items",
                to="results.bulletin",
            ),
        ),
        migrations.AlterField(
            model_name="reviewitem",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="review_items",
                to=settings.AUTH_USER_MODEL,
                verbose_name="sent by",
            ),
        ),
        migrations.AlterField(
            model_name="reviewitem",
            name="contest",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="review_items",
                to="results.contest",
            ),
        ),
        migrations.AlterField(
            model_name="standing",
            name="status",
            field=models.CharField(
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
                ],
                default="awaiting",
                max_length=12,
                verbose_name="status",
            ),
        ),
        migrations.RunPython(forwards, backwards),
        migrations.RunPython(restore(*TABLES), lift),
    ]
