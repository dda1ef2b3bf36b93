"""What loaders say in the browser: no option of a command, address or stored word of a kind."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client

from results import exchange
from results.models import Election
from results.setup.reports import readable
from tests.setup.conftest import act, give

pytestmark = pytest.mark.django_db

LAST_TIME = "ward,candidate,party,votes,election_date\nHill,Ann Ash,Labour,9,2029-05-03\n"
#: Of the loaders that declare, and of those that create an election: the browser does neither.
OF_COMMANDS_ONLY = re.compile(
    r"to declare only those|does not say of which polling day its results|there is no election"
    r"|give --kind, one of"
)


def sentences() -> Iterator[str]:
    """Every text of the loaders that names an option; what is formatted into it is “x”."""
    for file in Path(exchange.__file__).parent.glob("*.py"):
        tree = ast.parse(file.read_text())
        inside = {
            id(part)
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr)
            for part in node.values
        }
        for node in ast.walk(tree):
            text = ""
            if isinstance(node, ast.JoinedStr):
                parts = (
                    each.value if isinstance(each, ast.Constant) else "x" for each in node.values
                )
                text = "".join(map(str, parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = "" if id(node) in inside else node.value
            is_option = text.startswith("--")
            if re.search(r"--[a-z]", text) and not is_option and "`" not in text:
                yield text


def test_no_sentence_of_a_loader_names_an_option(tmp_path: Path) -> None:
    found = [text for text in sentences() if not OF_COMMANDS_ONLY.search(text)]
    assert len(found) > 5
    assert [text for text in found if "--" in readable(text, tmp_path)] == []


def test_results_of_the_own_day_are_refused_in_words(chief: Client, draft: Election) -> None:
    wards = "ward,candidate,party,seats\nHill,Ann Ash,Labour,1\n"
    act(chief, give(chief, draft, "candidates", rows=wards), "apply")
    load = give(chief, draft, "previous", rows=LAST_TIME)
    (error,) = load.report["errors"]
    assert error["error"] == (
        "these are results of 3 May 2029, which was not before the polling day of “Northshire "
        "Council election, 3 May 2029”, 3 May 2029: give those of the election before it"
    )


def test_file_of_another_kind_is_named_by_its_label(tmp_path: Path, draft: Election) -> None:
    text = (
        f"is of another kind of election (uk-parliament); “{draft.slug}” is council. Load it into "
        "an election of its own: give another address, or change the election’s kind in the admin "
        "if that is wrong"
    )
    assert readable(text, tmp_path, draft) == (
        f"is of another kind of election (UK Parliament); “{draft.name}” is council. Set up a "
        "night of its own"
    )
