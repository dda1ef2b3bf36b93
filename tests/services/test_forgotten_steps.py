"""A forgotten step of docs/deploy.md is told in a sentence, which says what to do."""

import errno
import os
import signal
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import checks
from django.core.management import call_command, load_command_class
from django.core.management.base import CommandError, SystemCheckError
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.text import slugify

from electiondesk import command_errors, deployment_checks, health
from results.editor.roles import set_up_groups
from results.push.keys import new_private_key
from tests.backing import Postgres
from tests.needs import ROOT
from tests.servers import Server


def environment_of(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "XDG_STATE_HOME": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/desk.sqlite3",
    }


def manage(folder: Path, *arguments: str, **environment: str) -> str:
    """What a command that fails prints last; the whole must be no traceback."""
    completed = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env={**environment_of(folder), **environment},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert completed.returncode == 1
    assert "Traceback" not in completed.stderr
    return completed.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"DEBUG": "0"}, "SECRET_KEY must be set"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL must begin with"),
        ({"READERS_PER_PROCESS": "many"}, "READERS_PER_PROCESS must be a whole number"),
        ({"SIGN_IN_TRIES_PER_DEVICE": "x"}, "SIGN_IN_TRIES_PER_DEVICE must be a whole number"),
        ({"DATABASE_URL": "postgres://desk:a/b@h/night"}, "DATABASE_URL cannot be read"),
        ({"DATABASE_URL": "sqlite:////nowhere/desk"}, "unable to open database file"),
    ],
)
def test_wrong_setting_is_a_sentence(
    tmp_path: Path, environment: dict[str, str], sentence: str
) -> None:
    last_line = manage(tmp_path, "roles", **environment)
    assert sentence in last_line
    assert "docs/settings.md" in last_line
    assert "a/b" not in last_line


@pytest.mark.parametrize("content", [b"", b" \n", "clé".encode()])
def test_stored_key_that_is_no_key_stops_the_start(tmp_path: Path, content: bytes) -> None:
    """With a key of its own for each process, people would be signed out between two of them."""
    file = tmp_path / "electiondesk" / "secret-key"
    file.parent.mkdir()
    file.write_bytes(content)
    last_line = manage(tmp_path, "roles")
    assert f"{file} holds no key: delete it, and a new one is made" in last_line
    assert file.read_bytes() == content


def test_stored_key_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "electiondesk" / "secret-key"
    file.mkdir(parents=True)
    last_line = manage(tmp_path, "roles")
    assert f"The key in {file} cannot be read (Is a directory)" in last_line
    assert "set SECRET_KEY" in last_line


@pytest.mark.parametrize("name", ["desk.zip", "desk", "desk.tar", "desk.gz", "desk.tar.gz.zip"])
def test_backup_is_refused_under_a_name_of_another_format(tmp_path: Path, name: str) -> None:
    last_line = manage(tmp_path, "backup", str(tmp_path / name))
    assert "No backup was made." in last_line
    assert f"Give {name} a name that ends in .tar.gz." in last_line
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("arguments", [["migrate", "--plan"], ["roles", "--help"]])
def test_output_that_nobody_reads_to_its_end_is_no_error(
    tmp_path: Path, arguments: list[str]
) -> None:
    """As with `| head`: the reader has gone before the command prints."""
    reader, writer = os.pipe()
    os.close(reader)
    completed = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=environment_of(tmp_path), cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    os.close(writer)
    assert completed.stderr == b""
    assert completed.returncode == 1


@pytest.mark.parametrize("arguments", [["migrate", "--plan"], ["version"], ["push_keys"]])
def test_output_to_a_full_disk_is_a_sentence(tmp_path: Path, arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        completed = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=environment_of(tmp_path), cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True,
            check=False,
        )  # fmt: skip
    (sentence,) = completed.stderr.splitlines()
    assert sentence == "manage.py: No space left on device: not everything was written."
    assert completed.returncode == 1


def test_command_without_tables_says_to_migrate(tmp_path: Path) -> None:
    assert "run `manage.py migrate`" in manage(tmp_path, "roles")


def test_server_without_tables_says_to_migrate(tmp_path: Path) -> None:
    """Its pages fail with “no such table”, which tells a newcomer nothing."""
    desk = Server(tmp_path)
    try:
        desk.start()
        desk.wait_until(lambda: "run `manage.py migrate`" in desk.output())
    finally:
        desk.close()


@pytest.mark.services
def test_command_without_a_database_repeats_what_postgresql_said(
    tmp_path: Path, postgres: Postgres
) -> None:
    server, _slash, _name = postgres.url.rpartition("/")
    last_line = manage(tmp_path, "roles", DATABASE_URL=f"{server}/nowhere")
    assert 'database "nowhere" does not exist' in last_line


@pytest.mark.services
def test_command_on_a_standby_says_where_the_database_must_be(
    tmp_path: Path, postgres: Postgres, postgres_url: str
) -> None:
    """It reads as usual, and takes nothing."""
    postgres.set_read_only(postgres_url, on=True)
    last_line = manage(tmp_path, "roles", DATABASE_URL=postgres_url)
    assert "takes nothing new" in last_line
    assert "DATABASE_URL must name the server that writes" in last_line


