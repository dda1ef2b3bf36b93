"""Pictures that a phone sends in parts: each part, and the form that follows the last one."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from results.desk import uploads
from results.desk.pictures import MAX_UPLOAD_BYTES
from results.live.seat import Seat
from results.models import LARGEST_PART, Upload
from results.reporter.permissions import user_of
from results.reporter.responses import outbox_response

PictureStep = Callable[[HttpRequest, Seat, Upload | None], HttpResponse]


class PartForm(forms.Form):
    """One part of a picture: `size` is that of the whole, `offset` the part's position in it."""

    key = forms.CharField(max_length=64)
    size = forms.IntegerField(min_value=1, max_value=MAX_UPLOAD_BYTES)
    offset = forms.IntegerField(min_value=0, max_value=MAX_UPLOAD_BYTES)
    part = forms.FileField()


def submit_part(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Keep a part of a picture, and say from which byte on the next one is wanted."""
    form = PartForm(request.POST, request.FILES)
    if not form.is_valid() or form.cleaned_data["part"].size > LARGEST_PART:
        words = _("This photo is larger than 20 MB, or broken: take it again, or a smaller one.")
        return outbox_response(request, seat, 422, state="refused", words=words)
    data = form.cleaned_data
    received = uploads.receive_part(
        user_of(request),
        data["key"],
        size=data["size"],
        offset=data["offset"],
        content=data["part"].read(),
    )
    return outbox_response(request, seat, 200, state="part", offset=received)


def takes_parts(step: PictureStep) -> Callable[[HttpRequest, Seat], HttpResponse]:
    """Decorate a step so that its picture may come with the form or in earlier parts (`parts`)."""

    @wraps(step)
    def run(request: HttpRequest, seat: Seat) -> HttpResponse:
        if not request.POST.get("parts"):
            return step(request, seat, None)
        upload = uploads.find(user_of(request), request.POST.get("key", ""))
        if upload is None or not uploads.is_known(upload):
            return _missing(request, seat, upload.received if upload else 0)
        try:
            response = step(request, seat, upload)
        except uploads.PartsMissing:
            return _missing(request, seat, 0)
        # What was not taken may be sent once more, as it is.
        if response.status_code < HTTPStatus.BAD_REQUEST:
            uploads.release(upload)
        return response

    return run


def _missing(request: HttpRequest, seat: Seat, received: int) -> HttpResponse:
    return outbox_response(request, seat, 409, state="parts", offset=received)
