"""Admin of published photos. None can be added here, because photos come from counts."""

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from results import desk
from results.editor.publication_admin import PublicationAdmin
from results.editor.publication_forms import PublicationForm
from results.models import WIDTHS, Photo


class PhotoForm(PublicationForm[Photo]):
    content_class = desk.PhotoContent

    class Meta:
        model = Photo
        fields = ("caption", "alt", "credit")


@admin.register(Photo)
class PhotoAdmin(PublicationAdmin[Photo]):
    form = PhotoForm
    list_display = ("caption", "contest", "credit", "published", "is_current", "by")
    list_filter = ("withdrawn",)
    related = ("election", "contest__election", "by", "replaced_by")
    search_fields = ("caption", "credit", "contest__name")
    fields = ("picture", "caption", "alt", "credit", "contest", "location", "key")
    readonly_fields = ("picture", "location")
    fixed = ("contest",)

    @admin.display(description=_("photo"))
    def picture(self, photo: Photo) -> str:
        address = reverse("admin:results_picture", args=[photo.name])
        return format_html('<img src="{}" alt="{}" width="{}">', address, photo.alt, WIDTHS[0])

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
