"""Loading the areas that postcodes are in."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results.arithmetic.postcodes import is_part_of_postcode, read_postcode
from results.exchange import postcodes
from results.exchange.errors import FileErrors
from results.exchange.postcodes import load_postcodes
from results.models import PostcodeAreas, PostcodeDistrict

DIRECTORY = """pcd,pcds,doterm,osward,pcon24cd,ru11ind
N1  2AB,N1 2AB,,E05000001,E14000001,A1
N1  2AC,N1 2AC,201501,E05000001,E14000001,A1
BT1 1AA,BT1 1AA,,N08000001,N05000001,
GY1 1AA,GY1 1AA,,L99999999,L99999999,
"""


def file_of(folder: Path, text: str) -> Path:
    path = folder / "postcodes.csv"
    path.write_text(text, encoding="utf-8-sig")
    return path


def areas_of(text: str) -> PostcodeAreas | None:
    postcode = read_postcode(text)
    assert postcode is not None
    return PostcodeDistrict.areas_of(postcode)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("n12ab", "N1 2AB"),
        (" N1  2AB ", "N1 2AB"),
        ("sw1a1aa", "SW1A 1AA"),
        ("bt1 1aa", "BT1 1AA"),
        ("N1", None),
        ("N1 2", None),
        ("Newport", None),
        ("N1 2AB N1 2AB", None),
    ],
)
def test_postcode_is_read_as_it_is_typed(typed: str, read: str | None) -> None:
    assert str(read_postcode(typed) or "") == (read or "")


@pytest.mark.parametrize(
    ("typed", "is_part"), [("N1", True), ("sw1a 1", True), ("N1 2AB", False), ("Newport", False)]
)
def test_beginning_of_a_postcode_is_told_from_a_name(typed: str, is_part: bool) -> None:
    assert is_part_of_postcode(typed) is is_part


@pytest.mark.django_db
class TestLoading:
    def test_directory_of_ons_is_read_by_its_headings(self, tmp_path: Path) -> None:
        loaded = load_postcodes(file_of(tmp_path, DIRECTORY))
        assert (loaded.postcodes, loaded.ended, loaded.changed) == (4, 1, 4)
        assert areas_of("N1 2AB") == PostcodeAreas(("E05000001", "E14000001"))
        assert areas_of("N1 2AC") == PostcodeAreas(("E05000001", "E14000001"), in_use=False)
        assert areas_of("BT1 1AA") == PostcodeAreas(("N05000001", "N08000001"))
        assert areas_of("GY1 1AA") == PostcodeAreas(())
        assert areas_of("N1 9ZZ") is None
        assert [row.postcodes for row in PostcodeDistrict.objects.order_by("outward")] == [1, 1, 2]

    def test_loading_again_changes_nothing(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postcodes, "BATCH", 1)
        done: list[tuple[int, int]] = []
        assert (
            load_postcodes(
                file_of(tmp_path, DIRECTORY), report=lambda *each: done.append(each)
            ).changed
            == 4
        )
        assert done == [(1, 4), (2, 4), (3, 4), (4, 4)]
        before = list(PostcodeDistrict.objects.values_list())
        assert load_postcodes(file_of(tmp_path, DIRECTORY)).changed == 0
        assert list(PostcodeDistrict.objects.values_list()) == before

    def test_areas_are_replaced_or_added(self, tmp_path: Path) -> None:
        load_postcodes(file_of(tmp_path, DIRECTORY))
        other = file_of(tmp_path, "postcode;my area\nN1 2AB;E14000002\n")
        load_postcodes(other, columns=["My area"], add=True)
        assert areas_of("N1 2AB") == PostcodeAreas(("E05000001", "E14000001", "E14000002"))
        load_postcodes(other, columns=["My area"])
        assert areas_of("N1 2AB") == PostcodeAreas(("E14000002",))
        assert areas_of("N1 2AC") is not None

    def test_every_wrong_line_is_named_and_nothing_changes(self, tmp_path: Path) -> None:
        rows = ["N1 2AB,E14000001", "x\0yz,E1", "N1 2AC", "N1 2AD,a \u202eb"]
        path = file_of(tmp_path, "\n".join(["postcode,code", *rows, ""]))
        with pytest.raises(FileErrors) as caught:
            load_postcodes(path)
        errors = [(error.line, error.column, error.error) for error in caught.value.errors]
        assert errors == [
            (3, "postcode", "“xyz” is no postcode."),
            (4, "", "The line has 1 cells, fewer than the first line."),
            (5, "code", "“a b” is no official code, such as E14000001."),
        ]
        assert not PostcodeDistrict.objects.exists()

    @pytest.mark.parametrize(
        ("names", "codes"), [("ward", "ward_code"), ("code", "ons_id"), ("lad", "lad24cd")]
    )
    def test_column_of_names_beside_one_of_codes_is_left_out(
        self, tmp_path: Path, names: str, codes: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = file_of(tmp_path, f"postcode,{names},{codes}\nN1 2AB,Moor,E05000001\nN1 2AC,Mill,\n")
        call_command("load_postcodes", path)
        assert areas_of("N1 2AB") == PostcodeAreas(("E05000001",))
        assert areas_of("N1 2AC") == PostcodeAreas(())
        said = capsys.readouterr().out
        assert f"“{names}” is left out: it has names, and no official code" in said

    def test_column_with_some_codes_is_not_left_out(self, tmp_path: Path) -> None:
        path = file_of(tmp_path, "postcode,ward,code\nN1 2AB,Moor,E1\nN1 2AC,E2,E3\n")
        with pytest.raises(FileErrors) as caught:
            load_postcodes(path)
        assert [(error.line, error.error) for error in caught.value.errors] == [
            (2, "“Moor” is no official code, such as E14000001.")
        ]

    def test_chosen_column_of_names_is_refused_beside_one_of_codes(self, tmp_path: Path) -> None:
        path = file_of(tmp_path, "postcode,ward,code\nN1 2AB,Moor,E1\n")
        with pytest.raises(FileErrors):
            load_postcodes(path, columns=["ward", "code"])

    @pytest.mark.parametrize("heading", ["code", "ward", "place"])
    def test_column_of_names_is_refused_with_its_lines(self, tmp_path: Path, heading: str) -> None:
        path = file_of(tmp_path, f"postcode,{heading}\nN1 2AB,Hillside\nN1 2AC,Moor\n")
        with pytest.raises(CommandError) as raised:
            call_command("load_postcodes", path, columns=[heading])
        assert "postcodes.csv:2: code: “Hillside” is no official code" in str(raised.value)
        assert "postcodes.csv:3: code: “Moor” is no official code" in str(raised.value)
        assert not PostcodeDistrict.objects.exists()

    @pytest.mark.parametrize(
        ("text", "error"),
        [
            ("", "names no column of postcodes"),
            ("postcode,colour\nN1 2AB,red\n", "names no column of areas"),
            ("postcode,code\n", "There is no postcode in it"),
        ],
    )
    def test_command_says_what_a_file_lacks(self, tmp_path: Path, text: str, error: str) -> None:
        with pytest.raises(CommandError, match=error):
            call_command("load_postcodes", file_of(tmp_path, text))
        with pytest.raises(CommandError, match="No such file"):
            call_command("load_postcodes", tmp_path / "none" / "postcodes.csv")
