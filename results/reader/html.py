"""Pieces of HTML that templates print as one string: a loop in a template costs far more."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True, slots=True)
class Html:
    """Elements of a list, each rendered already."""

    parts: tuple[SafeString, ...]

    def __len__(self) -> int:
        return len(self.parts)

    def __iter__(self) -> Iterator[SafeString]:
        return iter(self.parts)

    def __str__(self) -> SafeString:
        return mark_safe("".join(self.parts))  # noqa: S308 - safe strings joined
