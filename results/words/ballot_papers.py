"""Compare a ballot paper with the one that a form showed: names changed, added or removed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

#: Names by the id of their candidate, as a form or a page showed them.
Names = Mapping[int, str]


def names_as_json(names: Names) -> dict[str, str]:
    """The names as JSON, whose keys are text."""
    return {str(pk): name for pk, name in names.items()}


def names_to_text(names: Names) -> str:
    """Write names for a hidden field of a form."""
    return json.dumps(names_as_json(names), ensure_ascii=False)


def names_from_text(text: str) -> dict[int, str] | None:
    """Parse a hidden field; None where it is empty or damaged."""
    try:
        return {int(pk): str(name) for pk, name in json.loads(text).items()}
    except (ValueError, AttributeError, RecursionError):
        return None


@dataclass(frozen=True, slots=True)
class BallotPaperChange:
    """The differences of a ballot paper from the one that a form showed, whatever its order."""

    renamed: tuple[tuple[str, str], ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[tuple[int, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.renamed or self.added or self.removed)

    @classmethod
    def between(cls, shown: Names, current: Names) -> "BallotPaperChange":
        return cls(
            renamed=tuple(
                (name, current[pk])
                for pk, name in shown.items()
                if pk in current and current[pk] != name
            ),
            added=tuple(name for pk, name in current.items() if pk not in shown),
            removed=tuple((pk, name) for pk, name in shown.items() if pk not in current),
        )

    def sentences(self, typed: Mapping[int, str] | None = None) -> list[str]:
        """Return a sentence for each change. `typed` has the form's votes as text by candidate."""
        sentences = [
            _("“%(old)s” is now “%(new)s” on the ballot paper.") % {"old": old, "new": new}
            for old, new in self.renamed
        ]
        sentences += [
            _("%(name)s has been put on the ballot paper: enter their votes.") % {"name": name}
            for name in self.added
        ]
        for pk, name in self.removed:
            votes = (typed or {}).get(pk, "")
            sentences.append(
                _("%(name)s, for whom you entered %(votes)s, is no longer on the ballot paper.")
                % {"name": name, "votes": votes}
                if votes
                else _("%(name)s is no longer on the ballot paper.") % {"name": name}
            )
        return sentences
