"""axe-core in an open page, in a light and in a dark scheme."""

from collections.abc import Sequence
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

#: The rules that a scheme can change: it sets colours and nothing else.
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
#: Colours that are on their way to the other scheme's would be judged half way.
AT_ONCE = "*, *::before, *::after { transition: none !important }"


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
    for scheme, rules in schemes:
        page.emulate_media(color_scheme=scheme)
        report = Axe().run(page, context=context, options={"resultTypes": ["violations"], **rules})
        assert report.violations_count == 0, f"{what}, {scheme}\n{report.generate_report()}"
