"""The disk of temporary files is full: a long form or a picture is written there as it arrives."""

import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.small_disk import fill, mounted
from tests.phone import Phone
from tests.seeds import faults
from tests.seeds.counts import PASSWORD
from tests.servers import Server

#: Above what is received into memory, and in the second case more than one write of a file.
LENGTHS = [101_000, 700_000]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with mounted(tmp_path / "small", 4) as folder:
        yield folder


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("is_full_at_start", [False, True])
def test_says_that_it_cannot_take_this_now(
    make_desk: Callable[..., Server], disk: Path, length: int, is_full_at_start: bool
) -> None:
    """A connection that closes without an answer tells the operator nothing."""
    desk = make_desk(environment={"TMPDIR": str(disk)})
    (slug, _candidates, _pk), *_others = desk.seed(faults.night, 2, None)
    with desk:
        phone = Phone(desk)
        phone.sign_in(faults.REPORTERS[0], PASSWORD)
        assert phone.get("/count/").path == "/count/"
        fields = {"step": "publish", "source": "x" * length}
        if not is_full_at_start:
            assert phone.post(f"/count/ge/{slug}/", fields).status == 422
        fill(disk / "ballast")
        refused = phone.post(f"/count/ge/{slug}/", fields)
        assert (refused.status, refused.text.split(".")[0]) == (
            503,
            "The desk cannot take this now",
        )
        assert "no room for what was sent" in desk.output()
        assert "No " in desk.output()  # what the system said
        (disk / "ballast").unlink()
        assert phone.post(f"/count/ge/{slug}/", fields).status == 422


@pytest.mark.parametrize("program", ["daphne", "uvicorn"])
def test_says_so_of_a_picture_that_fits_only_once(
    make_desk: Callable[..., Server], tmp_path: Path, program: str
) -> None:
    """Django writes a second file of what Daphne has received, and the only one of uvicorn's."""
    with mounted(tmp_path / "small", 8 if program == "daphne" else 4) as disk:
        desk = make_desk(program=program, environment={"TMPDIR": str(disk)})
        (slug, _candidates, _pk), *_others = desk.seed(faults.night, 1, None)
        with desk:
            phone = Phone(desk)
            phone.sign_in(faults.REPORTERS[0], PASSWORD)
            head = 'Content-Disposition: form-data; name="photo"; filename="a.jpg"'
            body = f"--end\r\n{head}\r\n\r\n{'x' * 6_000_000}\r\n--end--\r\n".encode()
            headers = {"Content-Type": "multipart/form-data; boundary=end"}
            request = urllib.request.Request(desk.url(f"/count/ge/{slug}/"), body, headers)
            refused = phone._open(request)
            assert (refused.status, refused.text.split(".")[0]) == (
                503,
                "The desk cannot take this now",
            )
            assert "no room for what was sent" in desk.output()
