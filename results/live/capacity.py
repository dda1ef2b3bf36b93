"""Limit this process's readers' sockets to the setting, or to what open files allow."""

import resource
from functools import cache

from django.conf import settings

#: Open files that requests, database connections and logs need besides readers' sockets.
RESERVED_FILES = 1024


def reader_capacity() -> int:
    """Return `READERS_PER_PROCESS`, or fewer where the limit on open files is lower."""
    configured: int = settings.READERS_PER_PROCESS
    return min(configured, _sockets_allowed())


def files_needed() -> int:
    """The limit on open files that `READERS_PER_PROCESS` sockets need."""
    configured: int = settings.READERS_PER_PROCESS
    return configured + RESERVED_FILES


@cache
def _sockets_allowed() -> int:
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return 1_000_000
    # At least half of a small limit, where reserving all of `RESERVED_FILES` would leave nothing.
    return max(soft - RESERVED_FILES, soft // 2)
