"""Names of the tally's labels: parties, independents and the Speaker."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from results.arithmetic import INDEPENDENT, SPEAKER
from results.models import Party


@dataclass(frozen=True, slots=True)
class PartyName:
    """A label's names. `collective` takes a plural verb: “Conservatives gain …”."""

    label: str
    name: str
    collective: str
    abbreviation: str

    @property
    def is_party(self) -> bool:
        return self.label not in (INDEPENDENT, SPEAKER)


class PartyNames(dict[str, PartyName]):
    """Party names by label. An unknown label is its own name, rather than an error on a page."""

    def __missing__(self, label: str) -> PartyName:
        return PartyName(label=label, name=label, collective=label, abbreviation=label)


def load_party_names() -> PartyNames:
    """Read the names of all labels: one query."""
    parties = {
        party.slug: PartyName(
            label=party.slug,
            name=party.name,
            collective=party.collective or party.name,
            abbreviation=party.abbreviation,
        )
        for party in Party.objects.filter(tallied_with__isnull=True)
    }
    return PartyNames(
        {
            INDEPENDENT: PartyName(INDEPENDENT, _("Independent"), _("Independents"), _("Ind")),
            SPEAKER: PartyName(SPEAKER, _("Speaker"), _("The Speaker"), _("Spk")),
            **parties,
        }
    )
