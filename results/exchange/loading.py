"""Load files into an election: one function for each kind of file, for commands and pages alike.

Each runs in one transaction, returns sentences about what it did, and raises FileErrors,
FileQuestions, ValidationError or DeskError for files that it does not load.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction

from results import desk
from results.arithmetic import ElectionKind
from results.exchange import (
    candidate_lists,
    commons_library,
    compositions,
    counting_areas,
    democracy_club,
    referendums,
)
from results.exchange.elections import UK_ZONE, find_or_create_election, import_user, in_full
from results.exchange.errors import FileError, FileErrors, counted
from results.exchange.hexjson import load_map
from results.exchange.kinds_of_files import kind_of, likely_kind_of
from results.exchange.last_results import set_last_time
from results.exchange.list_people import link_people
from results.exchange.list_regions import link_regions
from results.exchange.loaded_compositions import publish_compositions
from results.exchange.loaded_corrections import publish_loaded
from results.exchange.matched_lists import expect_lists
from results.exchange.named_bodies import name_body
from results.exchange.options import ReadOptions
from results.exchange.polling_days import require_earlier_poll
from results.exchange.polls import polls_in_words, publish_polls
from results.exchange.postcodes import load_postcodes
from results.exchange.progress import report_done
from results.models import Contest, Election


@dataclass(slots=True, kw_only=True)
class LoadRequest:
    """A request to load files into an election, with answers to what they do not say.

    `election` is an address; where there is none, an election is created, as a draft or published.
    `day` and `kind` are those that were given. `election_id` names one of several elections of a
    file. `incomplete` allows a map without some of the seats. `body` is the council whose wards a
    file has that names none.
    """

    election: str
    files: list[Path]
    reading: ReadOptions = field(default_factory=ReadOptions)
    name: str = ""
    day: date | None = None
    election_id: str = ""
    body: str = ""
    incomplete: bool = False
    draft: bool = False
    #: Changes that a preview counts but does not list: a noun, and the number changed.
    counted: list[tuple[str, int]] = field(default_factory=list)
    #: What a candidates' file says of each poll by contest, where it is not held; else empty.
    polls: dict[int, str] = field(default_factory=dict)

    @property
    def polling_day(self) -> date | None:
        """The polling day of the election, if it is given or known."""
        existing = Election.objects.filter(slug=self.election).first()
        return self.day or (existing.date if existing else None)

    @property
    def known_kind(self) -> str:
        """The kind of the election, if it exists; else ""."""
        existing = Election.objects.filter(slug=self.election).first()
        return existing.kind if existing else ""

    def existing(self) -> Election:
        """Return the election, under its night's lock."""
        return desk.locked_election(Election.objects.get(slug=self.election))

    def find_or_create(
        self,
        polling_day: date | None,
        kind: ElectionKind | None = None,
        *,
        likely: ElectionKind | None = None,
        declares: bool = False,
    ) -> Election:
        """Return the election under its night's lock, created if it is new.

        Nothing is published between what a load reads of the night and what it writes.
        `polling_day` and `kind` are those of the file, None where it does not say; `likely` is the
        kind of a new election where it does not. What it declares must be of the election's day,
        which must be given for a file that does not say it. Raises FileErrors if the file is of
        another election.
        """
        file, expected = self.files[0], self.polling_day
        if declares and expected and not (self.day or polling_day):
            reason = (
                "does not say of which polling day its results are: give --date "
                f"{expected} if they are of “{self.election}”"
            )
            raise FileErrors([FileError(file, 0, "", reason)])
        if self.day and polling_day and self.day != polling_day:
            other = in_full(polling_day)
            reason = f"is of the poll of {other}, not of {in_full(self.day)} (--date)"
            raise FileErrors([FileError(file, 0, "", reason)])
        election = find_or_create_election(
            self.election,
            polling_day=polling_day or self.day,
            name=self.name,
            file=file,
            kind=kind,
            likely=likely,
            wanted=self.reading.kind,
            draft=self.draft,
        )
        if declares and not election.is_published:
            state = "a draft" if election.is_draft else "withdrawn"
            reason = f"“{self.election}” is {state}: results are declared once it is published"
            raise FileErrors([FileError(file, 0, "", reason)])
        return desk.locked_election(election)


Loader = Callable[[LoadRequest], list[str]]


