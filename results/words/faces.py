"""How a label of the tally is named in words: a party, an independent, the Speaker."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from results.arithmetic import INDEPENDENT, SPEAKER
from results.models import Party


@dataclass(frozen=True, slots=True)
class Face:
    """A label's names. ``collective`` takes a plural verb: “Conservatives gain …”."""

    label: str
    name: str
    collective: str
    abbreviation: str

    @property
    def is_party(self) -> bool:
        return self.label not in (INDEPENDENT, SPEAKER)


class Faces(dict[str, Face]):
    """Every label there can be. An unknown one shows as itself rather than failing a page."""

    def __missing__(self, label: str) -> Face:
        return Face(label=label, name=label, collective=label, abbreviation=label)


def all_faces() -> Faces:
    """Read the parties afresh: one query."""
    faces = Faces(
        {
            INDEPENDENT: Face(INDEPENDENT, _("Independent"), _("Independents"), _("Ind")),
            SPEAKER: Face(SPEAKER, _("Speaker"), _("The Speaker"), _("Spk")),
        }
    )
    for party in Party.objects.filter(tallied_with__isnull=True):
        faces[party.slug] = Face(
            label=party.slug,
            name=party.name,
            collective=party.collective or party.name,
            abbreviation=party.abbreviation,
        )
    return faces
