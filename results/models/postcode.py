"""Which areas a postcode is in, stored by the first half of the postcode."""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _

from results.arithmetic.postcodes import Postcode, is_part_of_postcode, read_postcode

__all__ = ["Areas", "PostcodeAreas", "PostcodeDistrict", "is_part_of_postcode", "read_postcode"]

#: Letters of the second half of a postcode, as they stand one after the other in `data`.
INWARD = 3


@dataclass(frozen=True, slots=True)
class PostcodeAreas:
    """The official codes of the areas that a postcode is in, and whether it is still in use."""

    codes: tuple[str, ...]
    in_use: bool = True


Areas = dict[str, PostcodeAreas]


class PostcodeDistrict(models.Model):
    """Every postcode that begins with one outward code, and the areas that it is in.

    Of 2.7 million postcodes there are some 3,000 rows. `data` is compressed JSON: by the codes of
    areas, separated by spaces, the inward codes in them, written one after the other; a code that
    is in use no longer stands under its areas with “!” before them.
    """

    outward = models.CharField(_("first half"), max_length=4, primary_key=True)
    data = models.BinaryField()
    postcodes = models.PositiveIntegerField(_("postcodes"))

    class Meta:
        # Nobody edits it: files are loaded.
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
        """The areas of a postcode, in one query by its first half; None for an unknown one."""
        rows = cls.objects.filter(outward=postcode.outward).values_list("data", flat=True)
        data = rows.first()
        return None if data is None else _unpacked(bytes(data)).get(postcode.inward)

    @classmethod
    def read(cls, outwards: Iterable[str]) -> dict[str, Areas]:
        """What is stored of these first halves."""
        rows = cls.objects.filter(outward__in=list(outwards)).values_list("outward", "data")
        return {outward: unpack(bytes(data)) for outward, data in rows}


def pack(areas: Mapping[str, PostcodeAreas]) -> bytes:
    """The same areas are the same bytes, in whichever order they came."""
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


# A crowd from one town asks for the same district.
@lru_cache(maxsize=256)
def _unpacked(data: bytes) -> Areas:
    return unpack(data)