@transaction.atomic
def load_candidates(request: LoadRequest) -> list[str]:
    """Load contests and candidates, from a list and at most one table of wards."""
    reading = request.reading
    reading.polling_day = request.polling_day
    file, *others = request.files
    if len(others) > 1:
        reason = "give a list of candidates, and one table of wards at most"
        raise FileErrors([FileError(others[1], 0, "", reason)])
    wards = candidate_lists.Wards(others[0], reading) if others else None
    listed = candidate_lists.read(file, reading, wards, known_kind=request.known_kind)
    nominations = democracy_club.of_one_poll(listed.nominations, request.election_id)
    election = request.find_or_create(
        nominations[0].poll.polling_day,
        democracy_club.kind_of(nominations),
        likely=listed.likely_kind,
    )
    named = [nomination.ballot for nomination in nominations]
    name_body(election, named, wanted=request.body, file=file)
    ballots = democracy_club.load(election, nominations)
    if wards is not None:
        candidate_lists.complete_areas(election, ballots, wards)
    notes = [*link_regions(election, ballots), *link_people(election)]
    # Every page lists the contests, and may be open or cached already.
    publish_loaded(election, file=file, reason=reading.reason)
    publisher = "Candidates file of Democracy Club, " if listed.has_ids else "File "
    source = reading.source or f"{publisher}{file.name}"[:200]
    lines = publish_polls(election, ballots, by=import_user(), source=source)
    request.polls = polls_in_words(ballots)
    contests, candidates = len(ballots), sum(ballot.candidates for ballot in ballots)
    loaded = f"{counted(candidates, 'candidate')} in {counted(contests, 'contest')}"
    return [*lines, *notes, f"{election.slug}: {loaded}"]


@transaction.atomic
def load_questions(request: LoadRequest) -> list[str]:
    """Load questions of a referendum, or neighbourhood plans, with their answers."""
    table = referendums.read(request.files[0], request.reading)
    election = request.find_or_create(None, ElectionKind.REFERENDUM)
    questions = referendums.load(election, table)
    # Every page lists the questions, and may be open or cached already.
    desk.start_new_epoch(election)
    answers = sum(question.candidates.count() for question in questions)
    return [f"{election.slug}: {answers} answers to {counted(len(questions), 'question')}"]


@transaction.atomic
def load_previous(request: LoadRequest) -> list[str]:
    """Load results of an earlier poll, as last time's."""
    reading = request.reading
    # The polling day of last time's results is not this election's.
    reading.polling_day = None
    expect_lists(reading, request.election)
    edition = commons_library.read(request.files, UK_ZONE, reading)
    election = request.find_or_create(None, kind_of(edition), likely=likely_kind_of(edition))
    require_earlier_poll(election, edition)
    contests = counted(set_last_time(election, edition, reading), "contest")
    publish_loaded(election, file=request.files[0], reason=reading.reason)
    return [f"{election.slug}: last time’s figures for {contests}"]


@transaction.atomic
def load_composition(request: LoadRequest) -> list[str]:
    """Load who holds the seats of councils before the poll."""
    election = request.existing()
    bodies = publish_compositions(
        election,
        lambda: compositions.load(election, request.files[0], request.reading),
        file=request.files[0],
        reason=request.reading.reason,
    )
    held = ((body, sum(body.composition_before.values())) for body in bodies)
    return [f"{body.name}: {seats} of {body.seats} seats held" for body, seats in held]


@transaction.atomic
def load_counting_areas(request: LoadRequest) -> list[str]:
    """Load areas in which a mayor's, a commissioner's or a referendum's votes are counted."""
    election = request.existing()
    areas = counting_areas.load(election, request.files[0], request.reading)
    # The table of areas is on pages that may be open already.
    desk.start_new_epoch(election)
    return [f"{election.slug}: {counted(len(areas), 'counting area')}"]


@transaction.atomic
def load_postcode_table(request: LoadRequest) -> list[str]:
    """Load the areas that postcodes are in, for every election."""
    loaded = load_postcodes(request.files[0], report=report_done)
    request.counted.append(("postcode", loaded.changed))
    request.reading.notes += loaded.notes
    ended = f"{loaded.ended} of them not in use any more"
    number = counted(loaded.postcodes, "postcode")
    return [f"{request.election}: {number}, {ended}; {loaded.changed} are new or changed"]


@transaction.atomic
def load_hexagons(request: LoadRequest) -> list[str]:
    """Load the hexagons of the map."""
    election = request.existing()
    placed = load_map(election, request.files[0], incomplete=request.incomplete)
    seats = Contest.objects.filter(election=election).count()
    return [f"{election.slug}: {placed} of {seats} seats are on the map"]
