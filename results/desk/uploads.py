"""Receive pictures in parts, so that an upload resumes after a broken connection.

It works as the tus protocol (https://tus.io/protocols/resumable-upload): a part is sent with its
offset, and the answer is the offset that the next one needs. Parts may arrive twice, in any order
and to any process.
"""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import IO

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from results.desk.pictures import disk_errors, store
from results.models import Upload, UploadPart

#: Most pictures of one reporter that may be uploading at the same time, and most bytes of all.
MOST_UPLOADS = 8
MOST_BYTES = 60 * 1024 * 1024
#: How long a phone may pause before its parts are deleted.
MAX_AGE = timedelta(hours=24)
#: Most bytes of a picture in memory while its parts are joined.
_IN_MEMORY = 1024 * 1024


class PartsMissing(Exception):
    """Raised where the picture is incomplete: the phone has to send it from `received` on."""


def receive_part(reporter: User, key: str, *, size: int, offset: int, content: bytes) -> int:
    """Store a part of the picture of `size` bytes; return how many bytes are stored so far.

    A part that is stored already changes nothing, and one that leaves a gap is not stored. With
    another size it is another picture, which starts again.
    """
    now = timezone.now()
    with transaction.atomic():
        upload = _opened(reporter, key, size, now)
        new = content[upload.received - offset : size - offset]
        if offset > upload.received or not new:
            return upload.received
        UploadPart.objects.create(upload=upload, offset=upload.received, content=new)
        upload.received += len(new)
        upload.touched_at = now
        upload.save(update_fields=["received", "touched_at"])
        return upload.received


def _opened(reporter: User, key: str, size: int, now: datetime) -> Upload:
    """Return the upload with this key, locked, creating it if needed."""
    own = Upload.objects.filter(reporter=reporter)
    own.filter(idempotency_key=key).exclude(size=size).delete()
    # Only before the first byte: an upload without any bytes does not count.
    if not own.filter(idempotency_key=key, received__gt=0).exists():
        _make_room(reporter, size, now)
    upload, _new = Upload.objects.select_for_update().get_or_create(
        reporter=reporter, idempotency_key=key, defaults={"size": size, "touched_at": now}
    )
    return upload


def _make_room(reporter: User, size: int, now: datetime) -> None:
    """Delete anybody's abandoned uploads, and the reporter's oldest beyond the limits."""
    Upload.objects.filter(touched_at__lt=now - MAX_AGE).delete()
    left, most = MOST_BYTES - size, MOST_UPLOADS - 1
    for upload in Upload.objects.filter(reporter=reporter, received__gt=0).order_by("-touched_at"):
        left, most = left - upload.size, most - 1
        if left < 0 or most < 0:
            upload.delete()


def find(reporter: User, key: str) -> Upload | None:
    """Return the upload with this key, whose parts may have been deleted."""
    return Upload.objects.filter(reporter=reporter, idempotency_key=key).first()


def is_known(upload: Upload) -> bool:
    """Whether the picture is complete, or was before its parts were deleted."""
    return bool(upload.digest) or upload.received == upload.size


def digest_of(upload: Upload) -> str:
    """Return the SHA-256 of the complete picture. Raises PartsMissing."""
    if not upload.digest:
        hasher = hashlib.sha256()
        with _whole(upload) as file:
            while block := file.read(_IN_MEMORY):
                hasher.update(block)
        upload.digest = hasher.hexdigest()
        Upload.objects.filter(pk=upload.pk).update(digest=upload.digest)
    return upload.digest


def store_upload(upload: Upload) -> str:
    """Store the complete picture; return its name. Raises as `pictures.store`, or PartsMissing."""
    with _whole(upload) as file:
        return store(file, upload.size).name


@contextmanager
def _whole(upload: Upload) -> Iterator[IO[bytes]]:
    """Open the picture as a file. Raises PartsMissing or PicturesNotStored."""
    with disk_errors(), tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        for part in upload.parts.order_by("offset").iterator(chunk_size=1):
            file.write(part.content)
        if file.tell() != upload.size:
            # Another request has deleted the parts without storing an answer.
            Upload.objects.filter(pk=upload.pk).update(digest="")
            raise PartsMissing
        file.seek(0)
        yield file


def release(upload: Upload) -> None:
    """Delete the parts of a picture that the desk has answered."""
    with transaction.atomic():
        upload.parts.all().delete()
        Upload.objects.filter(pk=upload.pk).update(received=0)


def drop(reporter: User, key: str) -> None:
    """Delete all of a picture that was taken back."""
    Upload.objects.filter(reporter=reporter, idempotency_key=key).delete()
