"""Seed functions: a desk with every kind of row, to be backed up and changed.

Functions for `desk.seed`.
"""

import json
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.utils import timezone

from results import desk
from results.desk.backups import BACKED_UP
from results.models import (
    Assignment,
    AuditEntry,
    Candidate,
    Contest,
    Election,
    Night,
    Photo,
    ReporterPass,
)
from tests.acceptance import withdrawn_words

PASSWORD = "a-long-password"
REPORTERS = ("early", "late")
#: Rows that come and go with requests, and are no part of what a desk holds.
PASSING = {"session", "readercount", "failedsignin"}


def set_up() -> None:
    """A night with a publication of every kind, an editor, and two reporters at a count."""
    withdrawn_words.publish()
    vale = Contest.objects.get(slug="vale")
    User.objects.create_superuser("chief", password=PASSWORD)
    for name in REPORTERS:
        reporter = User.objects.create_user(name, password=PASSWORD)
        Assignment.objects.create(reporter=reporter, contest=vale)
        ReporterPass.issue(reporter)


def go_on() -> None:
    """Change the desk after its backup: add publications and an account, end others."""
    election = Election.objects.get(slug="ge")
    by = User.objects.get(username="reporter")
    desk.publish(
        election,
        desk.HeadlineContent(text="Published after the backup"),
        by=by,
        idempotency_key="after one",
    )
    desk.publish(
        election,
        desk.QuoteContent(words="Said after the backup", speaker="Ann"),
        by=by,
        idempotency_key="after two",
    )
    User.objects.create_user("newcomer")
    ReporterPass.objects.get(reporter__username="early").revoke()
    User.objects.filter(username="late").update(is_active=False)


def publish_one_more() -> None:
    by = User.objects.get(username="reporter")
    election = Election.objects.get(slug="ge")
    key = f"one more {timezone.now().isoformat()}"
    desk.publish(
        election,
        desk.HeadlineContent(text=f"Published at the last moment, {key}"),
        by=by,
        idempotency_key=key,
    )


def state() -> dict[str, Any]:
    """Return every row of the desk; apart is what a restore adds: an epoch, entries of the log."""
    rows = {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.model_name not in PASSING
    }
    rows["results.Night"] = list(Night.objects.order_by("pk").values_list("sequence", "tally"))
    del rows["results.ChainEntry"]
    # A backup is recorded when it is complete, and so is not in it.
    actions = AuditEntry.objects.exclude(what=BACKED_UP).order_by("pk")
    rows["results.AuditEntry"] = list(actions.values_list())
    content: dict[str, Any] = {
        "head": Night.objects.get().head,
        "rows": rows,
        "epoch": str(Night.objects.get().epoch),
        "sequence": Night.objects.get().sequence,
        "photos": list(Photo.objects.values_list("name", flat=True)),
        "accounts": sorted(User.objects.values_list("username", flat=True)),
        "candidates": [
            candidate.pk for candidate in Candidate.objects.filter(contest__slug="vale")
        ],
    }
    plain: dict[str, Any] = json.loads(json.dumps(content, default=str))
    return plain
