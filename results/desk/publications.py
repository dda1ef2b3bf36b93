"""Publish, replace and withdraw quotes, photos, posts, headlines and external figures."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from results.desk.bulletins import BulletinDraft
from results.desk.contents import CONTENT_OF, Content, CountContent
from results.desk.errors import InvalidTransition
from results.desk.intents import Intent
from results.desk.publishing import PublishResult, find_bulletin, publish_bulletin
from results.desk.review import require_time_to_publish
from results.live.entry_ids import publication_entry_id
from results.models import Bulletin, Contest, Election, ExternalFigures, Night, Publication, clock


def publish(
    election: Election,
    content: Content,
    *,
    by: User,
    idempotency_key: str,
    replaces: Publication | None = None,
) -> PublishResult:
    """Publish `content`, or a new revision of what it `replaces`.

    Raises `InvalidTransition` where `replaces` is not the newest revision, and for a reporter's
    quote or photo before the close of poll or once the night is closed: `submit` queues it for
    review.
    """
    if isinstance(content, CountContent):
        require_time_to_publish(by, election)
    return publish_content(
        election, content, by=by, idempotency_key=idempotency_key, replaces=replaces
    )


def publish_content(
    election: Election,
    content: Content,
    *,
    by: User,
    idempotency_key: str,
    replaces: Publication | None = None,
    intent: Intent | None = None,
    approved_by: User | None = None,
) -> PublishResult:
    """Publish content that needs no review, or has passed it, like `publish`.

    `intent` is that of the request, where it is not the whole `content`; `approved_by` is the
    person who published it, where that is not `by`, its sender.
    """

    def change(night: Night) -> BulletinDraft | Bulletin:
        content.check(night)
        before = replaces
        if content.exclusive:
            before = content.model.objects.standing(election)
            if before is not None and content.matches(before):
                return _bulletin_of(before)
        draft = _draft(night, content.columns(replaces), type(content), replaces, before, by)
        return replace(draft, approved_by=approved_by)

    return publish_bulletin(
        election,
        by=by,
        idempotency_key=idempotency_key,
        intent=intent or content.intent(election, replaces),
        change=change,
    )


def withdraw_publication(
    publication: Publication, *, by: User, idempotency_key: str
) -> PublishResult:
    """Remove a publication from every page. Its revisions stay on record.

    Raises `InvalidTransition` where it was replaced or withdrawn before.
    """
    kind = CONTENT_OF[type(publication)].bulletin_kind
    return publish_bulletin(
        Election.objects.get(pk=publication.election_id),
        by=by,
        idempotency_key=idempotency_key,
        intent=Intent({"act": f"withdraw {kind}", str(kind): publication.pk}),
        change=lambda night: draft_withdrawal(night, publication, by),
    )


def withdraw_standing(
    election: Election,
    model: type[Publication],
    *,
    by: User,
    idempotency_key: str,
    shown: int | None = None,
) -> PublishResult:
    """Withdraw the election's current headline or external figures.

    `shown` is the id of the one that the sender saw; None withdraws whichever is current. A
    repeated request withdraws nothing else. Raises `InvalidTransition` where none is current, or
    another than the one shown.
    """
    content = CONTENT_OF[model]

    def change(night: Night) -> BulletinDraft:
        standing = model.objects.standing(election)
        if standing is None:
            raise InvalidTransition(str(content.nothing_stands))
        if shown not in (None, standing.pk):
            raise _changed_meanwhile()
        return draft_withdrawal(night, standing, by)

    intent = Intent({"act": f"withdraw standing {content.bulletin_kind}", "election": election.pk})
    return publish_bulletin(
        election, by=by, idempotency_key=idempotency_key, intent=intent, change=change
    )


def draft_withdrawal(night: Night, publication: Publication, by: User) -> BulletinDraft:
    content = CONTENT_OF[type(publication)]
    """Insert the withdrawal, and describe its bulletin."""
    columns = {
        column.attname: getattr(publication, column.attname)
        for column in publication._meta.concrete_fields
        if column.attname not in OF_THE_REVISION
    }
    columns |= {**content.cleared, "withdrawn": True}
    return _draft(night, columns, content, publication, publication, by)


#: Columns that a withdrawal does not copy from the revision that it withdraws.
OF_THE_REVISION = {
    "id", "election_id", "sequence", "first_sequence", "replaces_id", "by_id", "created_at",
    "erased_by",
}  # fmt: skip


def _draft(
    night: Night,
    columns: dict[str, Any],
    content: type[Content],
    replaces: Publication | None,
    before: Publication | None,
    by: User,
) -> BulletinDraft:
    """Insert the next revision, and return the draft of its bulletin."""
    model: Any = content.model
    if replaces is not None and not model.objects.get(pk=replaces.pk).is_current:
        raise _changed_meanwhile()
    sequence = night.sequence + 1
    row = model.objects.create(
        election=night.election,
        sequence=sequence,
        first_sequence=replaces.first_sequence if replaces else sequence,
        by=by,
        created_at=clock.now(),
        **columns | {"replaces": replaces},
    )
    contest: Contest | None = getattr(row, "contest", None)
    return BulletinDraft(
        kind=content.bulletin_kind,
        summary=str(content.withdrawal) if row.withdrawn else content.summary(row),
        contest=contest,
        publication=row,
        first_sequence=row.first_sequence,
        replaces=_replaced(content, replaces, before),
        night_parts=content.night_parts,
        entries=_entries(row) if "feed" in content.night_parts else (),
        removed_entries=_removed_entries(row, replaces) if "feed" in content.night_parts else (),
        quotes_of=contest if content.on_seat_page else None,
        before=before.full_text if before else "",
        after="" if row.withdrawn else row.full_text,
    )


def _changed_meanwhile() -> InvalidTransition:
    return InvalidTransition(
        _("This has been changed or withdrawn meanwhile: go on from its newest version.")
    )


def _replaced(
    content: type[Content], replaces: Publication | None, before: Publication | None
) -> int | None:
    """Return the bulletin whose publication readers no longer see; None if there is none."""
    if content.model is ExternalFigures:
        # Figures of another source replace the current ones.
        replaces = replaces or before
    return replaces.sequence if replaces else None


def _bulletin_of(publication: Publication) -> Bulletin:
    bulletin = find_bulletin(**{publication.bulletin_field: publication})
    assert bulletin is not None
    return bulletin


def _removed_entries(row: Publication, replaces: Publication | None) -> tuple[str, ...]:
    """Return the id of the entry that the row withdraws, or replaces by one with another id."""
    if replaces is None:
        return ()
    before = publication_entry_id(replaces)
    return (before,) if row.withdrawn or before != publication_entry_id(row) else ()


def _entries(row: Publication) -> tuple[tuple[str, int], ...] | None:
    """Return the entry of the feed that the row changes; None where it removes one."""
    return None if row.withdrawn else ((row.bulletin_field, row.first_sequence),)
