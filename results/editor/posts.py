"""Admin of posts."""

from django.contrib import admin

from results import desk
from results.editor.publication_admin import PublicationAdmin
from results.editor.publication_forms import PublicationForm
from results.models import Post


class PostForm(PublicationForm[Post]):
    content_class = desk.PostContent

    class Meta:
        model = Post
        fields = ("election", "contest", "title", "text")


@admin.register(Post)
class PostAdmin(PublicationAdmin[Post]):
    form = PostForm
    list_display = ("__str__", "contest", "published", "is_current", "by")
    related = ("election", "contest__election", "by", "replaced_by")
    search_fields = ("title", "text", "contest__name")
    autocomplete_fields = ("contest",)
    fields = ("election", "contest", "title", "text", "key")
