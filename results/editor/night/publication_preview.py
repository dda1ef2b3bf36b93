"""Preview a publication: publish it, read its entry of the feed, and roll back."""

from django.contrib.auth.models import User
from django.db import transaction
from django.template.loader import render_to_string

from results import desk
from results.editor.idempotency import new_key
from results.live.election_snapshot import ElectionSnapshot
from results.live.feed import publication_entry_id
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
