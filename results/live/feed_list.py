"""Compose the feed from bulletins' list of ids and the entries, which are separate fragments.

An entry is sent once, when it enters the list or changes, instead of with every bulletin that
changes the list.
"""

import re
from collections.abc import Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

#: Prefixes of the ids of entries' elements, by kind of entry.
ENTRY_PREFIXES = ("result-", "bulletin-", "headline-", "milestone-", "postponed-")

_PLACEHOLDER = re.compile(r'<article id="([^"]+)" hidden></article>')


def placeholder(entry_id: str) -> SafeString:
    """Return the placeholder element of an entry in the list."""
    return format_html('<article id="{}" hidden></article>', entry_id)


def entry_ids(feed: str) -> list[str]:
    """The ids of the entries in the list, newest first."""
    return _PLACEHOLDER.findall(feed)


def compose_feed(feed: str, entries: Mapping[str, str]) -> SafeString:
    """Return the list with its entries in place. Raises KeyError if `entries` lacks one."""
    # Safe, because templates escaped both.
    return mark_safe(_PLACEHOLDER.sub(lambda match: entries[match[1]], feed))  # noqa: S308


def is_milestone(element_id: str) -> bool:
    return element_id.startswith("milestone-")


def is_entry(element_id: str) -> bool:
    return element_id.startswith(ENTRY_PREFIXES)
