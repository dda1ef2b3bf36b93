"""What a phone calls a submission, in the language that the phone has now.

It keeps the label of the form that it was sent with; these are the same words.
"""

from django.contrib.auth.models import User
from django.utils.translation import gettext as _, ngettext

from results.desk.followed import AnswerState, Followed
from results.models import Bulletin, Declaration, ReviewItem

_KINDS = Declaration.Kind
_RESULTS = (_KINDS.DECLARATION, _KINDS.UPDATE, _KINDS.CORRECTION)


def label_of(followed: Followed, user: User) -> str:
    """Return the label; empty where another form would have the same answer.

    Those of the state of a count and of its verification publish one kind of bulletin; a
    colleague's result is published by confirming it, or by the same figures.
    """
    contest = followed.contest
    if contest is None:
        return _("Your answer to the desk") if followed.state == AnswerState.KEPT else ""
    kind = _kind(followed, user)
    if kind == _KINDS.WINNER_ONLY:
        template = ngettext("%(name)s, the winner", "%(name)s, the winners", contest.seats)
    else:
        templates: dict[str, str] = {
            AnswerState.KEPT: _("%(name)s, the notice"),
            **dict.fromkeys(_RESULTS, _("%(name)s, the result")),
            _KINDS.INCOMPLETE: _("%(name)s, incomplete totals"),
            Bulletin.Kind.QUOTE: _("%(name)s, a quote"),
            Bulletin.Kind.PHOTO: _("%(name)s, a photo"),
            "asked for": _("%(name)s, a correction asked for"),
        }
        template = templates.get(kind, "")
    return template % {"name": contest.full_name} if template else ""


def _kind(followed: Followed, user: User) -> str:
    item, bulletin = followed.item, followed.bulletin
    if followed.state == AnswerState.KEPT:
        return followed.state
    if item is not None and item.kind == ReviewItem.Kind.CORRECTION:
        return "asked for"
    if item is not None and item.kind == ReviewItem.Kind.RESULT:
        return str(item.content["act"])
    if item is not None:
        return item.kind
    # What stood already may have been published from another form.
    if bulletin is None or bulletin.by_id != user.pk or followed.state == AnswerState.UNCHANGED:
        return ""
    return bulletin.kind
