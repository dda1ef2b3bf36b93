"""The scripts use nothing that a supported browser lacks (docs/browsers.md) without a check."""

import re
from pathlib import Path

from tests.needs import ROOT

#: What Safari of iOS 15.0 or Chrome 100 lacks. Regular expressions, as the syntax has to be found.
MISSING = (
    r"\.at\(", r"structuredClone\(", r"randomUUID\(", r"requestSubmit\(", r"Object\.hasOwn\(",
    r"AbortSignal\.(timeout|any)\(", r"\.findLast(Index)?\(", r"\.to(Sorted|Reversed|Spliced)\(",
    r"\.with\(", r"\(\?<[=!]", r"\bstatic \{", r"Promise\.(withResolvers|try)\(",
    r"(Object|Map)\.groupBy\(", r"Array\.fromAsync\(", r"Intl\.(DurationFormat|Segmenter)",
    r"showModal\(", r"showPopover\(", r"new BroadcastChannel", r"requestIdleCallback\(",
    r"checkVisibility\(", r"startViewTransition\(", r"/[dgimsuy]*v[dgimsuy]*[.,;)\s]*$",
    r"^(?!.*async).*^await ", r"\.isWellFormed\(", r"querySelector.*:has\(",
    r"new CSSStyleSheet", r"setHTMLUnsafe",
)  # fmt: skip
#: Of CSS: a rule with an unknown selector is dropped whole, and nested rules with it.
MISSING_CSS = (r"^\s*&", r"light-dark\(", r"color-mix\(", r"@scope", r"\bdvh\b", r"@starting-style")


#: Of readers and reporters: editors have newer browsers.
FOLDERS = ("reader", "reporter", "shared")


def _files(suffix: str) -> list[Path]:
    return [file for name in FOLDERS for file in (ROOT / "static" / name).glob(f"*.{suffix}")]


def _uses(suffix: str, missing: tuple[str, ...]) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in _files(suffix)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if not line.lstrip().startswith(("//", "*", "/*"))
        and any(re.search(feature, line.split(" // ")[0]) for feature in missing)
    ]


def test_scripts_use_what_every_supported_browser_has() -> None:
    assert _uses("js", MISSING) == []


def test_stylesheets_use_what_every_supported_browser_has() -> None:
    """`@supports not` in the same file says what is shown without it."""
    asks = {file.name for file in _files("css") if "@supports not" in file.read_text()}
    uses = _uses("css", MISSING_CSS)
    assert [use for use in uses if use.split(":")[0].split("/")[-1] not in asks] == []


def test_scripts_with_imports_or_exports_are_loaded_as_modules() -> None:
    """A browser runs nothing of a module that a page loads as a plain script."""
    tag = re.compile(r"""<script(?P<attributes>[^>]*)\bsrc="{% static '(?P<name>[^']+\.js)' %}\"""")
    plain = [
        (template.name, found["name"])
        for template in (ROOT / "templates").rglob("*.html")
        for found in tag.finditer(template.read_text(encoding="utf-8"))
        if 'type="module"' not in found["attributes"]
    ]
    is_module = re.compile(r"^(import|export)\b", re.MULTILINE)
    sources = {name: (ROOT / "static" / name).read_text(encoding="utf-8") for _, name in plain}
    assert [pair for pair in plain if is_module.search(sources[pair[1]])] == []
