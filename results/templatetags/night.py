"""Filters of the night dashboard's templates."""

from django import template
from django.contrib.auth.models import User

from results.editor.night.queue_row import QueueRow
from results.editor.night.viewer import Viewer
from results.words.user_names import user_name

register = template.Library()


@register.filter
def may_judge(viewer: Viewer, row: QueueRow) -> bool:
    """Whether the viewer may publish or set aside what the row is about."""
    return row.item is not None and viewer.may_judge(row.item.kind)


@register.filter
def person(user: User) -> str:
    """The name of somebody at the desk or at a count."""
    return user_name(user)
