"""Photos from a count: published, captioned anew, withdrawn."""

from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from results.arithmetic import BLOCK, ValidationMessage, clean_text
from results.desk.errors import InvalidTransition, ValidationRefused
from results.desk.pictures import size_of
from results.desk.publishing import BulletinDraft, PublishResult, numbers, publish
from results.desk.review import require_time_to_publish
from results.models import Bulletin, Contest, Election, Night, Photo


def photo(
    election: Election, name: str, *, by: User, idempotency_key: str, **more: Any
) -> PublishResult:
    """Publish a stored picture, or (``replaces``) other words to it; as `publish_photo`.

    Raises NotNow for a reporter before the close of poll or once the night is closed: it is kept
    for the desk instead (`submit_photo`).
    """
    require_time_to_publish(by, election)
    return publish_photo(election, name, by=by, idempotency_key=idempotency_key, **more)


def publish_photo(
    election: Election,
    name: str,
    *,
    caption: str,
    alt: str,
    credit: str,
    by: User,
    idempotency_key: str,
    contest: Contest | None = None,
    replaces: Photo | None = None,
) -> PublishResult:
    """Publish a stored picture, or other words to it, whoever sent it and when.

    Raises Refused without a caption, a credit and words for who cannot see it.
    """
    words = words_of(caption, alt, credit)
    width, height = size_of(name)
    venue = contest.venue if contest else ""

    def act(night: Night) -> BulletinDraft:
        _require_newest(replaces)
        filed = Photo.objects.create(
            election=election,
            contest=contest,
            name=name,
            width=width,
            height=height,
            location=venue,
            replaces=replaces,
            by=by,
            **numbers(night, replaces),
            **words,
        )
        return _draft(filed, _("Photo: %(caption)s") % {"caption": filed.caption})

    intent = {"act": "photo", "name": name, "replaces": replaces.pk if replaces else None, **words}
    return publish(election, by=by, idempotency_key=idempotency_key, intent=intent, act=act)


def words_of(caption: str, alt: str, credit: str) -> dict[str, str]:
    """The words to a photo as readers see them. Raises Refused where one cannot be seen."""
    typed = {"caption": caption, "alt": alt, "credit": credit}
    words = {name: clean_text(text) for name, text in typed.items()}
    empty = [
        ValidationMessage("missing", BLOCK, field, {}) for field, text in words.items() if not text
    ]
    if empty:
        raise ValidationRefused(empty)
    return words


def withdraw_photo(shown: Photo, *, by: User, idempotency_key: str) -> PublishResult:
    """Take a photo from every page; its address answers no more."""
    election = Election.objects.get(pk=shown.election_id)

    def act(night: Night) -> BulletinDraft:
        _require_newest(shown)
        gone = Photo.objects.create(
            election=election,
            contest=shown.contest,
            name=shown.name,
            width=shown.width,
            height=shown.height,
            caption=shown.caption,
            alt=shown.alt,
            credit=shown.credit,
            location=shown.location,
            withdrawn=True,
            replaces=shown,
            by=by,
            **numbers(night, shown),
        )
        return _draft(gone, _("A photo was withdrawn."))

    intent = {"act": "withdraw photo", "photo": shown.pk}
    return publish(election, by=by, idempotency_key=idempotency_key, intent=intent, act=act)


def _require_newest(shown: Photo | None) -> None:
    if shown is not None and Photo.objects.filter(replaces=shown).exists():
        raise InvalidTransition(
            _("This photo has been changed meanwhile: look at it as it is now.")
        )


def _draft(filed: Photo, line: str) -> BulletinDraft:
    return BulletinDraft(
        kind=Bulletin.Kind.PHOTO,
        summary=line,
        contest=filed.contest,
        photo=filed,
        first_sequence=filed.entry_sequence,
        night_parts=("feed",),
        quotes_of=filed.contest,
        before=filed.replaces.caption if filed.replaces else "",
        after="" if filed.withdrawn else f"{filed.caption} ({filed.alt}; {filed.credit})",
    )
