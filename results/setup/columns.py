"""Columns of a table and the field that each is read as, which an editor can change."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from results.setup.steps import SetupStep

#: What a form calls the fields of files.
LABELS: dict[str, StrOrPromise] = {
    "constituency_name": "%(area)s",
    "ons_id": _("official code"),
    "organisation_name": _("council"),
    "region_name": _("region"),
    "country_name": _("nation"),
    "electorate": _("electorate"),
    "seats": _("seats"),
    "election_date": _("polling day"),
    "by_election": _("by-election"),
    "ballot_paper_id": _("Democracy Club’s id of the ballot"),
    "election_id": _("Democracy Club’s id of the election"),
    "post_id": _("Democracy Club’s id of the area"),
    "person_name": _("candidate, in full"),
    "surname": _("surname"),
    "firstname": _("first names"),
    "person_id": _("Democracy Club’s number of the person"),
    "party_name": _("party"),
    "party_abbreviation": _("party, in short"),
    "ec_party_id": _("the party’s number"),
    "party_description_text": _("description on the ballot paper"),
    "votes": _("votes"),
    "elected": _("elected"),
    "valid_votes": _("all valid votes"),
    "invalid_votes": _("rejected papers"),
    "papers": _("ballot papers verified"),
    "majority": _("majority"),
    "declaration_time": _("time of declaration"),
    "notional": _("notional"),
    "sitting_mp": _("sitting member"),
    "former_mp": _("member at any time before"),
    "gender": _("gender"),
    "cancelled_poll": _("no poll is held"),
    "ballot": _("constituency or list"),
    "party_list_position": _("place on the list"),
    "electoral_region": _("region whose lists count its seat"),
    "seats_held": _("seats held"),
    "seats_not_up": _("of these, not up"),
    "seats_in_all": _("seats in all"),
    "control_before": _("control before"),
    "counted_for": _("counted for"),
    "venue": _("venue"),
}


def label_of(field: str, area: str) -> str:
    return str(LABELS.get(field, field.replace("_", " "))) % {"area": area}


def tables_with_choices(
    step: SetupStep, tables: Iterable[Mapping[str, Any]], area: str
) -> list[dict[str, Any]]:
    """The tables of a load's report, each column with the fields that it may be."""
    shown = []
    for at, table in enumerate(tables):
        columns = [
            {
                **column,
                "name": f"column-{at}-{number}",
                "choices": [
                    (field, label_of(field, area))
                    for field in dict.fromkeys([*step.fields, *filter(None, [column["field"]])])
                ],
            }
            for number, column in enumerate(table["columns"])
        ]
        shown.append({**table, "columns": columns})
    return shown


def chosen(post: Mapping[str, Any], tables: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Headings by field, of the columns that the form takes for another field than before.

    An empty heading says that no column is the field.
    """
    answers: dict[str, str] = {}
    left: set[str] = set()
    for at, table in enumerate(tables):
        for number, column in enumerate(table["columns"]):
            name = f"column-{at}-{number}"
            if name not in post or post[name] == column["field"]:
                continue
            if column["field"]:
                left.add(column["field"])
            if post[name]:
                answers[str(post[name])] = str(column["heading"])
    return {**dict.fromkeys(left - answers.keys(), ""), **answers}
