"""What people said, and the editor's headline."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from results.arithmetic import BLOCK, ValidationMessage, clean_text
from results.desk.errors import InvalidTransition, ValidationRefused
from results.desk.publishing import BulletinDraft, PublishResult, numbers, publish
from results.desk.review import require_time_to_publish
from results.models import (
    Bulletin,
    Candidate,
    Contest,
    Election,
    Headline,
    Night,
    Post,
    Quote,
    clock,
)


def quote(
    election: Election, words: str, *, by: User, idempotency_key: str, **more: Any
) -> PublishResult:
    """Publish what someone said, or (``replaces``) another wording of it; as `publish_quote`.

    Raises NotNow for a reporter before the close of poll or once the night is closed: it is kept
    for the desk instead (`submit_quote`).
    """
    require_time_to_publish(by, election)
    return publish_quote(election, words, by=by, idempotency_key=idempotency_key, **more)


def publish_quote(
    election: Election,
    words: str,
    *,
    by: User,
    idempotency_key: str,
    contest: Contest | None = None,
    candidate: Candidate | None = None,
    speaker: str = "",
    role: str = "",
    location: str = "",
    reported: bool = False,
    said_at: datetime | None = None,
    replaces: Quote | None = None,
) -> PublishResult:
    """Publish what someone said, or another wording of it, whoever sent it and when.

    The speaker is the candidate where one is given. ``reported`` is reported speech, which is
    shown without quotation marks. The place is the contest's count venue unless given.
    """
    wording = wording_of(words, speaker, candidate)
    role, location = clean_text(role), clean_text(location)
    venue = contest.venue if contest else ""

    def act(night: Night) -> BulletinDraft:
        if replaces is not None and Quote.objects.filter(replaces=replaces).exists():
            raise InvalidTransition(
                _("This quote has been reworded meanwhile: edit the newer wording.")
            )
        filed = Quote.objects.create(
            election=election,
            contest=contest,
            candidate=candidate,
            role=role,
            location=location or venue,
            reported=reported,
            said_at=said_at or (replaces.said_at if replaces else clock.now()),
            replaces=replaces,
            by=by,
            **numbers(night, replaces),
            **wording,
        )
        return BulletinDraft(
            kind=Bulletin.Kind.QUOTE,
            summary=f"{filed.speaker}: {filed.words}",
            contest=contest,
            quote=filed,
            first_sequence=filed.entry_sequence,
            night_parts=("feed",),
            quotes_of=contest,
            before=str(replaces.words) if replaces else "",
            after=filed.words,
        )

    intent = {
        "act": "quote",
        "contest": contest.pk if contest else None,
        "role": role,
        "reported": reported,
        "replaces": replaces.pk if replaces else None,
        **wording,
    }
    return publish(election, by=by, idempotency_key=idempotency_key, intent=intent, act=act)


def wording_of(words: str, speaker: str, candidate: Candidate | None) -> dict[str, str]:
    """``words`` and ``speaker`` as readers see them. Raises Refused where one cannot be seen."""
    name = candidate.name if candidate else clean_text(speaker)
    wording = {"words": clean_text(words), "speaker": name}
    _require_text(wording)
    return wording


def withdraw_quote(said: Quote, *, by: User, idempotency_key: str) -> PublishResult:
    """Take a quote from every page. Its wordings stay on record."""
    election = Election.objects.get(pk=said.election_id)

    def act(night: Night) -> BulletinDraft:
        if Quote.objects.filter(replaces=said).exists():
            raise InvalidTransition(
                _("This quote has been reworded meanwhile: edit the newer wording.")
            )
        gone = Quote.objects.create(
            election=election,
            contest=said.contest,
            candidate=said.candidate,
            speaker=said.speaker,
            role=said.role,
            location=said.location,
            words=said.words,
            reported=said.reported,
            said_at=said.said_at,
            withdrawn=True,
            replaces=said,
            by=by,
            **numbers(night, said),
        )
        return BulletinDraft(
            kind=Bulletin.Kind.QUOTE,
            summary=_("A quote was withdrawn."),
            contest=said.contest,
            quote=gone,
            first_sequence=gone.entry_sequence,
            night_parts=("feed",),
            quotes_of=said.contest,
            before=f"{said.speaker}: {said.words}",
        )

    return publish(
        election,
        by=by,
        idempotency_key=idempotency_key,
        intent={"act": "withdraw quote", "quote": said.pk},
        act=act,
    )


def post(
    election: Election,
    text: str,
    *,
    by: User,
    idempotency_key: str,
    title: str = "",
    contest: Contest | None = None,
    replaces: Post | None = None,
    withdrawn: bool = False,
) -> PublishResult:
    """Put a few sentences of the desk's own into the feed, change them, or take them out."""
    wording = {"title": clean_text(title), "text": clean_text(text)}
    _require_text({"text": wording["text"]})

    def act(night: Night) -> BulletinDraft:
        if replaces is not None and Post.objects.filter(replaces=replaces).exists():
            raise InvalidTransition(_("This post has been changed meanwhile: edit the newer one."))
        written = Post.objects.create(
            election=election,
            contest=contest,
            withdrawn=withdrawn,
            replaces=replaces,
            by=by,
            **numbers(night, replaces),
            **wording,
        )
        return BulletinDraft(
            kind=Bulletin.Kind.POST,
            summary=_("A post was withdrawn.") if withdrawn else str(written),
            contest=contest,
            post=written,
            first_sequence=written.entry_sequence,
            night_parts=("feed",),
            before=replaces.text if replaces else "",
            after="" if withdrawn else written.text,
        )

    intent = {
        "act": "post",
        "contest": contest.pk if contest else None,
        "replaces": replaces.pk if replaces else None,
        "withdrawn": withdrawn,
        **wording,
    }
    return publish(election, by=by, idempotency_key=idempotency_key, intent=intent, act=act)


