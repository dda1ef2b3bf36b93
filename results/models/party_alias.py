"""Other spellings, registration numbers and earlier addresses of a party."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .party import Party, validate_party_slug


def number_key(number: str) -> str:
    """Normalise an Electoral Commission number: “PP52”, “party:52” and “52” are `52`.

    A joint description keeps both: “joint-party:53-119” is `53-119`.
    """
    plain = re.sub(r"^(pp|party:|joint-party:|jp)", "", number.strip(), flags=re.IGNORECASE)
    return plain.strip().casefold()


def public_number(number: str) -> str:
    """Write a number as Democracy Club's files do: `52` is “PP52”; empty stays empty."""
    key = number_key(number)
    if key.isdigit():
        return f"PP{key}"
    return f"joint-party:{key}" if re.fullmatch(r"\d+-\d+", key) else number


def spelling_key(name: str) -> str:
    """Normalise a spelling: case, accents, punctuation, “the” and “&” make no difference."""
    plain = unicodedata.normalize("NFKD", name).casefold().replace("&", " and ")
    plain = re.sub(r"['’‘`´]", "", "".join(c for c in plain if not unicodedata.combining(c)))
    words = [word for word in re.split(r"[\W_]+", plain) if word and word != "the"]
    return " ".join(words) or name.strip().casefold()


class PartyAlias(models.Model):
    """Another text by which a party is found. `key` is the normalised text.

    A spelling with `until` is also the party's name in elections up to that day, as the Brexit
    Party is for Reform UK, whose registration was renamed. An address is a slug that the party
    had, or that a party had which was merged into it.
    """

    class Kind(models.TextChoices):
        SPELLING = "spelling", _("Spelling")
        NUMBER = "number", _("Electoral Commission number")
        ADDRESS = "address", _("Earlier address")

    party = models.ForeignKey(
        Party, models.CASCADE, related_name="aliases", verbose_name=_("party")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.SPELLING)
    text = models.CharField(_("text"), max_length=160)
    key = models.CharField(max_length=160, db_index=True, editable=False)
    until = models.DateField(
        _("name until"),
        null=True,
        blank=True,
        help_text=_("Of an earlier name: shown in elections up to this day."),
    )
    abbreviation = models.CharField(
        _("abbreviation"), max_length=24, blank=True, help_text=_("Of an earlier name.")
    )

    class Meta:
        ordering = ["kind", "text"]
        constraints = [
            models.UniqueConstraint(fields=["party", "kind", "key"], name="party_alias_once"),
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=models.Q(kind__in=["number", "address"]),
                name="party_alias_of_one_party",
            ),
        ]
        verbose_name = _("alias of a party")
        verbose_name_plural = _("aliases of parties")

    def __str__(self) -> str:
        return public_number(self.text) if self.kind == self.Kind.NUMBER else self.text

    def save(self, *args: Any, **options: Any) -> None:
        self.key = key_of(self.kind, self.text)
        super().save(*args, **options)

    def clean(self) -> None:
        """Refuse a number or address of another party, and a last day of anything but a name."""
        self.key = key_of(self.kind, self.text)
        if self.until and self.kind != self.Kind.SPELLING:
            raise ValidationError({"until": _("Only a name has a last day.")})
        if self.kind == self.Kind.ADDRESS:
            validate_party_slug(self.text)
        owner = party_with(self.kind, self.key)
        if owner is not None and owner.pk != self.party_id:
            words = {"text": str(self), "party": owner.name}
            raise ValidationError({"text": _("%(text)s is %(party)s’s already.") % words})


def key_of(kind: str, text: str) -> str:
    """Return the key by which an alias of this kind is looked up."""
    if kind == PartyAlias.Kind.NUMBER:
        return number_key(text)
    return text if kind == PartyAlias.Kind.ADDRESS else spelling_key(text)


def party_with(kind: str, key: str) -> Party | None:
    """Return the party that has this number or address; None for a spelling: several may share it.

    `key` is normalised. A party's own number and address count like its aliases.
    """
    if kind == PartyAlias.Kind.SPELLING or not key:
        return None
    alias = PartyAlias.objects.filter(kind=kind, key=key).select_related("party").first()
    if alias is not None:
        return alias.party
    if kind == PartyAlias.Kind.ADDRESS:
        return Party.objects.filter(slug=key).first()
    numbered = Party.objects.exclude(electoral_commission_id="")
    return next((p for p in numbered if number_key(p.electoral_commission_id) == key), None)
