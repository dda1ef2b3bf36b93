"""Permissions of the person who looks at the dashboard."""

from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest

from results.editor.base import editor_of

#: The permission that withdrawing a publication needs, by its kind. A headline is never changed,
#: only replaced: whoever writes one may withdraw it.
TO_WITHDRAW = {
    "quote": "change_quote",
    "photo": "change_photo",
    "post": "change_post",
    "headline": "add_headline",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Permissions of a viewer, one flag for each. `pk` is the user's primary key.

    `withdraws` are the kinds of publications that the viewer may withdraw.
    """

    pk: int
    sees_items: bool
    sees_phones: bool
    sees_answers: bool
    sees_declarations: bool
    sees_webhooks: bool
    declares: bool
    corrects: bool
    publishes_quotes: bool
    publishes_photos: bool
    writes_headlines: bool
    writes_posts: bool
    writes_notes: bool
    retimes: bool
    withdraws: frozenset[str]

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        user = editor_of(request)

        def may(permission: str) -> bool:
            return user.has_perm(f"results.{permission}")

        return cls(
            pk=user.pk,
            sees_items=may("view_reviewitem"),
            sees_phones=may("view_assignment"),
            sees_answers=may("view_messagereading"),
            sees_declarations=may("view_declaration"),
            sees_webhooks=may("view_webhookdelivery"),
            declares=may("add_declaration"),
            corrects=may("change_declaration"),
            publishes_quotes=may("add_quote"),
            publishes_photos=may("add_photo"),
            writes_headlines=may("add_headline"),
            writes_posts=may("add_post"),
            writes_notes=may("add_message"),
            retimes=may("change_contest"),
            withdraws=frozenset(kind for kind, name in TO_WITHDRAW.items() if may(name)),
        )

    def may_judge(self, kind: str) -> bool:
        """Whether the viewer may publish or set aside review items of this kind."""
        return {
            "result": self.declares,
            "correction": self.corrects,
            "quote": self.publishes_quotes,
            "photo": self.publishes_photos,
        }[kind]
