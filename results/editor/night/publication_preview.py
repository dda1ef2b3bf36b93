"""Previews in the dashboard's dialogs: the entry of a post, and the page under a new headline."""

from collections.abc import Callable

from django.contrib.auth.models import User
from django.db import transaction
from django.template.loader import render_to_string

from results import desk
from results.editor.idempotency import new_key
from results.editor.publication_preview import preview_of
from results.live.election_snapshot import ElectionSnapshot
from results.live.entry_ids import publication_entry_id
from results.live.fragments import election_locale
from results.models import Election


def preview_publication(election: Election, content: desk.Content, *, by: User) -> str:
    """The HTML document of the entry as readers would see it.

    Raises what `desk.publish` raises.
    """
    with transaction.atomic():
        result = desk.publish(election, content, by=by, idempotency_key=new_key())
        publication = result.bulletin.publication
        assert publication is not None
        entry = result.bulletin.fragments.get(publication_entry_id(publication), "")
        snapshot = ElectionSnapshot(election)
        with election_locale(election):
            context = {
                "election": election,
                "language": election.page_language,
                "party_styles": snapshot.party_styles,
                "snapshot": snapshot,
                "entry": entry,
            }
            page = render_to_string("editor/night/publication_preview.html", context)
        transaction.set_rollback(True)
    return page


def preview_headline(election: Election, change: Callable[[], desk.PublishResult]) -> str:
    """The HTML document of the live page after the change; empty where it would change nothing.

    Raises what `change` raises.
    """
    with transaction.atomic():
        result = change()
        page = "" if result.unchanged else preview_of(election, result).page
        transaction.set_rollback(True)
    return page
