"""Seed functions: the accounts that the nights of a shared desk have in common."""

from results.models import Assignment


def leave_every_night() -> None:
    """Send no reporter to a count any more: nor do a night's messages reach them.

    One that nobody has read stands on the phone before whatever was sent.
    """
    Assignment.objects.all().delete()
