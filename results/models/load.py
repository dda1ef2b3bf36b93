"""Files that an editor loads into an election in the browser, and how far that has come."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .election import Election


class Load(models.Model):
    """One table or two, read and then applied in the background.

    `answers` is what the editor said that the files do not: `columns` by field, and others of
    `exchange.loading.Answers`. `report` is what a page shows of the last reading: `changes` as
    `[verb, noun, how many, [lines]]`, `notes`, `errors`, `questions`, `tables` and `lines`.
    """

    class What(models.TextChoices):
        CANDIDATES = "candidates", _("Candidates")
        QUESTIONS = "questions", _("Questions and answers")
        PREVIOUS = "previous", _("Last time’s results")
        COMPOSITION = "composition", _("Who holds the seats")
        AREAS = "areas", _("Counting areas")
        MAP = "map", _("Map")
        POSTCODES = "postcodes", _("Postcodes")

    class State(models.TextChoices):
        READING = "reading", _("being read")
        QUESTIONS = "questions", _("needs an answer")
        REFUSED = "refused", _("not understood")
        READY = "ready", _("read, not applied")
        APPLYING = "applying", _("being applied")
        DONE = "done", _("applied")
        FAILED = "failed", _("failed")

    election = models.ForeignKey(Election, models.CASCADE, related_name="loads")
    what = models.CharField(_("what"), max_length=16, choices=What.choices)
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.READING
    )
    answers = models.JSONField(default=dict, blank=True)
    report = models.JSONField(default=dict, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    #: When a worker took it up; empty while it waits for one.
    started_at = models.DateTimeField(null=True, blank=True)
    #: The task that reads or applies it, as the queue names it.
    task_id = models.CharField(max_length=64, blank=True, default="", db_default="")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("load")
        verbose_name_plural = _("loads")

    def __str__(self) -> str:
        return f"{self.get_what_display()}: {self.get_state_display()}"

    @property
    def is_running(self) -> bool:
        return self.state in (self.State.READING, self.State.APPLYING)

    @property
    def names(self) -> str:
        return ", ".join(file.name for file in self.files.all())

    def become(self, state: "Load.State", **values: Any) -> None:
        """Store the state and these columns, and no others."""
        self.state = state
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=["state", *values])


class LoadFile(models.Model):
    """One file of a load, or rows that were pasted. Its content goes once it has been applied."""

    load = models.ForeignKey(Load, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    content = models.BinaryField(default=b"")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("file of a load")
        verbose_name_plural = _("files of loads")

    def __str__(self) -> str:
        return self.name
