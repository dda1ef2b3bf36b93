"""Fill in the forms of a page and build what a browser would send."""

from html.parser import HTMLParser

#: Buttons, and files that nobody has chosen.
NOT_SENT = {"submit", "button", "file", "image", "reset"}


class _Fields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._select = ""
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name, value = found.get("name") or "", found.get("value") or ""
        kind = found.get("type") or "text"
        if tag == "input" and name and kind not in NOT_SENT:
            if kind not in ("checkbox", "radio") or "checked" in found:
                self.fields[name] = value
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in found:
            self.fields[self._select] = value
        elif tag == "textarea" and name:
            self._textarea, self.fields[name] = name, ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.fields[self._textarea] += data


def form_fields(html: str) -> dict[str, str]:
    """The fields of all forms of a page as they stand, by name."""
    parser = _Fields()
    parser.feed(html)
    return parser.fields
