"""Assignments of reporters to contests."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .contest import Contest


class Assignment(models.Model):
    """Permission for a reporter to send results, quotes and photos of one contest."""

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="assignments",
        verbose_name=_("reporter"),
    )
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="assignments")

    class Meta:
        ordering = ["contest__sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["reporter", "contest"], name="assigned_once")
        ]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self) -> str:
        return f"{self.reporter}: {self.contest}"
