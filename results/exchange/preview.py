"""Preview what loading a file would change, by loading it and rolling back."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction

from results.exchange.errors import counted
from results.models import (
    Body,
    Candidate,
    Contest,
    Election,
    LastResult,
    Party,
    Standing,
    StandingAs,
    StandsAs,
)
from results.models.party_alias import public_number
from results.words.control_sentences import control_name
from results.words.party_names import load_party_names
from results.words.party_seats import party_seats_text

#: Descriptions by name of the thing described.
State = Mapping[str, str]


def preview(election_slug: str, load: Callable[[], Any]) -> list[str]:
    """Return a line for each thing that `load` would create, change or delete.

    Raises what `load` raises.
    """
    before = stored_state(election_slug)
    with transaction.atomic():
        load()
        after = stored_state(election_slug)
        transaction.set_rollback(True)
    return list(differences(before, after))


def visible_state(slug: str) -> dict[str, str]:
    """Describe what readers see of an election's contests, candidates and last results."""
    related = ("region", "body", "region_contest", "part_of")
    contests = Contest.objects.filter(election__slug=slug).select_related(*related)
    state = {f"contest {contest.full_name}": _identified(contest) for contest in contests}
    state |= _bodies(slug)
    for standing in Standing.objects.filter(
        contest__election__slug=slug,
        status=Standing.Status.POSTPONED,
    ).select_related("contest"):
        state[f"poll {standing.contest.full_name}"] = standing.status_name
    candidates = Candidate.objects.filter(contest__election__slug=slug)
    for party in Party.objects.filter(pk__in=candidates.order_by().values("party")):
        number = public_number(party.electoral_commission_id) or "no number"
        welsh = [f"in Welsh “{party.name_cy}”"] if party.name_cy else []
        state[f"party {party.name} ({party.slug})"] = ", ".join([number, *welsh])
    for candidate in candidates.select_related("contest", "party__tallied_with", "person"):
        # By its id: a row that is deleted and created again is not the same candidate.
        state[f"candidate #{candidate.pk}"] = _described(candidate)
    for each in (_elections(slug), _last_results(slug), _results(slug), _map(slug)):
        add_numbered(state, each)
    return state


def stored_state(slug: str) -> dict[str, str]:
    """Return `visible_state` with the spellings and numbers by which files match parties."""
    state = visible_state(slug)
    for party in Party.objects.prefetch_related("aliases"):
        numbers = [public_number(party.electoral_commission_id) or "no number"]
        aliases = [str(alias) for alias in party.aliases.all()]
        welsh = [f"in Welsh “{party.name_cy}”"] if party.name_cy else []
        state[f"party {party.name} ({party.slug})"] = ", ".join([*numbers, *welsh, *aliases])
    return state


def add_numbered(state: dict[str, str], described: Iterable[tuple[str, str]]) -> None:
    """Add descriptions; number the second and later ones of the same name.

    As two independents of a last result, whose names are not known.
    """
    times = Counter(state.keys())
    for name, description in described:
        times[name] += 1
        state[name if times[name] == 1 else f"{name} #{times[name]}"] = description


def _bodies(slug: str) -> dict[str, str]:
    """Describe each body by its seats, who holds them, and who controlled it."""
    bodies = list(Body.objects.filter(election__slug=slug).select_related("election"))
    party_names = load_party_names(bodies[0].election.date if bodies else None)
    described = {}
    for body in bodies:
        held = party_seats_text(body.composition_before, party_names)
        not_up = party_seats_text(body.not_up, party_names)
        control = control_name(body.control_before or None, party_names)
        facts = [
            counted(body.seats, "seat") if body.seats else "seats not known",
            f"before the poll {held}" if held else "",
            f"not up {not_up}" if not_up else "",
            f"control before {control}" if control else "",
        ]
        described[f"body {body.name}"] = "; ".join(filter(None, facts))
    return described


def _elections(slug: str) -> Iterator[tuple[str, str]]:
    for election in Election.objects.filter(slug=slug):
        yield f"election {election.name}", f"{election.date}, {election.get_kind_display()}"


def _last_results(slug: str) -> Iterator[tuple[str, str]]:
    """Yield each last result with its holders and parties, then each candidate's votes."""
    results = LastResult.objects.filter(contest__election__slug=slug).select_related("contest")
    for result in results.prefetch_related("votes__party__tallied_with"):
        votes = sorted(result.votes.all(), key=lambda vote: vote.pk)
        holders = [
            f"{vote.name or stands_as(vote)} ({stands_as(vote)})" for vote in votes if vote.elected
        ]
        facts = [
            f"{result.date or 'day not known'}",
            f"{counted(result.seats, 'seat') if result.seats else '? seats'} up",
            *(["notional"] if result.notional else []),
            *(f"{name} {value}" for name in ("electorate", "valid", "rejected")
              if (value := getattr(result, name)) is not None),
            f"elected {', '.join(holders) or 'not known'}",
            ", ".join(_with(stands_as(vote), vote.votes) for vote in votes),
        ]  # fmt: skip
        yield f"last time {result.contest.full_name}", "; ".join(facts)
        for vote in votes:
            yield (
                f"last time {result.contest.full_name}, {vote.name or stands_as(vote)}",
                "votes not known" if vote.votes is None else counted(vote.votes, "vote"),
            )


