"""Content of the chain's entry over earlier bulletins. FROZEN: stored digests depend on it.

A migration calls this code with its own models, so that it reads no column but those named here.
"""

from collections.abc import Callable, Iterator
from typing import Any

from results.arithmetic.hash_chain import canonical, commitment, new_salt

_BULLETIN = (
    *("sequence", "first_sequence", "epoch", "kind", "summary", "contest_id", "published_at"),
    *("declaration_id", "quote_id", "photo_id", "post_id", "headline_id", "external_figures_id"),
)
_DECLARATION = (
    *("revision", "kind", "sequence", "declared_at", "rejected", "electorate", "papers"),
    *("turnout_announced", "valid_announced", "recount", "source", "reason", "blame"),
    *("contest_id", "created_at"),
)
_TOTAL = ("candidate_id", "votes", "announced_elected", "drawn_by_lot")
_PUBLICATION = ("sequence", "first_sequence", "replaces_id", "withdrawn", "created_at")
_COLUMNS = {
    "Quote": (
        *(*_PUBLICATION, "contest_id", "candidate_id", "speaker", "role", "location", "words"),
        *("reported", "said_at"),
    ),
    "Photo": (*_PUBLICATION, "contest_id", "name", "caption", "alt", "credit", "location"),
    "Post": (*_PUBLICATION, "contest_id", "title", "text"),
    "Headline": (*_PUBLICATION, "text"),
    "ExternalFigures": (*_PUBLICATION, "kind", "source", "as_of", "rows"),
}
_FIELDS = {
    "quote_id": "Quote",
    "photo_id": "Photo",
    "post_id": "Post",
    "headline_id": "Headline",
    "external_figures_id": "ExternalFigures",
}

#: A function that returns a model by its name.
GetModel = Callable[[str], Any]


def contents_of_earlier(
    get_model: GetModel, election: int, first: int, last: int
) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each bulletin from `first` to `last` with the content that its digest covers.

    The first is `{"sequence", "kind", "published_at"}`, the second the rows of the bulletin and of
    its publication as text in the canonical form.
    """
    log = get_model("Bulletin").objects.filter(
        election_id=election, sequence__gte=first, sequence__lte=last
    )
    totals: dict[int, list[dict[str, Any]]] = {}
    declarations = get_model("Total").objects.filter(declaration__contest__election_id=election)
    for total in declarations.order_by("pk").values("declaration_id", *_TOTAL):
        totals.setdefault(total.pop("declaration_id"), []).append(total)
    rows = _rows(get_model, election)
    for bulletin in log.order_by("sequence").values(*_BULLETIN):
        declaration = bulletin["declaration_id"]
        content = {
            "bulletin": bulletin,
            "declaration": rows["Declaration"].get(declaration),
            "totals": totals.get(declaration, []),
            "publications": [
                rows[model].get(bulletin[field])
                for field, model in _FIELDS.items()
                if bulletin[field] is not None
            ],
        }
        about = {name: bulletin[name] for name in ("sequence", "kind", "published_at")}
        yield about, canonical(content)


def _rows(get_model: GetModel, election: int) -> dict[str, dict[int, dict[str, Any]]]:
    """The rows of each model by key."""
    declarations = get_model("Declaration").objects.filter(contest__election_id=election)
    rows = {"Declaration": {row["id"]: row for row in declarations.values("id", *_DECLARATION)}}
    for name, columns in _COLUMNS.items():
        published = get_model(name).objects.filter(election_id=election)
        rows[name] = {row["id"]: row for row in published.values("id", *columns)}
    return rows


def commit_to_earlier(
    get_model: GetModel, election: int, first: int, last: int
) -> tuple[dict[str, Any], dict[str, str]]:
    """The content of an entry over these bulletins, and the salt of each one's digest.

    The content is public. Without a bulletin's salt nobody can test guesses of its words.
    """
    listed, salts = [], {}
    for about, content in contents_of_earlier(get_model, election, first, last):
        salt = new_salt()
        salts[str(about["sequence"])] = salt
        listed.append(about | {"digest": commitment(salt, content)})
    return {"bulletins": listed}, salts
