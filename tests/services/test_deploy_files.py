"""The files in deploy/ agree with each other, the settings and the documentation."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from electiondesk.lifecycle.timeouts import DRAIN_SECONDS
from results.desk.signed_in_socket import BEAT_SECONDS
from results.live.capacity import files_needed
from results.live.hub import POLL_SECONDS, POLLS_PER_HEARTBEAT
from tests.needs import ROOT

DEPLOY = ROOT / "deploy"
DEPLOY_PAGE = (ROOT / "docs" / "deploy.md").read_text()
CAPACITY_PAGE = (ROOT / "docs" / "capacity.md").read_text()
NGINX = (DEPLOY / "nginx.conf").read_text()
UPSTREAMS = (DEPLOY / "nginx-upstreams.conf").read_text()
ROLES = ("readers", "writers")
WORKER_CONNECTIONS = int(re.findall(r"worker_connections (\d+);", DEPLOY_PAGE)[0])


def unit(role: str) -> dict[str, str]:
    """The settings of a unit's file; of several of one name, the last."""
    lines = (DEPLOY / f"election-desk-{role}@.service").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]\w+=", line))


@pytest.mark.parametrize("role", ROLES)
def test_units_allow_enough_files_and_time_to_drain(role: str) -> None:
    assert int(unit(role)["LimitNOFILE"]) >= files_needed()
    assert int(unit(role)["TimeoutStopSec"]) > DRAIN_SECONDS


@pytest.mark.parametrize("role", ROLES)
def test_units_start_the_launcher_with_a_role(role: str) -> None:
    command = unit(role)["ExecStart"]
    assert f"manage.py serve --role {role} --host ${{LISTEN_ON}} --port %i" in command


def test_environment_names_only_documented_settings() -> None:
    documented = (ROOT / "docs" / "settings.md").read_text()
    text = (DEPLOY / "election-desk.env").read_text()
    names = re.findall(r"(?m)^(\w+)=", text)
    assert len(names) > 5
    assert [name for name in names if f"`{name}`" not in documented] == []


def test_shipped_environment_needs_a_secret_key() -> None:
    """Without a key of its own: one that is published signs anybody in."""
    variables = re.findall(r"(?m)^(\w+)=(.*)", (DEPLOY / "election-desk.env").read_text())
    completed = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT, env=dict(variables), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert completed.returncode == 1
    assert "SECRET_KEY must be set" in completed.stderr


def test_nginx_has_every_started_process_as_upstream() -> None:
    started = set(re.findall(r"election-desk-(readers|writers)@(\d+)", DEPLOY_PAGE))
    asked = [
        (role, port)
        for role, servers in re.findall(r"upstream (\w+) \{(.*?)\}", UPSTREAMS, re.DOTALL)
        for port in re.findall(r"server 127\.0\.0\.1:(\d+)", servers)
    ]
    of_sockets = [(f"{role}_sockets", port) for role, port in started]
    assert sorted(asked) == sorted([*started, *of_sockets])


def test_nginx_has_connections_for_every_reader() -> None:
    """Two for each socket, on a machine whose one processor gives nginx one process."""
    processes = UPSTREAMS.partition("upstream writers")[0].count("server 127")
    assert 2 * processes * settings.READERS_PER_PROCESS <= WORKER_CONNECTIONS
    (files,) = set(re.findall(r"worker_rlimit_nofile (\d+);", DEPLOY_PAGE))
    assert int(files) > WORKER_CONNECTIONS


def test_zone_that_has_changed_has_another_name() -> None:
    """nginx refuses to reload otherwise, and goes on with the configuration of before."""
    before = {
        "desk": "/var/cache/election-desk",
        "sockets": "$binary_remote_addr",
        "signed_in_sockets": "$binary_remote_addr",
        "guesses": "$desk_guesser",
        "alerts": "$desk_guesser",
    }
    zones = r"(?m)^(?:proxy_cache_path|limit_\w+_zone) (\S+) .*?zone=(\w+):"
    now = {zone: key for key, zone in re.findall(zones, NGINX)}
    assert len(now) == 5
    assert {zone: before.get(zone, key) for zone, key in now.items()} == now


def test_nginx_and_desk_have_the_same_socket_limits() -> None:
    limits = re.findall(r"limit_conn (\w+) (\d+);", NGINX)
    assert [zone for zone, _limit in limits] == ["reader_sockets", "staff_sockets"]
    (limit,) = {limit for _zone, limit in limits}
    assert int(limit) == settings.SOCKETS_PER_ADDRESS
    (quiet,) = set(re.findall(r"proxy_read_timeout (\d+)s;", NGINX))
    assert int(quiet) > 2 * POLL_SECONDS * POLLS_PER_HEARTBEAT
    assert int(quiet) > 2 * BEAT_SECONDS


@pytest.mark.parametrize(
    "number",
    [
        f"{settings.READERS_PER_PROCESS:,}",
        f"{int(unit('readers')['LimitNOFILE']):,}",
        f"{settings.SOCKETS_PER_ADDRESS:,}",
        f"{WORKER_CONNECTIONS:,}",
        f"{unit('readers')['TimeoutStopSec']} s",
    ],
)
def test_capacity_page_has_the_shipped_numbers(number: str) -> None:
    assert f"| {number} |" in CAPACITY_PAGE


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_links_between_pages_are_valid(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_workflow_is_valid_and_pins_its_actions() -> None:
    workflow = ROOT / ".github" / "workflows" / "ci.yml"
    tool = Path(sys.executable).with_name("check-jsonschema")
    completed = subprocess.run(
        [tool, "--builtin-schema", "vendor.github-workflows", workflow],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert completed.returncode == 0, completed.stdout
    text = workflow.read_text()
    used = re.findall(r"uses: (\S+)", text)
    assert [action for action in used if not re.search(r"@[0-9a-f]{40}$", action)] == []
    assert "run: .ci/run" in text
    assert "ELECTION_DATA: absent" in text