def _results(slug: str) -> Iterator[tuple[str, str]]:
    """Yield the published votes and winners of each contest."""
    standings = Standing.objects.filter(contest__election__slug=slug, declaration__isnull=False)
    names = dict(Candidate.objects.filter(contest__election__slug=slug).values_list("pk", "name"))
    for standing in standings.select_related("contest", "declaration"):
        if standing.declaration is None:
            continue
        if standing.status == Standing.Status.UNOPPOSED:
            yield f"result {standing.contest.name}", _unopposed(standing)
            continue
        counts = standing.declaration.ballot_counts
        votes = ", ".join(_with(names.get(key), votes) for key, votes in counts.votes.items())
        rejected = "not known" if counts.rejected is None else counts.rejected
        labels = ", ".join(row["label"] for row in standing.summary.get("elected", []))
        yield (
            f"result {standing.contest.full_name}",
            f"{standing.status_name}: {votes}; rejected {rejected}; elected {labels}",
        )


def _identified(contest: Contest) -> str:
    """Describe a contest: what identifies it, its seats and method, and who may vote."""
    facts = [
        contest.body.name,
        str(contest.region or "no region"),
        contest.code or "no code",
        contest.ballot_paper_id,
        f"in Welsh “{contest.name_cy}”" if contest.name_cy else "",
        "by-election" if contest.by_election else "",
        counted(contest.seats, "seat"),
        str(contest.get_method_display()) if contest.method else "",
        f"list seats with {contest.region_contest.name}" if contest.region_contest else "",
        f"counting area of {contest.part_of.name}" if contest.part_of else "",
        f"electorate {contest.electorate}" if contest.electorate is not None else "",
        f"at {contest.venue}" if contest.venue else "",
    ]
    return ", ".join(filter(None, facts))


def _with(name: str | None, votes: int | None) -> str:
    return f"{name}" if votes is None else f"{name} {votes}"


def _unopposed(standing: Standing) -> str:
    names = ", ".join(row["name"] for row in standing.summary["elected"]) or "nobody"
    return f"{standing.status_name}: {names}; {standing.summary['vacancies']} vacant"


def _map(slug: str) -> Iterator[tuple[str, str]]:
    placed = Contest.objects.filter(election__slug=slug, hex_q__isnull=False)
    for contest in placed:
        yield f"on the map {contest.full_name}", f"column {contest.hex_q}, row {contest.hex_r}"


def stands_as(row: StandsAs) -> str:
    """The party's name, or “independent”."""
    if row.standing_as == StandingAs.PARTY and row.party is not None:
        return row.party.name
    return row.label


def _described(candidate: Candidate) -> str:
    number = candidate.person.democracy_club_id if candidate.person else None
    before = {None: "", True: "elected before", False: "never elected before"}
    facts = [
        stands_as(candidate),
        f"place {candidate.ballot_order} on the ballot paper",
        f"place {candidate.list_position} on the list" if candidate.list_position else "",
        f"person {number or 'without id'}",
        f"described as “{candidate.description}”" if candidate.description else "",
        f"gender {candidate.gender}" if candidate.gender else "",
        before[candidate.elected_before],
        "sitting member" if candidate.sitting_member else "",
    ]
    known = ", ".join(filter(None, facts))
    return f"{candidate.contest.full_name}, {candidate.name} ({known})"


def differences(before: State, after: State) -> Iterator[str]:
    """Yield a line for each thing that is in one of the states only, or differs."""
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name), after.get(name)
        if name.startswith("candidate #"):
            yield from _candidate_difference(was, now)
        elif was is None:
            yield f"new: {name} ({now})"
        elif now is None:
            yield f"gone: {name} ({was})"
        elif was != now:
            yield f"other: {name}: {was} → {now}"


def _candidate_difference(was: str | None, now: str | None) -> Iterator[str]:
    """Yield whether a candidate is new, gone, or kept with their votes, quotes and submissions."""
    if was is None:
        yield f"new: candidate {now}"
    elif now is None:
        yield f"gone: candidate {was}"
    elif was != now:
        yield f"kept: candidate {was} → {now}"
