"""Recompute an election's hash chain and compare it with the record that it commits to."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from operator import attrgetter
from typing import Any

from django.apps import apps

from results.arithmetic.hash_chain import canonical, commitment, head_of
from results.desk.chain import differing_contests, read_content
from results.desk.published_contents import (
    count_content,
    declaration_content,
    election_correction_content,
    publication_content,
)
from results.desk.stated_facts import disagreements, election_content
from results.models import (
    Bulletin,
    Chained,
    ChainEntry,
    Declaration,
    Election,
    ElectionCorrection,
    Night,
    Standing,
)
from results.models.earlier_bulletins import contents_of_earlier

#: What an entry's header says that its bulletin's columns say as well.
IN_BOTH = ("kind", "sequence", "first_sequence", "epoch", "published_at")


def check_chain(election: Election) -> Iterator[str]:
    """Yield a sentence for the first entry that is broken, or else for each untrue content."""
    night = Night.objects.get(election=election)
    entries = read_entries(election)
    broken = _first_broken(election, night, entries)
    if broken is not None:
        yield broken
        return
    yield from _check_epoch(night, entries)
    yield from _check_erasures(entries)
    for entry in entries:
        yield from check_content(election, entry)
    yield from _check_corrections(election, entries)
    yield from _check_counts(election, entries)
    yield from check_facts(election, entries)
    for contest, differing in differing_contests(election):
        yield from _stated(contest["contest"]["name"], differing)


def read_entries(election: Election) -> list[Chained]:
    """Every entry of the chain, in order."""
    bulletins = Bulletin.objects.filter(election=election, chain_number__isnull=False)
    bulletins = bulletins.defer("fragments").select_related(
        *("declaration", "quote", "photo", "post", "headline", "external_figures", "contest")
    )
    rows = chain(
        bulletins.prefetch_related("declaration__totals"),
        ChainEntry.objects.filter(election=election),
    )
    return sorted(rows, key=attrgetter("chain_number"))


def _first_broken(election: Election, night: Night, entries: list[Chained]) -> str | None:
    previous: str | None = None
    for number, entry in enumerate(entries, 1):
        why = _error_in(entry, number, previous)
        if why:
            return f"entry {number} of the log is broken: {why}"
        previous = entry.head
    if (night.entries, night.head) != (len(entries), previous or ""):
        return f"the log ends with entry {len(entries)}, the night with entry {night.entries}"
    if entries and night.chained != night.sequence:
        return f"bulletins after {night.chained} are not in the chain of the log"
    return None


def _error_in(entry: Chained, number: int, previous: str | None) -> str:
    """Error in entry `number` of the chain, which follows the head `previous`; empty if valid."""
    if entry.chain_number != number:
        return f"entry {entry.chain_number} is in its place"
    header = _read(entry.header or "{}")
    if header is None:
        return "its header is no JSON object"
    if head_of(entry.header or "") != entry.head or canonical(header) != entry.header:
        return "its head is not that of its header"
    if (header.get("number"), header.get("previous")) != (number, previous):
        return "it does not follow the entry before it"
    if (entry.salt is None) != (entry.content is None):
        return "its salt or its content is missing"
    if entry.salt is None and entry.erased_by is None:
        return "its content is missing, and no bulletin has erased it"
    if not _commits_to(header, entry.salt, entry.content):
        return "its content is not what it commits to"
    if entry.content is not None and _read(entry.content) is None:
        return "its content is no JSON object"
    return _error_of_bulletin(entry, header) if isinstance(entry, Bulletin) else ""


def _read(text: str) -> dict[str, Any] | None:
    """A header or content; None where the text is no JSON object any more."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _commits_to(header: Mapping[str, Any], salt: str | None, content: str | None) -> bool:
    """Whether content and salt match the commitment, or have been erased."""
    if salt is None or content is None:
        return True
    try:
        return bool(commitment(salt, content) == header.get("commitment"))
    except ValueError:  # the salt is no hexadecimal text any more
        return False


def _error_of_bulletin(bulletin: Bulletin, header: Mapping[str, Any]) -> str:
    columns = json.loads(canonical({name: getattr(bulletin, name) for name in IN_BOTH}))
    columns["contest"] = bulletin.contest.slug if bulletin.contest else None
    for name, value in columns.items():
        if header.get(name) != value:
            return (
                f"its {name} is {header.get(name)}, that of bulletin {bulletin.sequence} is {value}"
            )
    if bulletin.hides != (header.get("replaces") if bulletin.publication else None):
        return f"it does not hide bulletin {bulletin.hides}"
    return ""


def _check_epoch(night: Night, entries: list[Chained]) -> Iterator[str]:
    """Check that the epoch of the night is that of the newest entry."""
    newest = json.loads(entries[-1].header or "{}").get("epoch") if entries else str(night.epoch)
    if newest != str(night.epoch):
        yield f"the night’s epoch is {night.epoch}, the newest entry of the log has {newest}"


def check_facts(election: Election, entries: list[Chained]) -> Iterator[str]:
    """Check the facts and rules of the election against the newest entry that states them."""
    stated = [facts for entry in entries if (facts := read_content(entry.content).get("election"))]
    if stated:
        now = json.loads(canonical(election_content(election)))
        # Logs of earlier releases have the choice of the front page, which is of the site.
        facts = {name: value for name, value in stated[-1].items() if name in now}
        yield from _stated("the election", disagreements(facts, now))


def _stated(what: str, differing: Iterable[tuple[str, Any, Any]]) -> Iterator[str]:
    for name, stated, now in differing:
        yield f"{what}: the log says {name} {stated}, stored is {now}"


