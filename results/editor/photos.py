"""Photos as published: captioned anew or withdrawn through the door, never edited in place."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results import desk
from results.editor.base import DeskAdmin, editor_of, stamp
from results.editor.idempotency import KeyField, with_key
from results.models import WIDTHS, Election, Photo


class PhotoForm(forms.ModelForm):  # type: ignore[type-arg]
    key = KeyField()

    class Meta:
        model = Photo
        fields = ("caption", "alt", "credit")


@admin.register(Photo)
class PhotoAdmin(DeskAdmin):
    form = PhotoForm
    list_display = ("caption", "contest", "credit", "published", "is_current", "by")
    list_filter = (("election", admin.RelatedOnlyFieldListFilter), "withdrawn")
    list_select_related = ("election", "contest", "by", "replaced_by")
    search_fields = ("caption", "credit", "contest__name")
    fields = ("picture", "caption", "alt", "credit", "contest", "location", "key")
    readonly_fields = ("picture", "contest", "location")
    actions = ("withdraw",)

    def election_of(self, obj: Photo) -> Election:
        return obj.election

    @admin.display(description=gettext_lazy("published"))
    def published(self, photo: Photo) -> str:
        return stamp(photo.created_at, photo.election)

    @admin.display(description=gettext_lazy("on the pages"), boolean=True)
    def is_current(self, photo: Photo) -> bool:
        return not photo.withdrawn and not hasattr(photo, "replaced_by")

    @admin.display(description=gettext_lazy("photo"))
    def picture(self, photo: Photo) -> str:
        address = reverse("admin:results_picture", args=[photo.name])
        return format_html(
            '<img src="{}" alt="{}" class="offered" width="{}">', address, photo.alt, WIDTHS[0]
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Photos come from counts."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or self.is_current(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(
        description=gettext_lazy("Withdraw: gone from every page"), permissions=["change"]
    )
    def withdraw(self, request: HttpRequest, photos: Any) -> None:
        for photo in photos:
            if not self.is_current(photo):
                continue
            answer = desk.withdraw_photo(
                photo, by=editor_of(request), idempotency_key=f"withdraw-photo-{photo.pk}"
            )
            said = _("Withdrawn: bulletin %(number)d.") % {"number": answer.sequence}
            self.message_user(request, said, messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Photo, form: Any, change: bool) -> None:
        """Through the door alone. ``obj`` becomes the row that the door wrote."""
        if not form.has_changed():
            self.message_user(request, _("Nothing was changed, nothing was published."))
            return
        before = Photo.objects.select_related("election", "contest").get(pk=obj.pk)
        told = form.cleaned_data
        answer = with_key(
            told["key"],
            lambda key: desk.photo(
                before.election,
                before.name,
                caption=told["caption"],
                alt=told["alt"],
                credit=told["credit"],
                by=editor_of(request),
                idempotency_key=key,
                contest=before.contest,
                replaces=before,
            ),
        )
        filed = answer.bulletin.photo
        assert filed is not None
        obj.pk = filed.pk
        said = _("Published as bulletin %(number)d.") % {"number": answer.sequence}
        self.message_user(request, said, messages.SUCCESS)

    def response_change(self, request: HttpRequest, obj: Photo) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:results_photo_changelist"))