def headline(election: Election, text: str, *, by: User, idempotency_key: str) -> PublishResult:
    """Put the editor's headline above the one written by rule; an empty one withdraws it."""
    text = clean_text(text)

    def act(night: Night) -> BulletinDraft | Bulletin:
        standing = Headline.objects.standing(election)
        latest = Headline.objects.filter(election=election).first()
        if latest is not None and (standing.text if standing else "") == text:
            return Bulletin.objects.get(headline=standing or latest)
        if standing is not None and not text:
            return _headline_withdrawal(standing, night, by)
        written = Headline.objects.create(
            election=election, text=text, sequence=night.sequence + 1, by=by
        )
        return BulletinDraft(
            kind=Bulletin.Kind.HEADLINE,
            summary=text,
            headline=written,
            night_parts=("headline", "feed"),
            before=standing.text if standing else "",
            after=text,
        )

    intent = {"act": "headline", "election": election.pk, "text": text}
    return publish(election, by=by, idempotency_key=idempotency_key, intent=intent, act=act)


def withdraw_headline(shown: Headline, *, by: User, idempotency_key: str) -> PublishResult:
    """Take a headline from every page, whether it stands or another one has taken its place."""
    election = Election.objects.get(pk=shown.election_id)

    def act(night: Night) -> BulletinDraft:
        if not Headline.objects.public().filter(pk=shown.pk).exists():
            raise InvalidTransition(_("This headline is withdrawn already."))
        return _headline_withdrawal(shown, night, by)

    intent = {"act": "withdraw headline", "headline": shown.pk}
    return publish(election, by=by, idempotency_key=idempotency_key, intent=intent, act=act)


def _headline_withdrawal(shown: Headline, night: Night, by: User) -> BulletinDraft:
    gone = Headline.objects.create(
        election_id=shown.election_id,
        withdrawn=True,
        replaces=shown,
        sequence=night.sequence + 1,
        by=by,
    )
    return BulletinDraft(
        kind=Bulletin.Kind.HEADLINE,
        summary=_("A headline was withdrawn."),
        headline=gone,
        night_parts=("headline", "feed"),
        before=shown.text,
    )


def _require_text(fields: dict[str, str]) -> None:
    empty = [
        ValidationMessage("missing", BLOCK, name, {}) for name, value in fields.items() if not value
    ]
    if empty:
        raise ValidationRefused(empty)
