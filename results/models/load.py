"""Files that an editor loads into an election in the browser, with their progress."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .election import Election


class Load(models.Model):
    """A load of one table or two, read and then applied in the background.

    `answers` are what the editor answered where the files do not say: `columns` by field, and
    others of `exchange.loading.Answers`. `report` is the outcome of the last reading for a page:
    `changes` as `[verb, noun, how many, [lines]]`, `notes`, `errors`, `questions`, `tables` and
    `lines`.
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
        UNDONE = "undone", _("undone")

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
    #: When a worker started on it; empty while it waits for one.
    started_at = models.DateTimeField(null=True, blank=True)
    #: The queue's id of the task that reads or applies it.
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
        """The files' names, read without their content, which has megabytes."""
        return ", ".join(self.files.values_list("name", flat=True))

    def become(self, state: "Load.State", **values: Any) -> None:
        """Set and store the state and these columns, and no others."""
        self.state = state
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=["state", *values])


class LoadFile(models.Model):
    """One file of a load, or pasted rows. Its content is deleted once it has been applied."""

    load = models.ForeignKey(Load, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    content = models.BinaryField(default=b"")

    class Meta:
        ordering = ["pk"]
        verbose_name = _("file of a load")
        verbose_name_plural = _("files of loads")

    def __str__(self) -> str:
        return self.name


class LoadSnapshot(models.Model):
    """The rows of a draft as they were before a load was applied, for undoing the load.

    `content` is JSON, compressed by zlib: by the name of a model, its rows as Django serialises
    them.
    """

    load = models.OneToOneField(Load, models.CASCADE, related_name="snapshot", primary_key=True)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("rows before a load")
        verbose_name_plural = _("rows before loads")

    def __str__(self) -> str:
        return str(self.load)
