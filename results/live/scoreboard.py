"""The scoreboard as pages show it: the bar above, and the table of parties further down.

Bulletins have it as one fragment, which programs, embeds and pages of earlier releases show as a
whole: both parts change with the same bulletins.
"""

from django.utils.safestring import SafeString, mark_safe

_TABLE, _END = '<div id="party-table"', "</section>"


def split_scoreboard(html: str) -> tuple[SafeString, SafeString]:
    """Split the fragment from its last element, the table; "" if it has none."""
    at = html.find(_TABLE)
    if at < 0:
        return mark_safe(html), mark_safe("")  # noqa: S308 - both are parts of a rendered template
    whole = html.rstrip().removesuffix(_END)
    return mark_safe(whole[:at] + _END), mark_safe(whole[at:])  # noqa: S308
