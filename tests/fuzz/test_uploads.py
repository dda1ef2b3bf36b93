"""Uploads that are no picture, several formats at once, or carry metadata."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from hypothesis import given, strategies as st
from PIL import ExifTags, Image, ImageCms, ImageDraw

from results.desk import pictures
from results.models import Election, Photo
from tests.fuzz.conftest import jpeg
from tests.fuzz.hostile import hostile_examples, rolled_back, rows

pytestmark = pytest.mark.django_db

HTML = b"<html><script>alert(1)</script></html>"
SECRET = b"Secret Phone Co"


@pytest.fixture
def night(kept_night: Election) -> Election:
    return kept_night


def sent(client: Client, content: bytes, name: str = "a.jpg", kind: str = "image/jpeg") -> Any:
    fields = {"step": "photo", "key": "u", "caption": "A stage", "alt": "A person", "credit": "Ann"}
    picture = SimpleUploadedFile(name, content, kind)
    return client.post("/count/ge/vale/", fields | {"picture": picture})


def stored(media: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in media.rglob("*") if file.is_file()}


def published(people: dict[str, Client], answer: Any) -> list[tuple[Any, bytes]]:
    """Return the photo just sent in each width, as a reader gets it."""
    assert answer.status_code == 302
    photo = Photo.objects.order_by("-pk").first()
    assert photo is not None
    addresses = [f"/ge/photos/{photo.name}-{width}.jpg" for width in (640, 1600)]
    answers = [people["reader"].get(address) for address in addresses]
    return [(answer, answer.content) for answer in answers]


def as_file(picture: Image.Image, kind: str, **more: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **more)
    return file.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is as large as this."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


REFUSED = {
    "nothing": b"",
    "a page": HTML,
    "an SVG": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a GIF": as_file(Image.new("RGB", (9, 9)), "GIF"),
    "a GIF with a script": b"GIF89a/*" + HTML,
    "a TIFF": as_file(Image.new("RGB", (9, 9)), "TIFF"),
    "a BMP": as_file(Image.new("RGB", (9, 9)), "BMP"),
    "a PDF": as_file(Image.new("RGB", (9, 9)), "PDF"),
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "a head of JPEG": b"\xff\xd8\xff\xe0" + HTML,
    "a cut JPEG": jpeg(600, 400)[:900],
    "a bomb": png_claiming(60_000, 60_000),
    "a larger bomb": png_claiming(2**31 - 1, 2**31 - 1),
    "no width": png_claiming(0, 5),
    "a little less than a bomb, and cut": png_claiming(8_000, 7_900),
}


def test_refuses_and_stores_nothing(people: dict[str, Client], media: Path) -> None:
    before, there = rows(), stored(media)
    for name, content in REFUSED.items():
        answer = sent(people["reporter"], content)
        assert answer.status_code == 422, name
        assert (rows(), stored(media)) == (before, there), name


def test_too_many_bytes(people: dict[str, Client], media: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(pictures, "MAX_UPLOAD_BYTES", 500)
    before, there = rows(), stored(media)
    assert sent(people["reporter"], jpeg(300, 300) + b"x" * 500).status_code == 422
    assert (rows(), stored(media)) == (before, there)


def laden() -> bytes:
    """A JPEG with all the metadata that a phone or an attacker may add."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = SECRET.decode()
    exif[ExifTags.IFD.GPSInfo] = {1: "N", 2: (51.0, 33.0, 0.0)}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = Image.new("RGB", (80, 60), "teal")
    whole = as_file(
        picture, "JPEG", exif=exif, icc_profile=profile, comment=HTML, xmp=b"<x:xmpmeta>" + SECRET
    )
    # A picture within the picture, as a comment of its own, and a page after the end.
    inner = jpeg(20, 20)
    segment = b"\xff\xfe" + struct.pack(">H", len(inner) + 2) + inner
    return whole[:2] + segment + whole[2:] + HTML


KEPT = {
    "laden": laden(),
    "CMYK": as_file(Image.new("CMYK", (80, 60)), "JPEG"),
    "grey": as_file(Image.new("L", (80, 60)), "JPEG"),
    "one bit": as_file(Image.new("1", (80, 60)), "PNG"),
    "sixteen bits": as_file(Image.new("I;16", (80, 60)), "PNG"),
    "transparent": as_file(Image.new("RGBA", (80, 60), (1, 2, 3, 0)), "PNG"),
    "palette": as_file(Image.new("P", (80, 60)), "PNG", transparency=0),
    "animated": as_file(
        Image.new("RGB", (80, 60)), "WEBP", save_all=True,
        append_images=[Image.new("RGB", (80, 60), "red")],
    ),
    "animated PNG": as_file(
        Image.new("RGB", (80, 60)), "PNG", save_all=True,
        append_images=[Image.new("RGB", (80, 60), "red")],
    ),
    "PNG with words": as_file(Image.new("RGB", (80, 60)), "PNG", exif=Image.Exif()) + HTML,
    "a line": as_file(Image.new("RGB", (5000, 1)), "PNG"),
    "a dot": as_file(Image.new("RGB", (1, 1)), "PNG"),
}  # fmt: skip


