"""A result's figures in one line, as an operator types them again."""

from collections.abc import Iterable, Mapping

from results.arithmetic import BallotCounts

#: The attributes of `BallotCounts` that are one number each, with their words.
NUMBERS = {
    "rejected": "rejected",
    "electorate": "electorate",
    "papers": "ballot papers",
    "valid_announced": "valid votes",
    "quota": "quota",
}


def figures_in_words(counts: BallotCounts, names: Mapping[int, str]) -> str:
    """Return “Ann Hall 9,000, Bob Rice ?; rejected 84”: every figure that is known.

    `names` are the candidates' by id, in the order of the ballot paper. A candidate of the counts
    who has none there is called by id.
    """
    known = {pk: name for pk, name in names.items() if pk in counts.votes}
    known |= {pk: f"candidate {pk}" for pk in counts.votes if pk not in names}
    parts = []
    if counts.votes and not counts.unopposed:
        parts.append(", ".join(f"{name} {_votes(counts, pk)}" for pk, name in known.items()))
    parts += [
        f"{words} {value:,}"
        for attribute, words in NUMBERS.items()
        if (value := getattr(counts, attribute)) is not None
    ]
    if counts.turnout_announced is not None:
        parts.append(f"turnout {counts.turnout_announced}%")
    for words, chosen in (("drawn by lot", counts.lot), ("elected", counts.winners)):
        if chosen:
            parts.append(f"{words}: {_listed(chosen, known)}")
    return "; ".join(parts)


def _votes(counts: BallotCounts, candidate: int) -> str:
    """The votes of a candidate; under the transferable vote with the stage of the election."""
    votes = counts.votes[candidate]
    stage = (counts.stages or {}).get(candidate)
    number = "?" if votes is None else f"{votes:,}"
    return f"{number} (stage {stage})" if stage else number


def _listed(chosen: Iterable[int], names: Mapping[int, str]) -> str:
    return ", ".join(names.get(pk, f"candidate {pk}") for pk in chosen)
