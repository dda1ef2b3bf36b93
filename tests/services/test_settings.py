"""Settings: embedded without an environment, and an error if a public desk lacks one."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.needs import ROOT

PUBLIC = {
    "DEBUG": "off",
    "SECRET_KEY": "a-key-for-these-tests-alone",
    "ALLOWED_HOSTS": "desk.example, www.desk.example",
    "CSRF_TRUSTED_ORIGINS": "https://desk.example",
}
SHOWN = (
    "DEBUG SECRET_KEY ALLOWED_HOSTS CSRF_TRUSTED_ORIGINS DATABASES CHANNEL_LAYERS "
    "SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT CONTENT_SECURITY_POLICY "
    "TRUSTED_PROXIES"
).split()


def start(state: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Load the settings in a process of their own, with this environment and no other."""
    minimal = {
        "PATH": os.environ["PATH"],
        "XDG_STATE_HOME": str(state),
        "DJANGO_SETTINGS_MODULE": "electiondesk.settings",
    }
    return subprocess.run(
        [sys.executable, "-m", "tests.services.print_settings", *SHOWN],
        env={**minimal, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def settings(state: Path, **environment: str) -> dict[str, Any]:
    completed = start(state, **environment)
    assert completed.returncode == 0, completed.stderr
    values: dict[str, Any] = json.loads(completed.stdout)
    return values


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"])
@pytest.mark.parametrize("how", ["unset", "blank"])
def test_debug_off_requires_variables(tmp_path: Path, name: str, how: str) -> None:
    environment = dict(PUBLIC)
    del environment[name]
    if how == "blank":
        environment[name] = " "
    completed = start(tmp_path, **environment)
    assert completed.returncode != 0
    last_line = completed.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last_line
    assert name in last_line
    assert list(tmp_path.iterdir()) == []  # nor is a key made up


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://desk@db.example/night"),
        ("LOG_LEVEL", "loud"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, nginx"),
        ("SOCKETS_PER_ADDRESS", "-5"),
        ("REDIS_URL", "localhost"),
        ("REDIS_URL", "redis://redis.example:66379"),
        ("REDIS_URL", "redis://redis.example/night"),
        ("REDIS_URL", "redis://:pass#word@redis.example"),
        ("DATABASE_URL", "postgres://desk@db.example"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "sqlite:////srv/desk.sqlite3?mode=ro"),
        ("DATABASE_URL", "sqlite:////srv/desk.sqlite3?timeout=soon"),
        ("DATABASE_URL", "sqlite:///file%3A/srv/desk.sqlite3%3Fmode%3Dro?uri=true"),
        ("SENTRY_DSN", "abc"),
        ("ALLOWED_HOSTS", "https://desk.example"),
        ("ALLOWED_HOSTS", "desk.example:443"),
        ("ALLOWED_HOSTS", "desk.example;www.desk.example"),
        ("ALLOWED_HOSTS", "desk.example www.desk.example"),
        ("ALLOWED_HOSTS", ","),
        ("CSRF_TRUSTED_ORIGINS", "desk.example"),
        ("CSRF_TRUSTED_ORIGINS", "https://desk.example/"),
        ("CSRF_TRUSTED_ORIGINS", "https://desk.example?night"),
        ("CSRF_TRUSTED_ORIGINS", "https://desk.example:99999"),
        ("CSRF_TRUSTED_ORIGINS", "https://desk@desk.example"),
        ("CSRF_TRUSTED_ORIGINS", "https://[::1"),
        ("CSRF_TRUSTED_ORIGINS", ","),
        ("PUSH_SERVICES", "push.example:443"),
        ("SECOND_FACTOR", "always"),
        ("SOCKETS_PER_ADDRESS", "0"),
        ("SOCKET_OPENS_PER_SECOND", "0"),
        ("REQUEST_HEAD_SECONDS", "0"),
        ("REQUEST_BODY_SECONDS", "0"),
        ("MEDIA_ROOT", __file__),
        ("STATIC_ROOT", __file__),
        ("DEBUG", "maybe"),
    ],
)
def test_invalid_variable_is_an_error_that_names_it(tmp_path: Path, name: str, value: str) -> None:
    completed = start(tmp_path, **{name: value})
    assert completed.returncode != 0
    assert name in completed.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("name", "value"),
    [("REDIS_URL", "reds://:pa55word@redis.example"), ("DATABASE_URL", "mysql://:pa55word@db")],
)
def test_error_shows_no_password(tmp_path: Path, name: str, value: str) -> None:
    completed = start(tmp_path, **{name: value})
    assert name in completed.stderr.strip().splitlines()[-1]
    assert "pa55word" not in completed.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", ".desk.example, 192.0.2.7, [2001:db8::7]"),
        ("CSRF_TRUSTED_ORIGINS", "https://*.desk.example, https://[2001:db8::7]:8443"),
        ("REDIS_URL", "rediss://desk:p%2Fass@redis.example:6380/1?ssl_cert_reqs=none"),
        ("REDIS_URL", "redis://redis.example"),
        ("REDIS_URL", "unix:///run/redis.sock?db=1"),
        ("DATABASE_URL", "sqlite:////srv/desk.sqlite3?timeout=30"),
        ("DATABASE_URL", "postgres:///night"),
        ("DATABASE_URL", "postgres://?service=night"),
        ("DATABASE_URL", "postgres://%2Frun%2Fpostgresql/night"),
    ],
)
def test_unusual_value_is_accepted(tmp_path: Path, name: str, value: str) -> None:
    settings(tmp_path, **{name: value})


