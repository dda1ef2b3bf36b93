"""Areas of postcodes, stored by the first half of the postcode."""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from results.arithmetic.postcodes import Postcode, is_part_of_postcode, read_postcode

__all__ = ["Areas", "PostcodeAreas", "PostcodeDistrict", "is_part_of_postcode", "read_postcode"]

#: Length of the second half of a postcode, which are stored in `data` without separators.
INWARD = 3


@dataclass(frozen=True, slots=True)
class PostcodeAreas:
    """The official codes of the areas that a postcode is in, and whether it is still in use."""

    codes: tuple[str, ...]
    in_use: bool = True


Areas = dict[str, PostcodeAreas]


class PostcodeDistrict(models.Model):
    """All postcodes with one outward code, and the areas that each is in.

    The 2.7 million postcodes make some 3,000 rows. `data` is compressed JSON: by the codes of
    areas, separated by spaces, the inward codes in them, written one after the other; a code that
    is in use no longer stands under its areas with “!” before them.
    """

    outward = models.CharField(_("first half"), max_length=4, primary_key=True)
    data = models.BinaryField()
    postcodes = models.PositiveIntegerField(_("postcodes"))

    class Meta:
        # Rows come from files only, so that no permissions are needed.
        default_permissions = ()
        verbose_name = _("postcode district")
        verbose_name_plural = _("postcode districts")

    def __str__(self) -> str:
        return self.outward

    @classmethod
    def of(cls, outward: str, areas: Mapping[str, PostcodeAreas]) -> "PostcodeDistrict":
        return cls(outward=outward, data=pack(areas), postcodes=len(areas))

    @classmethod
    def areas_of(cls, postcode: Postcode) -> PostcodeAreas | None:
        """Return the areas of a postcode, in one query; None for an unknown one."""
        rows = cls.objects.filter(outward=postcode.outward).values_list("data", flat=True)
        data = rows.first()
        return None if data is None else _unpacked(bytes(data)).get(postcode.inward)

    @classmethod
    def read(cls, outwards: Iterable[str]) -> dict[str, Areas]:
        """Return the stored areas of these first halves."""
        rows = cls.objects.filter(outward__in=list(outwards)).values_list("outward", "data")
        return {outward: unpack(bytes(data)) for outward, data in rows}


def pack(areas: Mapping[str, PostcodeAreas]) -> bytes:
    """Compress areas to the stored form: the same bytes whatever their order."""
    together: dict[str, list[str]] = {}
    for inward in sorted(areas):
        each = areas[inward]
        key = ("" if each.in_use else "!") + " ".join(sorted(each.codes))
        together.setdefault(key, []).append(inward)
    joined = {key: "".join(inwards) for key, inwards in sorted(together.items())}
    return zlib.compress(json.dumps(joined, separators=(",", ":")).encode(), 9)


def unpack(data: bytes) -> Areas:
    areas: Areas = {}
    for key, inwards in json.loads(zlib.decompress(data)).items():
        each = PostcodeAreas(tuple(key.removeprefix("!").split()), not key.startswith("!"))
        for at in range(0, len(inwards), INWARD):
            areas[inwards[at : at + INWARD]] = each
    return areas


# Many readers of one town ask for the same district.
@lru_cache(maxsize=256)
def _unpacked(data: bytes) -> Areas:
    return unpack(data)