def test_command_that_is_stopped_with_ctrl_c_prints_no_traceback(tmp_path: Path) -> None:
    completed = subprocess.run(
        [sys.executable, "manage.py", "shell", "--command", "raise KeyboardInterrupt"],
        env=environment_of(tmp_path), cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert completed.stderr.splitlines()[-1] == "manage.py: Stopped."
    assert "Traceback" not in completed.stderr
    assert completed.returncode == -signal.SIGINT


@pytest.mark.parametrize(
    ("filename", "is_told"),
    [("drafts", True), ("drafts/councils/hill.txt", True), ("/etc/hosts", False), (None, False)],
)
def test_file_that_was_given_and_cannot_be_written_is_named(
    filename: str | None, is_told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any other file is the program's own, whose traceback tells more."""
    monkeypatch.setattr(sys, "argv", ["manage.py", "stories", "ge", "drafts", "--html", ""])
    exc = PermissionError(errno.EACCES, "Permission denied", filename)
    expected = f"{filename}: Permission denied." if is_told else ""
    assert command_errors.sentence_for(exc) == expected


@pytest.mark.parametrize("option", ["processes", "port", "backlog", "ping-seconds"])
@pytest.mark.parametrize("value", ["0", "-1", "many"])
def test_server_is_not_started_with_a_number_that_means_nothing(option: str, value: str) -> None:
    with pytest.raises(CommandError, match=f"--{option}: “{value}” is no number from 1 up"):
        parse("serve", f"--{option}", value)


def test_server_is_not_started_on_a_port_that_no_machine_has() -> None:
    with pytest.raises(CommandError, match="“65536” is no port"):
        parse("serve", "--port", "65536")


def parse(command: str, *arguments: str) -> None:
    """Read the arguments as the command does, without running it."""
    parser = load_command_class("results", command).create_parser("manage.py", command)
    parser.called_from_command_line = False
    parser.parse_args(arguments)


def test_missing_package_is_named_with_the_command_that_installs_it() -> None:
    exc = ModuleNotFoundError("No module named 'segno'", name="segno")
    assert "The package segno is not installed" in command_errors.sentence_for(exc)
    ours = ModuleNotFoundError("No module named 'results.x'", name="results.x")
    assert command_errors.sentence_for(ours) == ""


@pytest.mark.parametrize("loaded", [True, False])
def test_command_beside_a_servers_settings_says_that_it_does_not_use_them(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    loaded: bool,
) -> None:
    (tmp_path / "election-desk.env").touch()
    monkeypatch.setattr(command_errors, "SETTINGS_FILE", tmp_path / "election-desk.env")
    for name in ("DATABASE_URL", "DEMO", "DEBUG"):
        monkeypatch.delenv(name, raising=False)
    if loaded:
        monkeypatch.setenv("DEBUG", "0")
    command_errors.warn_without_settings()
    assert ("run `desk`" in capsys.readouterr().err) is not loaded


# --- check --deploy --database default -----------------------------------------------------------


def found(check: Any, **options: Any) -> str:
    return "\n".join(str(message) for message in check(app_configs=None, **options))


def test_check_of_a_server_includes_these() -> None:
    registered = checks.registry.registry.get_checks(include_deployment_checks=True)
    ours = (
        deployment_checks.database_and_roles,
        deployment_checks.media_folder,
        deployment_checks.names_of_the_site,
        deployment_checks.web_push,
    )
    assert set(ours) <= set(registered)
    assert not set(ours) & set(checks.registry.registry.get_checks())


@pytest.mark.django_db
def test_check_says_which_roles_to_reset() -> None:
    check = deployment_checks.database_and_roles
    assert "Run `manage.py roles`" in found(check, databases=["default"])
    assert found(check) == ""  # asked for no database
    set_up_groups()
    assert found(check, databases=["default"]) == ""
    auditors = Group.objects.get(name="Auditors")
    first = auditors.permissions.first()
    assert first is not None
    auditors.permissions.remove(first)
    assert "Without all their permissions: Auditors" in found(check, databases=["default"])


@pytest.mark.django_db
def test_check_says_to_migrate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("electiondesk.database_state.has_migrations_to_apply", lambda: True)
    answer = found(deployment_checks.database_and_roles, databases=["default"])
    assert "run `manage.py migrate`" in answer


#: What a later release may have done to a table, and whether this release works with that.
LATER = [
    ("results_night ADD COLUMN later integer", True),
    ("results_night ADD COLUMN later integer DEFAULT 0 NOT NULL", True),
    ("results_election RENAME COLUMN final TO ended", False),
    ("results_quote RENAME TO results_words", False),
]


@pytest.mark.django_db
@pytest.mark.db
@pytest.mark.parametrize(("change", "fits"), LATER)
def test_release_that_was_rolled_back_too_far_is_told_so(change: str, fits: bool) -> None:
    """docs/deploy.md: the previous release works with the new one's tables, unless it cannot."""
    set_up_groups()
    name = f"0999_{slugify(change)}"
    MigrationRecorder.Migration.objects.create(app="results", name=name)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {change}")
    answer = found(deployment_checks.later_tables, databases=["default"])
    assert (f"of a later release (results.{name})" in answer) is not fits
    assert (answer == "") is fits
    assert (health._database() == "ok") is fits
    assert command_errors.sentence_for(DatabaseError("no such column")).count(name) == (not fits)


@pytest.mark.django_db
@pytest.mark.db
@pytest.mark.parametrize(("change", "fits"), LATER[1:3])
def test_migrate_refuses_tables_that_it_cannot_make_fit(change: str, fits: bool) -> None:
    """It would say that there are no migrations to apply, which reads like a success."""
    MigrationRecorder.Migration.objects.create(app="results", name=f"0999_{slugify(change)}_first")
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {change}")
    refused = nullcontext() if fits else pytest.raises(SystemCheckError, match="of a later release")
    with refused:
        call_command("migrate", verbosity=0, skip_checks=False)


@pytest.mark.django_db
def test_column_that_this_release_cannot_fill_in_is_of_a_later_one() -> None:
    """PostgreSQL adds none to a table with rows; SQLite makes the table again."""
    MigrationRecorder.Migration.objects.create(app="results", name="0999_needed")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE results_postcodedistrict RENAME TO earlier")
        columns = connection.introspection.get_table_description(cursor, "earlier")
        names = ", ".join(f"{column.name} text" for column in columns)
        cursor.execute(f"CREATE TABLE results_postcodedistrict ({names}, later text NOT NULL)")
    assert "of a later release" in health._database()


def test_check_names_a_media_folder_that_is_missing(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert found(deployment_checks.media_folder) == ""
    settings.MEDIA_ROOT = tmp_path / "media"
    answer = found(deployment_checks.media_folder)
    assert "is not there" in answer
    assert f"install -d -o USER -g USER -m 750 {tmp_path}/media" in answer


def test_check_names_a_media_folder_that_is_another_users(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("os.access", lambda _path, mode: mode == os.F_OK)
    answer = found(deployment_checks.media_folder)
    assert f"{tmp_path}, cannot be used by this user" in answer


def test_check_names_a_folder_of_pictures_that_is_another_users(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who restores a backup as root makes it."""
    settings.MEDIA_ROOT = tmp_path
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    assert found(deployment_checks.media_folder) == ""
    monkeypatch.setattr("os.access", lambda path, mode: mode == os.F_OK or path != pictures)
    answer = found(deployment_checks.media_folder)
    assert f"{pictures}, cannot be used by this user" in answer
    assert f"chown -R USER: {tmp_path}" in answer


def test_check_says_that_a_folder_above_the_media_is_closed(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which pathlib raises, rather than to say that nothing is there."""

    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("os.access", lambda *_arguments: False)
    monkeypatch.setattr(Path, "is_dir", refuse)
    assert "is not there" in found(deployment_checks.media_folder)


def test_check_compares_origins_with_names(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["desk.example", ".other.example"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://desk.example", "https://*.other.example"]
    assert found(deployment_checks.names_of_the_site) == ""
    settings.CSRF_TRUSTED_ORIGINS = ["https://desk.exmaple"]
    assert "desk.exmaple is in CSRF_TRUSTED_ORIGINS" in found(deployment_checks.names_of_the_site)


def test_check_names_an_origin_that_no_browser_sends(settings: Any) -> None:
    """A public site is served by HTTPS, and forms name it so."""
    settings.ALLOWED_HOSTS, settings.DEBUG = ["desk.example"], False
    settings.CSRF_TRUSTED_ORIGINS = ["http://desk.example"]
    assert "http://desk.example" in found(deployment_checks.names_of_the_site)
    settings.ALLOWED_HOSTS = [".desk.example"]
    settings.CSRF_TRUSTED_ORIGINS = ["http://*.desk.example"]
    assert "http://*.desk.example is in" in found(deployment_checks.names_of_the_site)
    settings.DEBUG = True
    assert found(deployment_checks.names_of_the_site) == ""


def test_check_tries_the_key_and_the_contact_of_web_push(settings: Any) -> None:
    assert found(deployment_checks.web_push) == ""  # it is off
    settings.VAPID_CONTACT = "mailto:desk@desk.example"
    for wrong in ("abc", "é" * 43, new_private_key()[1:]):
        settings.VAPID_PRIVATE_KEY = wrong
        assert "VAPID_PRIVATE_KEY is not a key" in found(deployment_checks.web_push)
    settings.VAPID_PRIVATE_KEY = new_private_key()
    assert found(deployment_checks.web_push) == ""
    settings.VAPID_CONTACT = "desk@desk.example"
    assert "VAPID_CONTACT must be" in found(deployment_checks.web_push)
