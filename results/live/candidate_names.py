"""Names of candidates that can be told apart on one ballot paper."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from results.models import Candidate
from results.words.party_names import PartyName


def told_apart(candidates: Iterable[tuple[Candidate, PartyName]]) -> dict[int, str]:
    """Return names by id, with the party where names are equal, and the number where both are."""
    pairs = list(candidates)
    names = Counter(candidate.name for candidate, _party in pairs)
    with_party = {
        candidate.pk: candidate.name
        if names[candidate.name] == 1
        else f"{candidate.name} ({party.name})"
        for candidate, party in pairs
    }
    again = Counter(with_party.values())
    place = _("%(name)s, number %(place)s")
    return {
        candidate.pk: name
        if again[name := with_party[candidate.pk]] == 1
        else place % {"name": name, "place": candidate.ballot_order}
        for candidate, _party in pairs
    }


def attributed_to(
    content: Mapping[str, Any], candidates: Iterable[tuple[Candidate, PartyName]]
) -> str:
    """Return the speaker of a quote's content, of a candidate with the party: names are shared."""
    pairs = list(candidates)
    for candidate, party in pairs:
        if candidate.pk == content.get("candidate"):
            name = told_apart(pairs)[candidate.pk]
            is_enough = name != candidate.name or party.is_answer
            return name if is_enough else f"{name} ({party.name})"
    return str(content.get("speaker") or "")
