"""Posts: a few sentences of the desk's own in the feed, changed or taken out through the door."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results import desk
from results.editor.base import DeskAdmin, editor_of, stamp
from results.editor.idempotency import KeyField, with_key
from results.models import Election, Post


class PostForm(forms.ModelForm):  # type: ignore[type-arg]
    key = KeyField()

    class Meta:
        model = Post
        fields = ("election", "contest", "title", "text")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        contest = values.get("contest")
        if contest and values.get("election") and contest.election_id != values["election"].pk:
            self.add_error("contest", _("Choose a contest of this election."))
        return values


@admin.register(Post)
class PostAdmin(DeskAdmin):
    form = PostForm
    list_display = ("__str__", "contest", "published", "is_current", "by")
    list_filter = (("election", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("election", "contest", "by", "replaced_by")
    search_fields = ("title", "text", "contest__name")
    autocomplete_fields = ("contest",)
    fields = ("election", "contest", "title", "text", "key")
    actions = ("withdraw",)

    def election_of(self, obj: Post) -> Election:
        return obj.election

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "text":
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 4})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("published"))
    def published(self, post: Post) -> str:
        return stamp(post.created_at, post.election)

    @admin.display(description=gettext_lazy("on the pages"), boolean=True)
    def is_current(self, post: Post) -> bool:
        return not post.withdrawn and not hasattr(post, "replaced_by")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["election", "contest"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or self.is_current(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(
        description=gettext_lazy("Withdraw: gone from every page"), permissions=["change"]
    )
    def withdraw(self, request: HttpRequest, posts: "QuerySet[Post]") -> None:
        for post in posts:
            if self.is_current(post):
                answer = desk.post(
                    post.election,
                    post.text,
                    title=post.title,
                    contest=post.contest,
                    replaces=post,
                    withdrawn=True,
                    by=editor_of(request),
                    idempotency_key=f"withdraw-post-{post.pk}",
                )
                said = _("Withdrawn: bulletin %(number)d.") % {"number": answer.sequence}
                self.message_user(request, said, messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Post, form: Any, change: bool) -> None:
        """Through the door alone. ``obj`` becomes the row that the door wrote."""
        if change and not form.has_changed():
            self.message_user(request, _("Nothing was changed, nothing was published."))
            return
        before = (
            Post.objects.select_related("election", "contest").get(pk=obj.pk) if change else None
        )
        told = form.cleaned_data
        answer = with_key(
            told["key"],
            lambda key: desk.post(
                before.election if before else told["election"],
                told["text"],
                title=told["title"],
                contest=before.contest if before else told["contest"],
                replaces=before,
                by=editor_of(request),
                idempotency_key=key,
            ),
        )
        written = answer.bulletin.post
        assert written is not None
        obj.pk = written.pk
        said = _("Published as bulletin %(number)d.") % {"number": answer.sequence}
        self.message_user(request, said, messages.SUCCESS)

    def response_add(
        self, request: HttpRequest, obj: Post, post_url_continue: str | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:results_post_changelist"))

    def response_change(self, request: HttpRequest, obj: Post) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:results_post_changelist"))
