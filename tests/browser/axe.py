"""axe-core in an open page, in a light and in a dark scheme."""

from collections.abc import Sequence
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

#: The rules whose result depends on the scheme, which sets colours and nothing else.
COLOUR_RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
#: Without it, axe would judge colours in the middle of their transition to the other scheme.
NO_TRANSITIONS = "*, *::before, *::after { transition: none !important }"

#: No rule that runs reads what axe would fetch again, style sheets from addresses that are wrong.
NOT_FETCHED = {"preload": False}

RUN = "([context, options]) => axe.run(context ?? document, options)"


def assert_no_violation(page: Page, what: str, *, outside: Sequence[str] = ()) -> None:
    """Assert that the page breaks no rule: every rule in light, those on colours also in dark.

    The elements `outside` are not checked. The page's context must bypass the content security
    policy.
    """
    context = {"exclude": [[part] for part in outside]} if outside else None
    page.add_style_tag(content=NO_TRANSITIONS)
    schemes: list[tuple[Literal["dark", "light"], dict[str, object]]] = [
        ("dark", {"runOnly": COLOUR_RULES}),
        ("light", {}),
    ]
    if not page.evaluate("'axe' in globalThis"):  # half a megabyte, which a page needs once
        page.evaluate(AXE_SCRIPT)
    for scheme, rules in schemes:
        page.emulate_media(color_scheme=scheme)
        options = {"resultTypes": ["violations"], **NOT_FETCHED, **rules}
        report = AxeResults(page.evaluate(RUN, [context, options]))
        assert report.violations_count == 0, f"{what}, {scheme}\n{report.generate_report()}"
