"""Look up labels of the tally by typed names, and find parties that may be duplicates."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import combinations

from django.utils.translation import gettext as _

from results.models import OTHERS, Party, PartyAlias
from results.models.known_parties import known_parties
from results.models.party_alias import number_key, public_number, spelling_key
from results.words.party_names import load_party_names


def labels_by_name() -> dict[str, set[str]]:
    """Return labels by normalised spelling, abbreviation and address; one may have several."""
    labels: dict[str, set[str]] = defaultdict(set)
    for names in load_party_names().values():
        for text in filter(None, (names.label, names.name, names.collective, names.abbreviation)):
            labels[spelling_key(text)].add(names.label)
    parties = _parties()
    for party in parties:
        texts = [party.slug, party.name, party.collective, party.abbreviation]
        texts += [str(alias) for alias in party.aliases.all()]
        for text in filter(None, (*texts, public_number(party.electoral_commission_id))):
            labels[spelling_key(text)].add(party.label)
    # A name in Welsh names no party where it is another's own name.
    own = set(labels)
    for party in parties:
        for text in filter(None, (party.name_cy, party.collective_cy)):
            if spelling_key(text) not in own:
                labels[spelling_key(text)].add(party.label)
    for text in (OTHERS, "other", "other parties"):
        labels[text].add(OTHERS)
    # “SNP” may mean the Scottish National Party, though only another party has it here.
    stored = {key for party in parties for key in _keys(party)}
    for known in known_parties():
        for text in (known.name, known.abbreviation):
            key = spelling_key(text)
            if key in labels and (_REGISTRY, known.slug) not in stored:
                labels[key].add(known.slug)
    return labels


def names_of(label: str) -> set[str]:
    """Every spelling of a label's party: its name and its aliases."""
    known = {known.slug: {known.name, *known.aliases} for known in known_parties()}
    names = load_party_names()
    if label not in names and label in known:
        return known[label]
    aliases = PartyAlias.objects.filter(party__slug=label, kind=PartyAlias.Kind.SPELLING)
    return {names[label].name, *aliases.values_list("text", flat=True)}


def questionable_parties() -> Iterator[str]:
    """Yield a sentence for each pair of parties that may be one or share an abbreviation.

    They have the same number or spelling, or are one party in the registry of known parties.
    """
    shared: dict[tuple[str, str], dict[int, Party]] = defaultdict(dict)
    for party in _parties():
        for kind, key in _keys(party):
            shared[kind, key][party.pk] = party
    asked: set[frozenset[int]] = set()
    for (kind, key), parties in shared.items():
        for one, other in combinations(parties.values(), 2):
            pair = frozenset((one.pk, other.pk))
            if one.label != other.label and pair not in asked:
                asked.add(pair)
                yield _question(one, other, kind, key)


_NUMBER, _SPELLING, _REGISTRY, _ABBREVIATION = "number", "spelling", "registry", "abbreviation"


def _keys(party: Party) -> Iterator[tuple[str, str]]:
    """Yield a party's keys, as kind and normalised text, for finding duplicates."""
    numbers, spellings = {number_key(party.electoral_commission_id)}, {spelling_key(party.name)}
    for alias in party.aliases.all():
        if alias.kind == PartyAlias.Kind.NUMBER:
            numbers.add(alias.key)
        elif alias.kind == PartyAlias.Kind.SPELLING:
            spellings.add(alias.key)
    yield from ((_NUMBER, number) for number in numbers - {""})
    yield from ((_SPELLING, spelling) for spelling in spellings)
    for slug, names, registered in _registry():
        if party.slug == slug or names & spellings or registered & numbers:
            yield _REGISTRY, slug
    yield _ABBREVIATION, spelling_key(party.abbreviation)


@cache
def _registry() -> list[tuple[str, frozenset[str], frozenset[str]]]:
    """Slug, spellings and numbers of each known party."""
    rows = []
    for known in known_parties():
        earlier = (name.name for name in known.renamed)
        names = frozenset(map(spelling_key, (known.name, *known.aliases, *earlier)))
        rows.append((known.slug, names, frozenset(known.commission)))
    return rows


def _question(one: Party, other: Party, kind: str, key: str) -> str:
    words = {"one": f"{one.name} ({one.slug})", "other": f"{other.name} ({other.slug})"}
    if kind == _ABBREVIATION:
        return _("%(one)s and %(other)s have the same abbreviation: change one of them.") % words
    if kind == _NUMBER:
        reason = _("both have the number %(number)s") % {"number": public_number(key)}
    else:
        reason = _("they have the same name") if kind == _SPELLING else _("they are one party now")
    return _("%(one)s and %(other)s may be one party, since %(reason)s: merge them, or not.") % {
        **words,
        "reason": reason,
    }


def _parties() -> "list[Party]":
    parties = Party.objects.select_related("tallied_with").prefetch_related("aliases")
    return list(parties.order_by("sort_key", "pk"))
