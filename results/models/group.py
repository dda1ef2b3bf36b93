"""Groups of contests chosen by editors, such as key seats."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .contest import Contest
from .election import Election
from .sort_key import SortKeyField
from .welsh_name import WelshName


class Group(WelshName, models.Model):
    """A named list of contests of one election, with its own page. Groups may overlap."""

    election = models.ForeignKey(Election, models.CASCADE, related_name="groups")
    slug = models.SlugField(_("address"), max_length=80)
    name = models.CharField(_("name"), max_length=120, help_text=_("As in “Key seats”."))
    sort_key = SortKeyField()
    about = models.CharField(
        _("what they have in common"),
        max_length=300,
        blank=True,
        help_text=_("Shown under the name: readers ask why these."),
    )
    contests = models.ManyToManyField(
        Contest, related_name="groups", blank=True, verbose_name=_("contests")
    )
    sort_order = models.PositiveSmallIntegerField(
        _("place in the list of groups"), default=1, help_text=_("Lowest first.")
    )

    class Meta:
        ordering = ["sort_order", "sort_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["election", "slug"], name="group_address")]
        verbose_name = _("group of contests")
        verbose_name_plural = _("groups of contests")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("group_page", args=[self.election.slug, self.slug])
