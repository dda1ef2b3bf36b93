"""Whatever is sent as a picture is kept as one of ours, or refused in words: never a fault."""

import contextlib
import io
import json
import subprocess
import sys
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from results.desk import picture_worker, pictures
from results.desk.pictures import NotAPicture, PicturesBusy, store, worker_command
from results.models import WIDTHS
from tests.acceptance import measured
from tests.acceptance import pictures as hostile

KINDS = ("JPEG", "PNG", "WEBP")


def picture(kind="JPEG", mode="RGB", size=(60, 40), **more):
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind, **more)
    return file.getvalue()


def with_exif(kind):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "Secret Phone Co"
    return picture(kind, exif=exif)


SOUND = {kind: with_exif(kind) for kind in KINDS}


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def kept_files(media):
    return sorted(media.rglob("*.jpg"))


def kept(raw, media):
    """The files that a picture became; none where it was refused."""
    before = set(media.rglob("*.jpg"))
    with contextlib.suppress(NotAPicture):
        store(io.BytesIO(raw), len(raw))
    return sorted(set(media.rglob("*.jpg")) - before)


@st.composite
def damaged(draw):
    """A sound picture with some bytes changed, cut off or put in: mostly near its head."""
    raw = bytearray(SOUND[draw(st.sampled_from(KINDS))])
    near = draw(st.sampled_from([40, 120, len(raw)]))
    for at, value in draw(st.lists(st.tuples(st.integers(0, near - 1), st.integers(0, 255)))):
        raw[min(at, len(raw) - 1)] = value
    if draw(st.booleans()):
        del raw[draw(st.integers(1, len(raw))) :]
    return bytes(raw) + draw(st.binary(max_size=20))


@pytest.mark.filterwarnings("ignore")
@given(damaged() | st.binary(max_size=200))
@settings(
    max_examples=300, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_damaged_picture_is_kept_or_refused(tmp_path, raw):
    """In this process: a program for each of three hundred would take a minute."""
    said = picture_worker.convert(io.BytesIO(raw), tmp_path, list(WIDTHS))
    assert ("refused" in said) != ("width" in said)


def test_broken_metadata_of_a_sound_picture_is_no_fault(media):
    """Found by the test above with more examples: the picture is read, its EXIF is not."""
    raw = SOUND["WEBP"].replace(b"MM\0*", b"\0M\0*").replace(b"II*\0", b"\0I*\0")
    assert raw != SOUND["WEBP"]
    assert kept(raw, media) == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7 not a picture",
        b"GIF89a" + b"\x01\x00\x01\x00\x00\x00\x00;",
        picture("GIF", "P"),
        picture("TIFF"),
        picture("BMP"),
        picture()[:200],
    ],
)
def test_what_is_no_photograph_is_refused(raw, media):
    assert kept(raw, media) == []


def test_a_page_that_hides_in_a_picture_does_not_come_out_of_it(media):
    words = b"<script>alert(1)</script>"
    hidden = [
        picture(comment=words),
        picture() + words,
        picture("PNG") + words,
        picture(icc_profile=words * 20),
        picture("WEBP", xmp=words),
    ]
    for raw in hidden:
        assert words in raw
        files = kept(raw, media)
        assert files
        for file in files:
            made = file.read_bytes()
            assert words not in made
            assert made.startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("PNG", "1")],
)
def test_every_kind_of_colour_becomes_a_jpeg(media, kind, mode):
    for file in kept(picture(kind, mode), media):
        with Image.open(file) as made:
            assert (made.format, made.mode) == ("JPEG", "RGB")


def test_of_a_picture_that_moves_the_first_is_kept(media):
    file = io.BytesIO()
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "teal", "white")]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    assert kept(file.getvalue(), media)


# --- What the kernel holds it to --------------------------------------------------------------


def usage(raw, folder):
    """What a decoder of its own used for this file, and what it printed."""
    source = folder / "source"
    source.write_bytes(raw)
    with source.open("rb") as read:
        done = subprocess.run(
            [sys.executable, measured.__file__, *worker_command(folder)],
            stdin=read, capture_output=True, check=True,
        )  # fmt: skip
    return json.loads(done.stderr), json.loads(done.stdout)


@pytest.mark.parametrize("name", [*hostile.REFUSED, *hostile.KEPT])
def test_memory_and_time_of_a_decoder_are_bounded(tmp_path, name):
    used, _said = usage((hostile.REFUSED | hostile.KEPT)[name](), tmp_path)
    assert used["seconds"] <= picture_worker.CPU_SECONDS + 1
    assert used["bytes"] <= picture_worker.MEMORY_BYTES
    assert used["code"] == 0


def test_a_decoder_that_wants_too_much_memory_is_not_given_it(tmp_path):
    """A progressive JPEG is kept whole in memory, however small it is to become."""
    used, said = usage(
        hostile.jpeg(11_000, 8_000, progressive=True, subsampling=0, quality=1), tmp_path
    )
    assert used["bytes"] <= picture_worker.MEMORY_BYTES
    assert "refused" in said


@pytest.mark.parametrize(
    "program",
    ["while True: pass", "import os; os.abort()", "print('{')", "raise OSError", "[0] * 10**12"],
)
def test_a_decoder_that_ends_badly_refuses_the_picture(monkeypatch, media, program):
    monkeypatch.setattr(pictures, "DECODE_SECONDS", 1.0)
    monkeypatch.setattr(pictures, "worker_command", lambda folder: [sys.executable, "-c", program])
    with pytest.raises(NotAPicture, match="smaller"):
        store(io.BytesIO(picture()), 1000)
    assert kept_files(media) == []


def test_one_at_a_time_and_no_long_queue(monkeypatch, media):
    """One is being decoded: some wait for it, and the next is told to come again."""
    monkeypatch.setattr(pictures, "WAIT_SECONDS", 0.05)
    with pictures._decoding:
        with pytest.raises(PicturesBusy):
            store(io.BytesIO(picture()), 1000)
        monkeypatch.setattr(pictures, "WAIT_SECONDS", 60)
        waiting = [
            threading.Thread(target=store, args=(io.BytesIO(picture()), 1000))
            for _one in range(pictures.MAX_WAITING + 1)
        ]
        for one in waiting:
            one.start()
        while pictures._slots._value:
            pass
        with pytest.raises(PicturesBusy):
            store(io.BytesIO(picture()), 1000)
    for one in waiting:
        one.join()
    assert len(kept_files(media)) == len(WIDTHS) * len(waiting)
