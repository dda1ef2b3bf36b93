"""Admin page of the house style: publisher's name, logo, colours, policy, and defaults."""

import re
from typing import Unpack

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from results import desk
from results.desk.logos import Logo, read_logo
from results.desk.pictures import NotAPicture, PicturesBusy, PicturesNotStored
from results.editor.admin_page import admin_page
from results.editor.annotations import CleanedData, Context, FormData, FormFiles, ModelFormOptions
from results.editor.base import editor_of
from results.forms import WholeURLField
from results.live.colours import TEXT_CONTRAST, contrast
from results.live.house_style import house_context, is_legible
from results.models import HouseStyle
from results.models.house_style import COLOUR

#: Shown in the pickers until a desk has chosen its own: they cannot be empty.
GROUND, INK = "#1b1916", "#ffffff"


class HouseStyleForm(forms.ModelForm[HouseStyle]):
    own_colours = forms.BooleanField(
        label=gettext_lazy("The masthead has the publisher’s colours"),
        required=False,
        help_text=gettext_lazy("Otherwise it is light or dark as the rest of the page."),
    )
    logo_file = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy(
            "PNG, JPEG or WebP, up to 2 MB, with room cut off around it. It stands in the masthead "
            "in place of the name, 32 pixels high, and adds its bytes to every first visit."
        ),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    remove_logo = forms.BooleanField(label=gettext_lazy("Remove the logo"), required=False)
    corrections_address = WholeURLField(
        label=gettext_lazy("Page of the corrections policy"),
        max_length=300,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"size": 60}),
    )
    #: Version that the form was opened at, so that no other change is overwritten unseen.
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = HouseStyle
        fields = (
            *("name", "ground", "ink", "system_serif"),
            *("corrections_text", "corrections_address", "timezone", "language"),
        )
        widgets = {
            "name": forms.TextInput(attrs={"size": 40}),
            "ground": forms.TextInput(attrs={"type": "color"}),
            "ink": forms.TextInput(attrs={"type": "color"}),
            "corrections_text": forms.Textarea(attrs={"rows": 2, "cols": 60}),
        }

    #: The logo that was sent, once it is known to be one.
    logo: Logo | None = None

    def __init__(
        self,
        data: FormData | None = None,
        files: FormFiles | None = None,
        **options: Unpack[ModelFormOptions[HouseStyle]],
    ) -> None:
        super().__init__(data, files, **options)
        style = self.instance
        self.fields["language"].widget.choices = settings.LANGUAGES
        # Replace the empty colours of the row, which a picker cannot show.
        colours = {"ground": style.ground or GROUND, "ink": style.ink or INK}
        seen = {"own_colours": bool(style.ground), "seen": seen_of(style)}
        self.initial = {**self.initial, **colours, **seen}
        if not style.has_logo:
            del self.fields["remove_logo"]

    def clean_logo_file(self) -> object:
        upload = self.cleaned_data.get("logo_file")
        if upload:
            try:
                self.logo = read_logo(upload, upload.size)
            except NotAPicture as exc:
                raise forms.ValidationError(str(exc)) from None
            except PicturesNotStored:
                raise forms.ValidationError(
                    _("This server’s disk takes no pictures: it may be full. Tell who runs it.")
                ) from None
            except PicturesBusy:
                raise forms.ValidationError(
                    _("Other pictures are being stored. Send it again in a moment.")
                ) from None
        return upload

    def clean(self) -> CleanedData:
        data = super().clean() or {}
        if data.get("seen") != seen_of(self.instance):
            raise forms.ValidationError(
                _("Somebody else has changed this style. Load this page again to see it.")
            )
        has_logo = self.logo or (self.instance.has_logo and not data.get("remove_logo"))
        if not data.get("own_colours"):
            data["ground"] = data["ink"] = ""
            if has_logo:
                self.add_error(
                    "own_colours",
                    _(
                        "Choose colours for the masthead: without them it is light or dark by "
                        "each reader’s setting, and a logo is seen on one of the two only."
                    ),
                )
        else:
            self._require_contrast(data.get("ink", ""), data.get("ground", ""))
        if has_logo and not data.get("name") and "name" not in self.errors:
            text = _("Name the publisher: readers who cannot see the logo hear the name.")
            self.add_error("name", text)
        return data

    def _require_contrast(self, ink: str, ground: str) -> None:
        # The model refuses what is no colour, with its own words.
        are_colours = all(re.fullmatch(COLOUR.regex, colour) for colour in (ink, ground))
        if are_colours and not is_legible(ink, ground):
            words = {"ratio": f"{contrast(ink, ground):.1f}", "least": f"{TEXT_CONTRAST:.1f}"}
            text = _(
                "Text of this colour on the masthead’s has a contrast of %(ratio)s to 1, and needs "
                "%(least)s to 1 (WCAG 2.2). Make one of them darker, or the other lighter."
            )
            self.add_error("ink", text % words)


