"""Static files in production: collected, hashed and checked."""

import http.client
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from results.reporter.worker import SHELL
from tests.collected import PUBLIC
from tests.needs import ROOT
from tests.processes import START_SECONDS
from tests.servers import Server

IMPORT = re.compile(r"""(?m)^(?:import|export) [^;"']*?from ["']([^"']+)["'];""")
COMMENT = re.compile(r"(?m)^[ \t]*//[^\n]*\n|^[ \t]*/\*(?:(?!\*/)[\s\S])*\*/[ \t]*\n")
HASHED = re.compile(r"\.[0-9a-f]{12}(\.\w+)?$")

MakeDesk = Callable[..., Server]


def public_desk(make_desk: MakeDesk, static_root: Path) -> Server:
    """A desk with production's settings that looks for its collected files in `static_root`."""
    return make_desk(environment={**PUBLIC, "STATIC_ROOT": str(static_root)})


def get(server: Server, path: str) -> tuple[int, str]:
    """The answer to a request that a proxy received over TLS."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=START_SECONDS)
    headers = {"Host": "desk.example", "X-Forwarded-Proto": "https"}
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text


def test_collectstatic_hashes_every_file(static_root: Path) -> None:
    names = json.loads((static_root / "staticfiles.json").read_text())["paths"]
    assert {"reader/live.js", "reporter/count.js", "editor/editor.css"} <= names.keys()
    assert [name for name in names.values() if not HASHED.search(name)] == []
    assert [name for name in names.values() if not (static_root / name).is_file()] == []


def test_our_modules_import_each_other_by_hashed_names(static_root: Path) -> None:
    names = json.loads((static_root / "staticfiles.json").read_text())["paths"]
    modules = [
        static_root / name for own, name in names.items() if (ROOT / "static" / own).exists()
    ]
    imports = [
        (module.parent / target).resolve()
        for module in modules
        if module.suffix == ".js"
        for target in IMPORT.findall(module.read_text())
    ]
    assert len(imports) > 15
    assert [target for target in imports if not HASHED.search(target.name)] == []
    assert [target for target in imports if not target.is_file()] == []


def test_our_scripts_are_served_without_their_comments(static_root: Path) -> None:
    """And without indents and empty lines: none is within a string of several lines."""
    names = json.loads((static_root / "staticfiles.json").read_text())["paths"]
    for source in (ROOT / "static").glob("*/*.js"):
        own = source.relative_to(ROOT / "static").as_posix()
        code = source.read_text()
        served = (static_root / names[own]).read_text()
        assert not re.search(r"(?m)^(\s|//|/\*)", served), own
        for comment in COMMENT.finditer(code):
            assert COMMENT.sub("", code[: comment.start()]).count("`") % 2 == 0, own
        marks = 0
        for line in COMMENT.sub("", code).splitlines():
            assert not (marks % 2 and (not line or line[0].isspace())), own
            marks += line.count("`")


def test_a_stylesheet_is_served_whole(static_root: Path) -> None:
    """What it imports stands in its place, in order, and nobody is served comments."""
    names = json.loads((static_root / "staticfiles.json").read_text())["paths"]
    for source in (ROOT / "static").glob("*/*.css"):
        served = (static_root / names[f"{source.parent.name}/{source.name}"]).read_text()
        assert not re.search(r"(?m)@import|/\*|^\s", served), source
        assert served.count("{") == served.count("}"), source
    served = (static_root / names["reader/reader.css"]).read_text()
    rules = (":root {", ".masthead {", ".headline {", ".card {")  # tokens, base, tally, feed
    places = [served.index(f"\n{rule}") for rule in rules]
    assert places == sorted(places)


def test_the_serif_is_named_by_its_hash_and_has_its_licence(static_root: Path) -> None:
    """The licence asks to be handed on, and reserves the name (static/fonts/OFL.txt)."""
    names = json.loads((static_root / "staticfiles.json").read_text())["paths"]
    styles = (static_root / names["reader/reader.css"]).read_text()
    fonts = [name for name in names if name.endswith(".woff2")]
    assert [name for name in fonts if f"../{names[name]}" not in styles] == []
    assert {Path(name).parent.name for name in fonts} == {"fonts"}
    assert "fonts/OFL.txt" in names
    assert not [name for name in fonts if "source" in name.lower()]


def test_stylesheets_are_short() -> None:
    files = (ROOT / "static").glob("*/*.css")
    assert [file for file in files if len(file.read_text().splitlines()) >= 400] == []


def test_a_phone_loads_few_bytes(static_root: Path) -> None:
    """The scripts and styles of a reporter's first visit, compressed (docs/phone.md)."""
    names = json.loads((static_root / "staticfiles.json").read_text())["paths"]
    files = [static_root / f"{names[own]}.br" for own in SHELL]
    assert sum(file.stat().st_size for file in files if file.exists()) < 37_300


def test_ready_once_static_files_are_collected(make_desk: MakeDesk, static_root: Path) -> None:
    with public_desk(make_desk, static_root) as desk:
        desk.wait_until(lambda: get(desk, "/readyz")[0] == 200)
        assert json.loads(get(desk, "/readyz")[1])["static_files"] == "ok"
        assert get(desk, "/")[0] == 200


def test_not_ready_without_collected_static_files(make_desk: MakeDesk, tmp_path: Path) -> None:
    with public_desk(make_desk, tmp_path / "nothing") as desk:
        status, text = get(desk, "/readyz")
        assert status == 503
        assert "collectstatic" in json.loads(text)["static_files"]
        assert get(desk, "/healthz")[0] == 200


@pytest.mark.parametrize("change", ["added", "changed"])
def test_not_ready_with_the_static_files_of_another_release(
    make_desk: MakeDesk, static_root: Path, tmp_path: Path, change: str
) -> None:
    """What a release that was upgraded without `collectstatic` would serve."""
    old = tmp_path / "old"
    old.mkdir()
    for file in static_root.rglob("*"):
        target = old / file.relative_to(static_root)
        if file.is_dir():
            target.mkdir(exist_ok=True, parents=True)
        else:
            target.parent.mkdir(exist_ok=True, parents=True)
            target.write_bytes(file.read_bytes())
    if change == "added":
        manifest = json.loads((old / "staticfiles.json").read_text())
        del manifest["paths"]["reader/live.js"]
        (old / "staticfiles.json").write_text(json.dumps(manifest))
    else:
        (old / "reader" / "live.js").write_text("// the module of an earlier release\n")
    with public_desk(make_desk, old) as desk:
        status, text = get(desk, "/readyz")
        assert status == 503
        assert "reader/live.js" in json.loads(text)["static_files"]


def test_deployment_check_asks_for_collected_static_files(
    make_desk: MakeDesk, static_root: Path, tmp_path: Path
) -> None:
    arguments = ("check", "--deploy", "--fail-level", "WARNING")
    completed = public_desk(make_desk, tmp_path / "nothing").manage(*arguments, check=False)
    assert completed.returncode == 1
    assert "collectstatic" in completed.stderr
    desk = public_desk(make_desk, static_root)
    Path(desk.environment["MEDIA_ROOT"]).mkdir()
    assert desk.manage(*arguments, check=False).returncode == 0


def test_development_server_needs_no_collected_files(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(environment={"STATIC_ROOT": str(tmp_path / "nothing")})
    with desk:
        assert desk.readiness()[1]["static_files"] == "ok"