def test_sentry_is_loaded_only_with_a_dsn(tmp_path: Path) -> None:
    assert settings(tmp_path)["reports errors"] is False
    dsn = "https://key@faults.example/1"
    assert settings(tmp_path, SENTRY_DSN=dsn)["reports errors"] is True


def test_empty_variable_is_not_set(tmp_path: Path) -> None:
    names = ("ROLE", "LOG_LEVEL", "SOCKETS_PER_ADDRESS", "SIGN_IN_TRIES_PER_DEVICE")
    settings(tmp_path, **dict.fromkeys(names, ""))


def test_secret_key_may_begin_with_a_dollar(tmp_path: Path) -> None:
    environment = {**PUBLIC, "SECRET_KEY": "$a-key-for-these-tests-alone"}
    assert settings(tmp_path, **environment)["SECRET_KEY"] == environment["SECRET_KEY"]


def test_debug_off_requires_https(tmp_path: Path) -> None:
    values = settings(tmp_path, **PUBLIC)
    assert values["DEBUG"] is False
    assert values["SECRET_KEY"] == PUBLIC["SECRET_KEY"]
    assert values["ALLOWED_HOSTS"] == ["desk.example", "www.desk.example"]
    assert values["SESSION_COOKIE_SECURE"] is True
    assert values["CSRF_COOKIE_SECURE"] is True
    assert values["SECURE_SSL_REDIRECT"] is True


def test_defaults_are_embedded_and_on_loopback(tmp_path: Path) -> None:
    values = settings(tmp_path)
    assert values["DEBUG"] is True
    assert values["ALLOWED_HOSTS"] == [".localhost", "127.0.0.1", "[::1]"]
    database = values["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == str(ROOT / ".data" / "electiondesk.sqlite3")
    assert values["CHANNEL_LAYERS"]["default"]["BACKEND"].endswith("InMemoryChannelLayer")


def test_generated_key_is_stored_privately_outside_the_repository(tmp_path: Path) -> None:
    first = settings(tmp_path)["SECRET_KEY"]
    assert len(first) >= 50
    assert settings(tmp_path)["SECRET_KEY"] == first
    key_file = tmp_path / "electiondesk" / "secret-key"
    assert key_file.read_text() == first
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file.parent.stat().st_mode) == 0o700


def test_starts_with_a_temporary_key_if_none_can_be_stored(tmp_path: Path) -> None:
    in_the_way = tmp_path / "electiondesk"
    in_the_way.write_text("a file where the folder should be")
    first, second = (settings(tmp_path)["SECRET_KEY"] for _ in range(2))
    assert len(first) >= 50
    assert first != second


def test_sqlite_transactions_are_immediate_and_durable(tmp_path: Path) -> None:
    for url in ["", f"sqlite:///{tmp_path / 'desk.sqlite3'}"]:
        options = settings(tmp_path, DATABASE_URL=url)["DATABASES"]["default"]["OPTIONS"]
        assert options["transaction_mode"] == "IMMEDIATE"
        assert "journal_mode=WAL" in options["init_command"]
        assert "synchronous=FULL" in options["init_command"]


def test_urls_select_postgresql_and_redis(tmp_path: Path) -> None:
    values = settings(
        tmp_path,
        DATABASE_URL="postgres://desk:p%40ss@db.example:5433/night",
        REDIS_URL="redis://redis.example:6380/1",
    )
    database = values["DATABASES"]["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert [database[key] for key in ("HOST", "PORT", "NAME", "PASSWORD")] == [
        "db.example", 5433, "night", "p@ss",
    ]  # fmt: skip
    assert database["CONN_MAX_AGE"] == 0
    assert database["OPTIONS"]["pool"]
    layer = values["CHANNEL_LAYERS"]["default"]
    assert layer["BACKEND"] == "channels_redis.pubsub.RedisPubSubChannelLayer"
    (host,) = layer["CONFIG"]["hosts"]
    assert host["address"] == "redis://redis.example:6380/1"
    assert host["socket_timeout"] is None


def test_content_security_policy_allows_nothing_inline(tmp_path: Path) -> None:
    directives = settings(tmp_path, **PUBLIC)["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert directives["default-src"] == ["'self'"]
    assert not any("unsafe" in source for sources in directives.values() for source in sources)
    assert "wss://desk.example" in directives["connect-src"]


def test_trusted_proxies_default_to_loopback(tmp_path: Path) -> None:
    def believed(**environment: str) -> list[str]:
        networks: list[str] = settings(tmp_path, **PUBLIC, **environment)["TRUSTED_PROXIES"]
        return [str(value) for value in networks]

    assert believed() == ["127.0.0.0/8", "::1/128"]
    assert believed(TRUSTED_PROXIES="10.1.0.0/16, 2001:db8::7") == [
        "10.1.0.0/16",
        "2001:db8::7/128",
    ]
    assert believed(TRUSTED_PROXIES="none") == []
