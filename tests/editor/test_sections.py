"""The list of tables on the admin's first page."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from results.editor.sections import SECTIONS, in_sections
from results.models import Contest
from tests.editor.conftest import staff_with

pytestmark = pytest.mark.django_db

LISTED = re.compile(r'<caption>\s*<[^>]+>([^<]+)<|<th scope="row"[^>]*>\s*<a[^>]*>([^<]+)<')


def first_page(client: Client) -> list[str]:
    """Headings and tables of the list, in its order."""
    page = client.get(reverse("admin:index")).content.decode()
    return [heading or table for heading, table in LISTED.findall(page)]


def test_every_table_is_in_one_section(admin: Client) -> None:
    labels = [label for _name, _key, tables in SECTIONS for label in tables]
    assert len(labels) == len(set(labels))
    # Neither an application of its own, nor a table of a section that is not listed.
    assert len(first_page(admin)) == len(SECTIONS) + len(labels)
    assert "Results" not in first_page(admin)


def test_lists_the_tables_by_what_they_are_for(admin: Client) -> None:
    listed = first_page(admin)
    assert listed[:3] == ["Counts", "Review queue", "Contests"]
    assert listed[listed.index("Words and pictures") + 1] == "Headlines"


def test_leaves_out_what_somebody_may_not_see(client: Client) -> None:
    client.force_login(staff_with("view_reporterpass"))
    assert first_page(client) == ["Reporters and editors", "Passes"]


def test_says_so_to_whoever_may_see_nothing(client: Client) -> None:
    client.force_login(staff_with())
    assert "There is nothing here that you may see" in (
        client.get(reverse("admin:index")).content.decode()
    )


def test_a_table_of_no_section_stays_with_its_application() -> None:
    """A newsroom may register one of its own."""
    other = {"model": SimpleNamespace(_meta=SimpleNamespace(label="other.Other"))}
    models: list[dict[str, Any]] = [{"model": Contest}, other]
    *sections, rest = in_sections([{"name": "Results", "models": models}])
    assert rest == {"name": "Results", "models": [other]}
    assert [section["models"] for section in sections] == [[{"model": Contest}]]
