"""Preview of a publication: publish it, render what readers would see, and roll back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models.options import Options
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from results import desk
from results.editor.admin_page import admin_page
from results.editor.annotations import Context
from results.live.election_snapshot import ElectionSnapshot
from results.live.feed_list import is_entry
from results.live.fragments import election_locale
from results.models import Election, ExternalFigures

#: Buttons of the form and of the preview.
CONFIRM, EDIT = "_confirmed", "_edit"
#: Hidden field of the preview of a withdrawal: the id of what it shows as withdrawn.
SHOWN_STANDING = "_standing"
#: Parts of the live page that a preview shows, in the order of the page.
SHOWN = ("headline", "elsewhere", "scoreboard", "feed")


class PreviewOnly(Exception):
    """Raised instead of publishing, which rolls back what was tried out.

    `page` is HTML, `withdrawn` the id of the publication that would be withdrawn; `replaced` names
    the external figures whose place is taken. Of a night that is closed, `is_final`, open pages
    change no more.
    """

    def __init__(
        self,
        page: str,
        summary: str,
        *,
        withdrawn: int | None,
        replaced: str = "",
        is_final: bool = False,
    ) -> None:
        super().__init__(summary)
        self.replaced = replaced
        self.is_final = is_final
        self.page = page
        self.summary = summary
        self.withdrawn = withdrawn

    @property
    def withdraws(self) -> bool:
        return self.withdrawn is not None


def preview_of(election: Election, result: desk.PublishResult) -> PreviewOnly:
    """Return the preview of a bulletin that is published in an open transaction."""
    fragments = result.bulletin.fragments
    parts = [_with_entries(fragments, name) for name in SHOWN if name in fragments]
    snapshot = ElectionSnapshot(election)
    with election_locale(election):
        context = {
            "election": election,
            "language": election.page_language,
            "snapshot": snapshot,
            "party_styles": snapshot.party_styles,
            "parts": list(filter(None, parts)),
            "seats": [html for name, html in fragments.items() if name.startswith("seat-")],
        }
        page = render_to_string("editor/publication_preview_page.html", context)
    published = result.bulletin.publication
    before = published.replaces if published is not None and published.withdrawn else None
    return PreviewOnly(
        page,
        result.bulletin.summary,
        withdrawn=before.pk if before else None,
        replaced=_replaced(published) if isinstance(published, ExternalFigures) else "",
        is_final=election.final,
    )


def _replaced(figures: ExternalFigures) -> str:
    """Name the figures that stood before; "" for none."""
    earlier = ExternalFigures.objects.filter(election=figures.election_id, pk__lt=figures.pk)
    before = earlier.order_by("-pk").first()
    return str(before) if before is not None and before.rows and not before.withdrawn else ""


def _with_entries(fragments: Mapping[str, str], name: str) -> str:
    """The fragment; for the feed only its new entries, since its list holds placeholders."""
    if name != "feed":
        return fragments[name]
    entries = [html for key, html in fragments.items() if is_entry(key) and html]
    return "\n".join(entries)


def preview_response(
    request: HttpRequest,
    preview: PreviewOnly,
    opts: "Options[Any]",
    sent: Sequence[tuple[str, str]],
) -> HttpResponse:
    """The page that shows it, with buttons to publish and to go back to the form."""
    if preview.withdrawn is not None:
        sent = [*sent, (SHOWN_STANDING, str(preview.withdrawn))]
    context: Context = {
        "title": _("What readers will see"),
        "preview": preview,
        "sent": sent,
        "form_address": request.get_full_path(),
    }
    return admin_page(request, "editor/publication_preview.html", context, opts=opts)


def fields_sent(request: HttpRequest) -> list[tuple[str, str]]:
    """Fields of the submitted form without its buttons, to be sent again."""
    own = (CONFIRM, EDIT, SHOWN_STANDING, "csrfmiddlewaretoken")
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        if name not in own
        for value in values
    ]
