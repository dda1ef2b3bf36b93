"""Forms with a picture that a reporter sends from a count."""

import hashlib
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from results.desk.errors import IdempotencyKeyReused
from results.desk.pictures import refusals_of_files, store
from results.desk.uploads import digest_of, store_upload
from results.forms import VisibleTextField
from results.models import Upload
from results.models.text_limits import LONGEST_CAPTION, LONGEST_CREDIT
from results.reporter.forms import SubmissionForm

#: Error codes of a picture that can never be stored, and of one that may be in a moment.
NEVER, LATER = "never", "later"


class PictureField(forms.FileField):
    """A required kind of file, a picture; `phone_attrs` are for the phone's own check."""

    @property
    def phone_attrs(self) -> dict[str, str]:
        return {f"data-{code}": text for code, text in refusals_of_files().items()}


class PictureForm(SubmissionForm):
    """Base of forms with a picture, which is stored unless the submission was answered before.

    The picture came with the form, or in parts before it: `upload`.
    """

    picture = PictureField(
        label=_("Photo"), error_messages={"required": _("Take or choose a photo.")}
    )

    def __init__(self, *args: Any, upload: Upload | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.upload = upload
        self.fields["picture"].required = upload is None

    @property
    def picture_digest(self) -> str:
        """SHA-256 of the file as it was sent. Raises PartsMissing."""
        if self.upload is not None:
            return digest_of(self.upload)
        picture, digest = self.cleaned_data["picture"], hashlib.sha256()
        for chunk in picture.chunks():
            digest.update(chunk)
        picture.seek(0)
        return digest.hexdigest()

    def refuse_reused_key(self, refusal: IdempotencyKeyReused) -> None:
        super().refuse_reused_key(refusal)
        # A page cannot hold the file for the reporter.
        self.add_error("picture", _("Choose this photo again to send it as well."))

    def store_picture(self) -> str:
        """Store the picture; its name. Raises NotAPicture, PicturesBusy or PartsMissing."""
        if self.upload is not None:
            return store_upload(self.upload)
        picture = self.cleaned_data["picture"]
        return store(picture, picture.size).name


class PhotoForm(PictureForm):
    """A photo with the caption, text alternative and credit that it needs."""

    id_prefix = "photo_"

    caption = VisibleTextField(
        label=_("Caption"),
        max_length=LONGEST_CAPTION,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say who and what is in the photo.")},
    )
    alt = VisibleTextField(
        label=_("What it shows"),
        help_text=_("for those who cannot see it"),
        max_length=LONGEST_CAPTION,
        error_messages={"required": _("Describe it for those who cannot see it.")},
    )
    credit = VisibleTextField(
        label=_("Credit"),
        max_length=LONGEST_CREDIT,
        error_messages={"required": _("Name who took it.")},
    )


class NoticeForm(PictureForm):
    """A photo of the returning officer's signed notice, which only editors see."""

    id_prefix = "notice_"

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["picture"].label = _("Photo of the notice")
