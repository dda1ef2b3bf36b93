"""axe-core in an open page, in a light and in a dark scheme."""

from collections.abc import Sequence
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

#: The rules that a scheme can change: it sets colours and nothing else.
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
#: Colours that are on their way to the other scheme's would be judged half way.
AT_ONCE = "*, *::before, *::after { transition: none !important }"

RUN = "([context, options]) => axe.run(context ?? document, options)"


def assert_no_violation(page: Page, what: str, *, outside: Sequence[str] = ()) -> None:
    """The page, but for the elements `outside`, keeps every rule in a light scheme, and in a dark
    one those of colours. Its context must bypass the content security policy.
    """
    context = {"exclude": [[part] for part in outside]} if outside else None
    page.add_style_tag(content=AT_ONCE)
    schemes: list[tuple[Literal["dark", "light"], dict[str, object]]] = [
        ("dark", {"runOnly": OF_COLOURS}),
        ("light", {}),
    ]
    page.evaluate(AXE_SCRIPT)  # once for both: it is half a megabyte
    for scheme, rules in schemes:
        page.emulate_media(color_scheme=scheme)
        options = {"resultTypes": ["violations"], **rules}
        report = AxeResults(page.evaluate(RUN, [context, options]))
        assert report.violations_count == 0, f"{what}, {scheme}\n{report.generate_report()}"