def seen_of(style: HouseStyle) -> str:
    return f"{style.timezone} {style.language} {style.version}".strip()


@admin.register(HouseStyle)
class HouseStyleAdmin(admin.ModelAdmin[HouseStyle]):
    """Admin of the single row of the house style, which shows its form instead of a list."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: HouseStyle | None = None) -> bool:
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Context | None = None,
    ) -> HttpResponse:
        return HttpResponseRedirect(address())

    def changelist_view(
        self, request: HttpRequest, extra_context: Context | None = None
    ) -> HttpResponse:
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        may_change = self.has_change_permission(request)
        if request.method == "POST":
            if not may_change:
                raise PermissionDenied
            form = HouseStyleForm(request.POST, request.FILES, instance=HouseStyle.load())
            # Outside the transaction: nobody waits while a logo is decoded.
            if form.is_valid():
                _store(request, form)
                messages.success(request, _("Stored. Readers see it when they next load a page."))
                return HttpResponseRedirect(address())
        else:
            form = HouseStyleForm(instance=HouseStyle.load())
        if not may_change:
            for field in form.fields.values():
                field.disabled = True
        context: Context = {
            "title": _("Publisher’s style"),
            "form": form,
            "may_change": may_change,
            "preview": preview_page(HouseStyle.load()),
        }
        return admin_page(request, "editor/house_style.html", context, opts=self.opts)


def address() -> str:
    return reverse("admin:results_housestyle_changelist")


def preview_page(style: HouseStyle) -> str:
    """Render masthead and foot of a reader's page; the form's script applies unsaved values."""
    context = {"language": style.language, "desk": style.publisher, **house_context(style)}
    return render_to_string("editor/house_style_preview.html", context)


@transaction.atomic
def _store(request: HttpRequest, form: HouseStyleForm) -> None:
    stored = texts_of(HouseStyle.load())
    style = form.save(commit=False)
    if form.logo is not None:
        style.logo = form.logo.png
        style.logo_width, style.logo_height = form.logo.width, form.logo.height
    elif form.cleaned_data.get("remove_logo"):
        style.logo, style.logo_width, style.logo_height = b"", 0, 0
    style.save()
    now = texts_of(style)
    changed = [name for name, value in now.items() if value != stored[name]]
    if form.logo is not None and _("logo") not in changed:
        changed.append(_("logo"))
    before, after = (
        "; ".join(f"{name}: {texts[name] or '–'}" for name in changed) for texts in (stored, now)
    )
    what, by = "publisher’s style: changed", editor_of(request)
    desk.record_action(by, what, about=str(style), before=before, after=after)


def texts_of(style: HouseStyle) -> dict[str, str]:
    """Texts of each part of the style by its name, as the audit log records them."""
    columns = [style._meta.get_field(name) for name in HouseStyleForm.Meta.fields]
    texts = {
        str(getattr(column, "verbose_name", column.name)): str(getattr(style, column.name))
        for column in columns
    }
    size = {"width": style.logo_width, "height": style.logo_height}
    return texts | {_("logo"): _("%(width)d by %(height)d pixels") % size if style.has_logo else ""}
