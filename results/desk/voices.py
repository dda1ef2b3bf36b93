"""What people said, and the editor's headline."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from results.arithmetic import BLOCK, Finding
from results.desk.errors import NotNow, Refused
from results.desk.press import Answer, Draft, publish
from results.models import (
    Bulletin,
    BulletinKind,
    Candidate,
    Contest,
    Election,
    Headline,
    Night,
    Quote,
)


def quote(
    election: Election,
    words: str,
    *,
    by: User,
    key: str,
    contest: Contest | None = None,
    candidate: Candidate | None = None,
    speaker: str = "",
    role: str = "",
    place: str = "",
    reported: bool = False,
    said_at: datetime | None = None,
    replaces: Quote | None = None,
) -> Answer:
    """Publish what someone said, or (``replaces``) another wording of it.

    The speaker is the candidate where one is given. ``reported`` is reported speech, which is
    shown without quotation marks. The place is the contest's count venue unless given.
    """
    name = candidate.name if candidate else speaker.strip()
    wording = {"words": words.strip(), "speaker": name}
    _insist_on(wording)
    venue = contest.venue if contest else ""

    def act(night: Night) -> Draft:
        if replaces is not None and Quote.objects.filter(replaces=replaces).exists():
            raise NotNow(_("This quote has been reworded meanwhile: edit the newer wording."))
        filed = Quote.objects.create(
            election=election,
            contest=contest,
            candidate=candidate,
            role=role.strip(),
            place=place.strip() or venue,
            reported=reported,
            said_at=said_at or (replaces.said_at if replaces else timezone.now()),
            sequence=night.sequence + 1,
            replaces=replaces,
            by=by,
            **wording,
        )
        return Draft(
            kind=BulletinKind.QUOTE,
            line=f"{filed.speaker}: {filed.words}",
            contest=contest,
            quote=filed,
            night_parts=("feed",),
            voices_of=contest,
        )

    intent = {
        "act": "quote",
        "contest": contest.pk if contest else None,
        "role": role,
        "reported": reported,
        "replaces": replaces.pk if replaces else None,
        **wording,
    }
    return publish(election, by=by, key=key, intent=intent, act=act)


def headline(election: Election, text: str, *, by: User, key: str) -> Answer:
    """Put the editor's headline above the one written by rule; an empty one ends it."""
    text = text.strip()

    def act(night: Night) -> Draft | Bulletin:
        standing = Headline.objects.filter(election=election).order_by("-pk").first()
        if standing is not None and standing.text == text:
            return Bulletin.objects.get(headline=standing)
        written = Headline.objects.create(
            election=election, text=text, sequence=night.sequence + 1, by=by
        )
        return Draft(
            kind=BulletinKind.HEADLINE,
            line=text,
            headline=written,
            night_parts=("headline", "feed"),
        )

    intent = {"act": "headline", "election": election.pk, "text": text}
    return publish(election, by=by, key=key, intent=intent, act=act)


def _insist_on(fields: dict[str, str]) -> None:
    empty = [Finding("missing", BLOCK, name, {}) for name, value in fields.items() if not value]
    if empty:
        raise Refused(empty)