def test_re_encodes_pictures(people: dict[str, Client], media: Path) -> None:
    for content in KEPT.values():
        with rolled_back():
            _assert_encoded_again(people, media, content)


def _assert_encoded_again(people: dict[str, Client], media: Path, content: bytes) -> None:
    """Assert a re-encoded JPEG under a generated name, with none of the uploaded bytes."""
    there = stored(media)
    sent_as = ("x.php\0.jpg/../../shell.html", "text/html")
    for answer, raw in published(people, sent(people["reporter"], content, *sent_as)):
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        for hidden in (SECRET, b"<script", b"Exif", b"ICC_PROFILE", b"xmpmeta"):
            assert hidden not in raw
        with Image.open(io.BytesIO(raw)) as picture:
            assert (picture.format, picture.mode) == ("JPEG", "RGB")
            assert not picture.getexif()
            assert not {"icc_profile", "comment", "xmp", "exif"} & picture.info.keys()
        assert raw.count(b"\xff\xd8\xff") == 1
    for file in stored(media).keys() - there.keys():
        assert file.suffix == ".jpg"
        assert file.resolve().is_relative_to(media.resolve())
        assert not file.stat().st_mode & 0o111


def test_rotates_by_exif_orientation(people: dict[str, Client]) -> None:
    """The orientation itself is not stored."""
    upright = Image.new("RGB", (80, 40), "white")
    ImageDraw.Draw(upright).rectangle((0, 0, 39, 19), fill="red")
    turned = {6: Image.Transpose.ROTATE_90, 3: Image.Transpose.ROTATE_180,
              8: Image.Transpose.ROTATE_270, 2: Image.Transpose.FLIP_LEFT_RIGHT}  # fmt: skip
    for orientation, way in turned.items():
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = orientation
        content = as_file(upright.transpose(way), "JPEG", exif=exif, quality=95)
        with rolled_back():
            (_answer, raw), _larger = published(people, sent(people["reporter"], content))
            image = Image.open(io.BytesIO(raw))
            assert image.size == (80, 40)
            pixel = image.getpixel((5, 5))
            assert isinstance(pixel, tuple)
            red, _green, blue = pixel
            assert red > 200 > 100 > blue


def test_randomly_corrupted_pictures(people: dict[str, Client]) -> None:
    """Refused, or encoded again, whatever bytes were changed.

    More of them are tried in `tests/desk/test_hostile_pictures.py`, without a form around them.
    """
    kinds = [laden(), KEPT["palette"], KEPT["animated"], as_file(Image.new("RGB", (9, 9)), "WEBP")]
    spots = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8)

    @hostile_examples(20)
    @given(whole=st.sampled_from(kinds), spots=spots, cut=st.integers(0, 3000))
    def check(whole: bytes, spots: list[tuple[float, int]], cut: int) -> None:
        raw = bytearray(whole)
        for where, byte in spots:
            raw[int(where * (len(raw) - 1))] = byte
        with rolled_back():
            before = rows()
            answer = sent(people["reporter"], bytes(raw[: cut + 200]) if cut < 900 else bytes(raw))
            assert answer.status_code in (302, 422)
            if answer.status_code == 422:
                assert rows() == before

    check()


def test_file_names_leave_no_folder(people: dict[str, Client], media: Path) -> None:
    for name in ("..%2F..%2Fetc", "....", "%00", "a" * 5000, "-"):
        expected = 400 if "%00" in name else 404
    assert people["reader"].get(f"/ge/photos/{name}-640.jpg").status_code == expected
    # Pictures are served by the desk's own view alone: the folder itself has no address.
    file = next(iter(stored(media)))
    assert people["reader"].get(f"/media/{file.relative_to(media)}").status_code == 404


@pytest.mark.parametrize("field", ["username", "next", "code", "kept-reason"])
@pytest.mark.parametrize("path", ["/admin/login/", "/count/sign-in/"])
@pytest.mark.parametrize("encoding", ["raw_unicode_escape", "utf-16", "utf-7"])
def test_forms_in_other_encodings(path: str, field: str, encoding: str, client: Client) -> None:
    """Django reads fields in any encoding that Python knows: half a pair cannot be stored."""
    fields = {"username": "ann", "password": "wrong", field: "\\ud800"}
    body = encode_multipart(BOUNDARY, fields)
    content_type = f"{MULTIPART_CONTENT}; charset={encoding}"
    response = client.post(path, body, content_type=content_type)
    assert response.status_code == 400


@pytest.mark.parametrize("charset", ["", "; charset=utf-8", "; charset=UTF8"])
def test_forms_in_utf_8(charset: str, client: Client) -> None:
    body = encode_multipart(BOUNDARY, {"username": "ann", "password": "wrong"})
    response = client.post("/admin/login/", body, content_type=f"{MULTIPART_CONTENT}{charset}")
    assert response.status_code == 200
