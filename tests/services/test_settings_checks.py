"""The check of a server warns of misspelt variables, of trust in everybody, and of a clock."""

import os
import re
import subprocess
import sys
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.core import checks
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from electiondesk import database_state, deployment_checks, settings_checks
from electiondesk.variables import names_read
from results.editor.roles import set_up_groups
from tests.needs import ROOT


def found(check: Any, **options: Any) -> list[str]:
    return [message.msg for message in check(app_configs=None, **options)]


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in os.environ:
        monkeypatch.delenv(name)
    return monkeypatch


def test_check_of_a_server_includes_these() -> None:
    registered = checks.registry.registry.get_checks(include_deployment_checks=True)
    ours = {settings_checks.misspelt_variables, settings_checks.networks_of_everybody}
    assert ours <= set(registered)
    assert not ours & set(checks.registry.registry.get_checks())


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DATABSE_URL", "DATABASE_URL"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("DATABASE_USER", "DATABASE_URL"),
        ("database_url", "DATABASE_URL"),
        ("REDIS_ULR", "REDIS_URL"),
        ("TRUSTED_PROXY", "TRUSTED_PROXIES"),
        ("ALLOWED_HOST", "ALLOWED_HOSTS"),
        ("CSRF_TRUSTED_ORIGIN", "CSRF_TRUSTED_ORIGINS"),
        ("LOGLEVEL", "LOG_LEVEL"),
        ("DEBUGS", "DEBUG"),
        ("SECONDFACTOR", "SECOND_FACTOR"),
        ("LISTENON", "LISTEN_ON"),
    ],
)
def test_names_the_variable_that_is_meant(
    environment: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    environment.setenv(name, "1")
    sentence = f"The environment has {name}, which nothing reads. Is {meant} meant?"
    assert found(settings_checks.misspelt_variables) == [sentence]


def test_knows_every_variable_of_the_settings(environment: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "settings.md").read_text()
    documented = set(re.findall(r"`([A-Z_]+)`", page[page.index("| Variable |") :]))
    assert names_read <= documented
    for name in names_read | settings_checks.OF_MAKE | settings_checks.OF_UNITS:
        environment.setenv(name, "1")
    assert found(settings_checks.misspelt_variables) == []


@pytest.mark.parametrize(
    "name",
    # Of systemd, shells, containers, terminals, PostgreSQL, and programs beside the desk.
    """PATH HOME USER LANG LANGUAGE LC_ALL TERM SHELL LOGNAME MAIL PWD OLDPWD HOSTNAME HOSTTYPE
    JOURNAL_STREAM INVOCATION_ID STATE_DIRECTORY MANAGER_PID DISPLAY EDITOR TZ SHLVL PAGER LESS
    TMPDIR DATABASE_HOST DATABASE_PORT DATABASE_NAME REDIS_HOST REDIS_PORT
    REDIS_PASSWORD PGHOST POSTGRES_PASSWORD POSTGRES_USER DESK_NAME SECRET_KEY_BASE MEDIA_URL
    STATIC_URL SENTRY_ENVIRONMENT SENTRY_ORG NODE_ENV PYTHONPATH VIRTUAL_ENV DJANGO_SETTINGS_MODULE
    DJANGO_DEBUG SUDO_USER XDG_STATE_HOME SSH_TTY PORTS POST MODE ROLES_FILE LOG_FILE""".split(),
)
def test_says_nothing_of_other_variables(environment: pytest.MonkeyPatch, name: str) -> None:
    environment.setenv(name, "1")
    assert found(settings_checks.misspelt_variables) == []


@pytest.mark.parametrize("network", ["0.0.0.0/0", "::/0", "128.0.0.0/1", "2000::/3"])
def test_warns_of_a_network_of_everybody(settings: Any, network: str) -> None:
    settings.TRUSTED_PROXIES, settings.WEBHOOK_NETWORKS = [ip_network(network)], []
    (warning,) = found(settings_checks.networks_of_everybody)
    assert f"TRUSTED_PROXIES has {network}" in warning
    settings.TRUSTED_PROXIES, settings.WEBHOOK_NETWORKS = [], [ip_network(network)]
    (warning,) = found(settings_checks.networks_of_everybody)
    assert f"WEBHOOK_NETWORKS has {network}" in warning


@pytest.mark.parametrize(
    "networks", [["127.0.0.0/8", "::1/128"], ["10.0.0.0/8", "172.16.0.0/12"], ["fd00::/16"], []]
)
def test_says_nothing_of_private_networks(settings: Any, networks: list[str]) -> None:
    settings.TRUSTED_PROXIES = settings.WEBHOOK_NETWORKS = [ip_network(each) for each in networks]
    assert found(settings_checks.networks_of_everybody) == []


def test_command_prints_both(tmp_path: Path) -> None:
    completed = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy"],
        env={
            "PATH": os.environ["PATH"],
            "XDG_STATE_HOME": str(tmp_path),
            "MEDIA_ROOT": str(tmp_path),
            "DATABSE_URL": "postgres://desk/night",
            "TRUSTED_PROXIES": "0.0.0.0/0",
        },
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Is DATABASE_URL meant?" in completed.stderr
    assert "TRUSTED_PROXIES has 0.0.0.0/0" in completed.stderr
    assert "postgres://" not in completed.stderr


@pytest.mark.db
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (0.0, ""),
        (4.9, ""),
        (-5.4, ""),
        (90.2, "90 s ahead of that"),
        (-3600.0, "3600 s behind that"),
        (-61.0, "With one that is a minute off no code of a second factor is right"),
    ],
)
def test_check_compares_clocks(monkeypatch: pytest.MonkeyPatch, ahead: float, said: str) -> None:
    assert abs(database_state.seconds_ahead()) < deployment_checks.CLOCK_SECONDS
    monkeypatch.setattr(database_state, "seconds_ahead", lambda: ahead)
    set_up_groups()
    answer = "".join(found(deployment_checks.database_and_roles, databases=["default"]))
    assert said in answer
    assert bool(answer) is bool(said)


@pytest.mark.parametrize(("off", "accepted"), [(30, 30), (45, 15), (60, 0)])
def test_codes_are_refused_from_the_minute_that_is_said(off: int, accepted: int) -> None:
    """Of the thirty seconds at which a code can be asked for, with a clock that is behind."""
    tolerance = TOTPDevice._meta.get_field("tolerance").default
    assert TOTPDevice._meta.get_field("step").default == 30
    right = 0
    for second in range(30):
        phone, server = TOTP(b"key"), TOTP(b"key")
        phone.time = 1_900_000_020 + second
        server.time = phone.time - off
        right += server.verify(phone.token(), tolerance)
    assert right == accepted
