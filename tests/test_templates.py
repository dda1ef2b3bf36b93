"""The templates' own tags."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.template import TemplateSyntaxError, engines
from django.template.backends.django import DjangoTemplates
from django.template.library import import_library

from tests.needs import ROOT

TEMPLATES = ROOT / "templates"
LOAD = re.compile(r"{% load ([^%]+) %}")


def compiles(text: str) -> bool:
    try:
        engines["django"].from_string(text)
    except TemplateSyntaxError:
        return False
    return True


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: f"{path.relative_to(TEMPLATES)}"
)
def test_loads_no_library_that_it_does_not_use(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    unused = []
    for load in LOAD.finditer(text):
        libraries = load[1].split()
        for library in libraries:
            others = [other for other in libraries if other != library]
            line = f"{{% load {' '.join(others)} %}}" if others else ""
            if compiles(text.replace(load[0], line, 1)):
                unused.append(library)
    assert unused == []


def test_no_library_has_a_name_of_another() -> None:
    """Which of two a template gets would depend on the order in which it loads them."""
    django = engines["django"]
    assert isinstance(django, DjangoTemplates)
    loaded = {
        library
        for path in TEMPLATES.rglob("*.html")
        for load in LOAD.finditer(path.read_text(encoding="utf-8"))
        for library in load[1].split()
    }
    paths = [*django.engine.builtins, *(django.engine.libraries[name] for name in loaded)]
    libraries = [import_library(path) for path in paths]
    names = Counter(name for each in libraries for name in {*each.filters, *each.tags})
    assert [name for name, count in names.items() if count > 1] == []


#: A table, and what follows its first tag.
TABLE = re.compile(r"<table([^>]*(?:%}[^>]*)*)>\s*(<caption)?")


@pytest.mark.parametrize(
    "path", sorted((TEMPLATES / "reader").glob("*.html")), ids=lambda p: p.name
)
def test_readers_tables_have_names(path: Path) -> None:
    """Screen readers list tables by them. The bars of an entry stand below its heading."""
    tables = TABLE.findall(path.read_text(encoding="utf-8"))
    nameless = [
        attributes
        for attributes, caption in tables
        if not caption
        and not any(part in attributes for part in ("aria-labelledby", "aria-hidden"))
        and attributes.strip() != 'class="bars"'
    ]
    assert nameless == []
