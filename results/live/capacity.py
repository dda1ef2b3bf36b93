"""How many readers' sockets this process may hold: the setting, as far as open files allow."""

import resource
from functools import cache

from django.conf import settings

#: Open files that requests, database connections and logs need beside readers' sockets.
RESERVED_FILES = 1024


def reader_capacity() -> int:
    """READERS_PER_PROCESS, or fewer where the limit on open files is lower."""
    configured: int = settings.READERS_PER_PROCESS
    return min(configured, _sockets_allowed())


def files_needed() -> int:
    """The limit on open files at which READERS_PER_PROCESS is what decides."""
    configured: int = settings.READERS_PER_PROCESS
    return configured + RESERVED_FILES


@cache
def _sockets_allowed() -> int:
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return 1_000_000
    # A small limit is halved, so that requests still get in.
    return max(soft - RESERVED_FILES, soft // 2)
