"""Number slugs that are taken."""

from collections.abc import Callable
from itertools import count


def free_slug(slug: str, longest: int, is_taken: Callable[[str], bool]) -> str:
    """Return the slug, cut to `longest` letters; numbered from 2, “vale-2”, where it is taken.

    The number is part of the length.
    """
    free = slug[:longest].strip("-")
    numbers = count(2)
    while is_taken(free):
        ending = f"-{next(numbers)}"
        free = slug[: longest - len(ending)].strip("-") + ending
    return free
