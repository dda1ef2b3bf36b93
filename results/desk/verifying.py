"""Figures held against the officer’s notice: a mark of the desk’s own; nothing is published."""

from django.contrib.auth.models import User
from django.db import transaction

from results.desk.audit import record_action
from results.models import Declaration, Verified


def mark_verified(declaration: Declaration, *, by: User) -> bool:
    """Note that these figures are those of the notice; False where that was noted before."""
    with transaction.atomic():
        _mark, new = Verified.objects.get_or_create(declaration=declaration, defaults={"by": by})
        if new:
            about = f"revision {declaration.revision}"
            record_action(
                by, "verified against the notice", contest=declaration.contest, about=about
            )
    return new
