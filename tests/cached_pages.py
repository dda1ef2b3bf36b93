"""The caches of this process, of pages and of what pages are made of."""

from django.core.cache import caches

from results.live import night_cache
from results.reader import entries, parts


def clear_caches() -> None:
    for cache in caches.all():
        cache.clear()
    night_cache.clear()
    entries.clear()
    parts.clear()
