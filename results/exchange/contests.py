"""Find or create the contests, bodies and regions of an election that files name."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import product

from django.utils.text import slugify

from results.exchange.ballot_identity import (
    AmbiguousBallotError,
    BallotIdentity,
    BallotIndex,
    identification,
    plain_body,
    several,
)
from results.models import Body, Contest, Election, MergedContest, Region, set_area_kinds
from results.models.body import body_slug, default_slugs
from results.models.contest import free_contest_slug
from results.models.contest_lookup import Named, named, plain_name, qualifiers, set_qualifiers


class Contests:
    """The contests of one election, found by ballot paper id, or else within a body.

    Within a body (or within the election, if a file names no body) a contest is found by its area's
    code, or else by the area's name.
    """

    def __init__(self, election: Election) -> None:
        self.election = election
        self.all = list(Contest.objects.filter(election=election).select_related("body"))
        for contest in self.all:
            contest.election = election
        self._index = index_of(self.all)
        self._in_welsh = _welsh_index_of(self.all)
        self._bodies = {body.slug: body for body in Body.objects.filter(election=election)}
        bodies = self._bodies.values()
        in_welsh = {plain_body(body.name_cy): body for body in bodies if body.name_cy}
        self._bodies_by_name = in_welsh | {plain_body(body.name): body for body in bodies}
        self._slugs = {contest.slug for contest in self.all}
        self._add_merged()
        self._default_bodies = default_slugs(election)
        self._expected: set[int] = set()
        self._earlier = index_of(filter(self._is_of_earlier_release, self.all))

    def _add_merged(self) -> None:
        """Index merged contests by what identified them, so that files find the present ones."""
        by_pk = {contest.pk: contest for contest in self.all}
        for merged in MergedContest.objects.filter(election=self.election):
            ballot = BallotIdentity(
                name=merged.name,
                code=merged.code,
                body=merged.body,
                ballot_paper_id=merged.ballot_paper_id,
                by_election=merged.by_election,
            )
            self._index.add(ballot, by_pk[merged.contest_id])
            self._slugs.add(merged.slug)

    # --- Finding --------------------------------------------------------------------------------

    def has_body(self, name: str) -> bool:
        """Whether a body of the election has this name, in any of its spellings."""
        return body_slug(name) in self._bodies or plain_body(name) in self._bodies_by_name

    def find_ballot(self, ballot: BallotIdentity) -> Contest | None:
        """Return the contest of a ballot. Raises AmbiguousBallotError if it may be several."""
        return self._find_by_all(ballot) or self._find_earlier(ballot, self._expected)

    def expect(self, ballots: Iterable[BallotIdentity]) -> None:
        """Keep contests that are surely one of these ballots' from being found for another."""
        for ballot in ballots:
            with suppress(AmbiguousBallotError):
                contest = self._find_by_all(ballot)
                if contest is not None:
                    self._expected.add(contest.pk)

    def _find_by_all(self, ballot: BallotIdentity) -> Contest | None:
        """The contest that contradicts the ballot in nothing."""
        found = self._index.find(ballot) or self._in_welsh.find(ballot)
        return self._only_one(ballot, found or self._with_address(ballot))

    def _find_earlier(self, ballot: BallotIdentity, taken: Collection[int]) -> Contest | None:
        """The contest of an earlier release, regardless of the ballot's body and by-election."""
        known = self._earlier.find(replace(ballot, body="", by_election=None))
        left = [c for c in known if c.pk not in taken and self._is_of_earlier_release(c)]
        return self._only_one(ballot, left)

    @staticmethod
    def _only_one(ballot: BallotIdentity, known: list[Contest]) -> Contest | None:
        """The best match for the ballot, by id, code or name. Raises AmbiguousBallotError."""
        for matches in (
            [c for c in known if ballot.ballot_paper_id and c.ballot_paper_id],
            [c for c in known if ballot.code and c.code],
            known,
        ):
            if len(matches) > 1:
                raise AmbiguousBallotError(several(ballot.name, map(ballot_of, matches)))
            if matches:
                return matches[0]
        return None

    def _with_address(self, ballot: BallotIdentity) -> list[Contest]:
        """Contests that an editor has renamed, whose address is still that of the file's name."""
        slugs = {slugify(ballot.name), plain_name(ballot.name)} & self._slugs
        return [
            contest
            for contest in self.all
            if slugs
            and contest.slug in slugs
            and ballot.may_be(replace(ballot_of(contest), name=ballot.name))
        ]

    def match(self, ballots: Sequence[BallotIdentity]) -> dict[BallotIdentity, Contest]:
        """Return the contest of each ballot of a file that has one; no contest has two ballots.

        Contests of earlier releases have neither body nor ballot paper id of their own, so ballots
        that are left over may be those, whatever they say of themselves.
        """
        matched: dict[BallotIdentity, Contest] = {}
        owner: dict[int, BallotIdentity] = {}
        for ballot in ballots:
            contest = self._find_by_all(ballot)
            if contest is None:
                continue
            if contest.pk in owner:
                raise AmbiguousBallotError(self._two_of(contest, ballot, owner[contest.pk]))
            matched[ballot] = contest
            owner[contest.pk] = ballot
        taken = set(owner)
        for ballot in ballots:
            if ballot in matched:
                continue
            contest = self._find_earlier(ballot, taken)
            if contest is not None:
                matched[ballot] = contest
                taken.add(contest.pk)
        return matched

    def _two_of(self, contest: Contest, *ballots: BallotIdentity) -> str:
        """Sentence for two ballots of a file that match the same contest."""
        merged = [ballot for ballot in ballots if not ballot.may_be(ballot_of(contest))]
        if not merged:
            return several(ballots[0].name, ballots)
        return (
            f"{identification(merged[0])} was merged into “{contest.full_name}”, and the file has "
            "rows of both: leave the rows of one of them out"
        )

    def _is_of_earlier_release(self, contest: Contest) -> bool:
        return not contest.ballot_paper_id and contest.body.slug in self._default_bodies

    # --- Creating -------------------------------------------------------------------------------

    def find_or_create(
        self,
        ballot: BallotIdentity,
        *,
        region: str = "",
        nation: str = "",
        seats: int = 1,
        name_cy: str = "",
    ) -> Contest:
        """Return the contest, created if it is missing; an existing one gets what it lacks.

        Raises AmbiguousBallotError.
        """
        contest = self.find_ballot(ballot)
        if contest is None:
            (contest,) = self.create([ballot], [seats])
        else:
            self.complete(contest, ballot)
        self.set_missing_region(contest, region, nation)
        self.set_missing_welsh_name(contest, name_cy)
        return contest

    def create(self, ballots: Sequence[BallotIdentity], seats: Sequence[int]) -> list[Contest]:
        """Create a contest for each ballot. Where a name is ambiguous, the address has the body."""
        created: list[Contest] = []
        bodies = [self._body(ballot) for ballot in ballots]
        new = [
            Named(ballot.name, body.name, bool(ballot.by_election), ballot.code)
            for ballot, body in zip(ballots, bodies, strict=True)
        ]
        told_apart = qualifiers([*map(named, self.all), *new])[len(self.all) :]
        for ballot, body, number, qualifier in zip(ballots, bodies, seats, told_apart, strict=True):
            contest = Contest(
                election=self.election,
                body=body,
                ballot_paper_id=ballot.ballot_paper_id,
                by_election=bool(ballot.by_election),
                slug=free_contest_slug(f"{ballot.name} {qualifier}", self._slugs),
                name=ballot.name,
                code=ballot.code,
                seats=number,
            )
            self._slugs.add(contest.slug)
            created.append(contest)
        Contest.objects.bulk_create(created)
        self.all += created
        for contest in created:
            self._index.add(ballot_of(contest), contest)
        if any(told_apart):
            self.tell_apart()
        return created

    def complete(self, contest: Contest, ballot: BallotIdentity) -> None:
        """Store what the contest lacks of the ballot's identity. Its address stays."""
        is_earlier = self._is_of_earlier_release(contest)
        known: dict[str, object] = {
            "code": contest.code or ballot.code,
            "ballot_paper_id": contest.ballot_paper_id or ballot.ballot_paper_id,
        }
        if ballot.by_election is not None:
            known["by_election"] = ballot.by_election
        if is_earlier and (ballot.body or ballot.new_body):
            known["body"] = self._body(ballot)
        changed = [field for field, value in known.items() if getattr(contest, field) != value]
        for field in changed:
            setattr(contest, field, known[field])
        if changed:
            contest.save(update_fields=changed)

    def tell_apart(self) -> None:
        """Store qualifiers of contests with the same name, and delete unused default bodies."""
        set_qualifiers(self.election)
        set_area_kinds(self.election)
        if len(self._bodies) > 1:
            unused = Body.objects.filter(
                election=self.election, slug__in=self._default_bodies, contests=None
            )
            unused.delete()

    def _body(self, ballot: BallotIdentity) -> Body:
        name = ballot.body or ballot.new_body
        if not name:
            return Body.only_one_of(self.election)
        slug, same = body_slug(name), self._bodies_by_name.get(plain_body(name))
        if same is not None:
            self._name_in_full(same, name)
            return same
        if slug not in self._bodies:
            self._bodies[slug] = Body.objects.create(
                election=self.election, slug=slug, name=name[:160]
            )
        self._bodies_by_name[plain_body(name)] = self._bodies[slug]
        return self._bodies[slug]

    def _name_in_full(self, body: Body, name: str) -> None:
        """Give a body that is called after its election the longer name that the file has."""
        is_longer = len(name) > len(body.name) and plain_body(name) == plain_body(body.name)
        if body.slug in self._default_bodies and is_longer:
            body.name = name[:160]
            body.save(update_fields=["name", "sort_key"])

    def set_missing_region(self, contest: Contest, region: str, nation: str) -> None:
        """Put a contest without a region into this one, unless its name could be no address."""
        if contest.region_id is None and slugify(region):
            contest.region = self._region(region, nation)
            contest.save(update_fields=["region"])

    def set_missing_welsh_name(self, contest: Contest, name: str) -> None:
        """Give a contest without a name in Welsh this one; an editor's stays."""
        if name and not contest.name_cy:
            contest.name_cy = name
            contest.save(update_fields=["name_cy"])

    def _region(self, name: str, nation: str) -> Region:
        return Region.objects.get_or_create(
            election=self.election,
            slug=slugify(name)[:80],
            defaults={"name": name, "nation": nation},
        )[0]


def index_of(contests: Iterable[Contest]) -> BallotIndex[Contest]:
    index: BallotIndex[Contest] = BallotIndex()
    for contest in contests:
        index.add(ballot_of(contest), contest)
    return index


def _welsh_index_of(contests: Iterable[Contest]) -> BallotIndex[Contest]:
    """Contests by their names in Welsh, their own or their bodies'; the English ones come first."""
    index: BallotIndex[Contest] = BallotIndex()
    for contest in contests:
        names = {contest.name, contest.name_cy or contest.name}
        bodies = {contest.body.name, contest.body.name_cy or contest.body.name}
        for name, body in product(names, bodies):
            if (name, body) != (contest.name, contest.body.name):
                index.add(replace(ballot_of(contest), name=name, body=body), contest)
    return index


def ballot_of(contest: Contest) -> BallotIdentity:
    return BallotIdentity(
        name=contest.name,
        code=contest.code,
        body=contest.body.name,
        ballot_paper_id=contest.ballot_paper_id,
        by_election=contest.by_election,
    )
