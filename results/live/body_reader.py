"""Read the bodies and the wards of an election for its snapshot, each when first used."""

from abc import abstractmethod
from collections.abc import Collection
from functools import cached_property

from results.live.bodies import (
    BodyFacts,
    BodySnapshot,
    body_facts,
    body_snapshots,
    body_tallies,
)
from results.live.body_board import LabelsByBody, labels_by_body
from results.live.ward import CHAMBER_TURNOUTS, COUNCIL_TURNOUTS, Ward
from results.models import Contest, Election
from results.words.party_names import PartyNames


class BodyReader:
    """The part of a snapshot that reads bodies. A subclass may take them from a cache."""

    election: Election

    @property
    @abstractmethod
    def party_names(self) -> PartyNames: ...

    @property
    @abstractmethod
    def has_separate_results(self) -> bool: ...

    @property
    def shows_wards(self) -> bool:
        """Whether a contest is shown with each of its seats, as a ward of a council."""
        return self.election.rules.has_body_tallies and not self.has_separate_results

    @property
    def turnouts(self) -> tuple[int, int, int]:
        """The turnouts at which a tile of the map gets darker, in per cent."""
        return COUNCIL_TURNOUTS if self.election.rules.has_control else CHAMBER_TURNOUTS

    def ward(self, contest: Contest) -> Ward:
        facts = self.body_facts
        council = facts[contest.body_id].body.local_name if len(facts) > 1 else ""
        return Ward(contest, self.holders_of(contest), self.party_names, council, self.turnouts)

    def holders_of(self, contest: Contest) -> tuple[str, ...] | None:
        """Return the labels of the holders of a contest's seats; None where not known."""
        holders = contest.holders
        return None if holders is None else tuple(holder.label for holder in holders)

    def defender_of(self, contest: Contest) -> str:
        """Return the label that held a contest's only seat; "" for several, or if not known."""
        if self.shows_wards or self.has_separate_results:
            return ""
        held = self.holders_of(contest)
        return held[0] if held and len(held) == contest.seats == 1 else ""

    @cached_property
    def body_facts(self) -> dict[int, BodyFacts]:
        """The facts of each body that no result changes, by key, in order of name."""
        return body_facts(self.election)

    @cached_property
    def bodies(self) -> tuple[BodySnapshot, ...]:
        """The bodies with their tallies, in order of name; none if the kind has no such tallies."""
        return self.some_bodies(None) if self.election.rules.has_body_tallies else ()

    @cached_property
    def known_bodies(self) -> dict[int, BodySnapshot]:
        """The bodies read so far, by key, so that 150 tallies are not read for each declaration."""
        return {}

    def some_bodies(self, keys: Collection[int] | None) -> tuple[BodySnapshot, ...]:
        """The bodies with the given keys, or all, in order of name, with their tallies."""
        if keys is not None and not self.body_facts.keys() >= {*keys}:
            # A body was added since this process read them.
            self.body_facts = body_facts(self.election)
        chosen = [pk for pk in self.body_facts if keys is None or pk in keys]
        known = self.known_bodies
        if missing := [pk for pk in chosen if pk not in known]:
            facts = {pk: self.body_facts[pk] for pk in missing}
            tallies = body_tallies(self.election, missing)
            read = body_snapshots(self.election, facts, tallies, self.party_names)
            known |= zip(missing, read, strict=True)
        return tuple(known[pk] for pk in chosen)

    @property
    def bodies_after_by_elections(self) -> list[BodySnapshot]:
        """Bodies whose seats are known, where by-elections have changed who holds them."""
        if not self.has_separate_results:
            return []
        return [body for body in self.bodies if body.seated and body.begun]

    @cached_property
    def candidates_by_body(self) -> LabelsByBody:
        """The number of candidates by body and label."""
        return labels_by_body(self.election)

    @property
    def shows_councils(self) -> bool:
        """Whether pages show bodies with all their seats and who controls them."""
        return self.shows_wards and self.election.rules.has_control

    @property
    def shown_councils(self) -> tuple[BodySnapshot, ...]:
        """The bodies that pages show with all their seats and who controls them."""
        if not self.shows_councils:
            return ()
        return tuple(body for body in self.bodies if body.facts.contests)

    @property
    def has_several_councils(self) -> bool:
        """Whether pages show more than one council; read without the tallies of their seats."""
        if not self.shows_councils:
            return False
        return sum(facts.contests > 0 for facts in self.body_facts.values()) > 1
