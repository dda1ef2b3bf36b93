"""Find what does not fit a page at a width: overflows, is cut, overlaps, or is hard to hit."""

from pathlib import Path

from playwright.sync_api import Page

MEASURE = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
#: What a reader may set (WCAG 2.2, 1.4.12).
SPACED = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"""
#: Gives a page a reader's own style sheet; the policy of content allows no element for it.
STYLE = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"


def problems(page: Page) -> list[str]:
    """Each with the text that it is seen at. Targets are at least 24 pixels (WCAG 2.2, 2.5.8)."""
    found: list[str] = page.evaluate(MEASURE)
    if (too_wide := page.evaluate(TOO_WIDE)) > 0:
        found.append(f"{too_wide} px too wide")
    return found
