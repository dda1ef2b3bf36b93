"""Mark declarations as verified against the returning officer's notice. Nothing is published."""

from django.contrib.auth.models import User
from django.db import transaction

from results.desk.audit import contest_change, record_action
from results.desk.changes import ChangeKind
from results.models import Declaration, Verified


def mark_verified(declaration: Declaration, *, by: User) -> bool:
    """Mark a declaration as verified; return False if it already was."""
    with transaction.atomic():
        _verified, new = Verified.objects.get_or_create(
            declaration=declaration, defaults={"by": by}
        )
        if new:
            about = f"revision {declaration.revision}"
            record_action(
                by,
                "verified against the notice",
                contest=declaration.contest,
                about=about,
                change=contest_change(ChangeKind.REVIEW, declaration.contest),
            )
    return new