def _check_counts(election: Election, entries: list[Chained]) -> Iterator[str]:
    """Check the counts announced at verification, which a result's entries do not repeat."""
    if any(isinstance(entry, ChainEntry) and entry.salts for entry in entries):
        return  # entries over earlier bulletins do not say it
    stated: dict[str, Mapping[str, Any]] = {}
    for entry in entries:
        for contest in read_content(entry.content).get("contests", ()):
            if contest.get("count"):
                stated[contest["contest"]["slug"]] = contest["count"]
    standings = Standing.objects.filter(contest__election=election).select_related("contest")
    for standing in standings:
        published = stated.get(standing.contest.slug, {})
        stored = count_content(standing)
        known = {name: published.get(name) for name in stored}
        yield from _differences(standing.contest.full_name, known, stored)


def _check_erasures(entries: list[Chained]) -> Iterator[str]:
    """Check that words are erased where an erasure states so, and nowhere else."""
    erased = {
        sequence: entry.sequence
        for entry in entries
        if isinstance(entry, Bulletin) and entry.kind == Bulletin.Kind.ERASURE
        for sequence in read_content(entry.content).get("erased", ())
    }
    for entry in entries:
        if not isinstance(entry, Bulletin):
            continue
        if (entry.sequence in erased) != (entry.content is None):
            what = "has words that were" if entry.content else "has no content, though it was not"
            yield f"entry {entry.chain_number} of the log {what} withdrawn for good"


def check_content(election: Election, entry: Chained) -> Iterator[str]:
    """Yield a sentence for each value of the rows that is not as the entry's content says."""
    if entry.content is None:
        return
    content: dict[str, Any] = read_content(entry.content)
    if isinstance(entry, ChainEntry):
        yield from _check_earlier(election, entry, content)
    elif isinstance(entry, Bulletin):
        where = f"entry {entry.chain_number} of the log"
        yield from _differences(where, content, {**content, "summary": entry.summary})
        if entry.declaration is not None:
            contest = content["contests"][0]
            stored_row = declaration_content(entry.declaration)
            yield from _differences(where, contest["declaration"], stored_row)
            yield from _check_names(where, contest, entry.declaration)
        if content.get("publication") and entry.publication is None:
            yield f"{where}: it has lost the {entry.kind} that it published"
        if entry.publication is not None:
            yield from _check_place(where, entry)
            stored = publication_content(entry.publication)
            if stored.get("sha256", "") is None:  # restored without pictures
                stored["sha256"] = content["publication"]["sha256"]
            yield from _differences(where, content["publication"], stored)


def _check_names(where: str, contest: Mapping[str, Any], declaration: Declaration) -> Iterator[str]:
    """Check the stored names that corrections compare with, which are kept beside the counts."""
    if declaration.details is None:
        return
    names = ("candidate", "name", "party", "party_name")
    published = [[row[name] for name in names] for row in contest["candidates"]]
    stored = [
        [row.get(name) for name in ("id", "name", "label", "party")]
        for row in declaration.details.get("candidates", ())
    ]
    if published != stored:
        yield f"{where}: candidates were published as {published}, stored are {stored}"


def _check_place(where: str, bulletin: Bulletin) -> Iterator[str]:
    """Check that a publication has the election, contest and sequence of its bulletin."""
    publication = bulletin.publication
    names = ["election_id", "sequence", "first_sequence"]
    if hasattr(publication, "contest_id"):
        names.append("contest_id")
    stated = {name: getattr(bulletin, name) for name in names}
    yield from _differences(where, stated, {name: getattr(publication, name) for name in names})


def _check_corrections(election: Election, entries: list[Chained]) -> Iterator[str]:
    """Check corrections of the whole election, whose bulletins do not refer to them."""
    rows = {row.sequence: row for row in ElectionCorrection.objects.filter(election=election)}
    for entry in entries:
        if not isinstance(entry, Bulletin):
            continue
        row, content = rows.get(entry.sequence), read_content(entry.content)
        if row is None and "changes" in content:
            what = "its correction of the election is missing"
            yield f"entry {entry.chain_number} of the log: {what}"
        if row is not None:
            stated = {name: content.get(name) for name in election_correction_content(row)}
            where = f"entry {entry.chain_number} of the log"
            yield from _differences(where, stated, election_correction_content(row))


def _differences(where: str, stated: Mapping[str, Any], stored: Mapping[str, Any]) -> Iterator[str]:
    """Yield differences; a column that an earlier release's entry lacks is null, as not known."""
    stored = json.loads(canonical(stored))
    complete = {**dict.fromkeys(stored), **stated}
    for name, before, now in disagreements(complete, stored):
        yield f"{where}: {name} was published as {before}, stored is {now}"


def _check_earlier(
    election: Election, entry: ChainEntry, content: Mapping[str, Any]
) -> Iterator[str]:
    listed = {row["sequence"]: row for row in content.get("bulletins", ())}
    if not listed:
        return

    def get_model(name: str) -> Any:
        return apps.get_model("results", name)

    salts = entry.salts or {}
    stored = contents_of_earlier(get_model, election.pk, min(listed), max(listed))
    digests = {
        about["sequence"]: commitment(salt, text)
        for about, text in stored
        if (salt := salts.get(str(about["sequence"])))
    }
    for sequence, row in listed.items():
        salt = salts.get(str(sequence))
        if salt is not None and digests.get(sequence) != row["digest"]:
            yield f"bulletin {sequence} is not as entry {entry.chain_number} of the log has it"
