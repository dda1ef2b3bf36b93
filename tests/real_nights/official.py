"""Official results of whole general elections, and how the Commons Library's tables give them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """`seats` are by label, `sums` named as the tally's, `changes` the seats that changed hands."""

    seats: dict[str, int]
    sums: dict[str, int]
    changes: int
    house: str


OFFICIAL = {
    "2019": Official(
        seats={"con": 365, "lab": 202, "snp": 48, "ld": 11, "dup": 8, "sf": 7, "pc": 4}
        | {"sdlp": 2, "green": 1, "alliance": 1, "speaker": 1},
        sums={"valid": 32014110, "rejected": 117919, "electorate": 47562702},
        changes=81,
        house="Conservatives have a majority of 80 in the House",
    ),
    "2017": Official(
        seats={"con": 317, "lab": 262, "snp": 35, "ld": 12, "dup": 10, "sf": 7, "pc": 4}
        | {"green": 1, "speaker": 1, "independent": 1},
        sums={"valid": 32204184},
        changes=70,
        house="Nobody can reach 326 any more.",
    ),
}

#: The tally's labels by the tables' abbreviations, where they are not these in small letters.
LABELS = {
    abbreviation: {"Ind": "independent", "Spk": "speaker"}.get(abbreviation, abbreviation.lower())
    for abbreviation in "Con Lab LD SNP DUP SF PC SDLP UUP UKIP Green Alliance Ind Spk".split()
}
#: Columns of the table of constituencies, by what the tally calls their sums.
SUMS = {"valid": "valid_votes", "rejected": "invalid_votes", "electorate": "electorate"}
