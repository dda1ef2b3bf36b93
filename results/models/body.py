"""Bodies that contests elect to: a parliament, a council, an office."""

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from .election import Election
from .sort_key import SortKeyField


class SeveralBodiesError(ValueError):
    """A contest was given no body, and its election has several."""


class Body(models.Model):
    """What some contests of an election elect to.

    `composition_before` has the seats that each party held when the poll was held, by label, those
    not up this time included.
    """

    election = models.ForeignKey(Election, models.CASCADE, related_name="bodies")
    slug = models.SlugField(_("address"), max_length=120)
    name = models.CharField(_("name"), max_length=160)
    sort_key = SortKeyField()
    seats = models.PositiveSmallIntegerField(
        _("seats in all"), null=True, blank=True, help_text=_("Those not up this time included.")
    )
    control_before = models.CharField(_("control before"), max_length=200, blank=True)
    composition_before = models.JSONField(_("composition before"), default=dict, blank=True)

    class Meta:
        ordering = ["sort_key", "pk"]
        constraints = [models.UniqueConstraint(fields=["election", "slug"], name="body_address")]
        verbose_name = _("body")
        verbose_name_plural = _("bodies")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def only_one_of(cls, election: Election) -> "Body":
        """Return the election's only body, created if there is none.

        A new one is named after the election's kind, or else after the election. Raises
        SeveralBodiesError if the election has several.
        """
        bodies = list(cls.objects.filter(election=election)[:2])
        if len(bodies) > 1:
            raise SeveralBodiesError(f"“{election}” has several bodies: say which one")
        if bodies:
            return bodies[0]
        name = (election.rules.body or election.name)[:160]
        body, _created = cls.objects.get_or_create(
            election=election, slug=slugify(name)[:120] or "body", defaults={"name": name}
        )
        return body
