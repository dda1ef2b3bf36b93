"""The container files: linted, consistent, and carried out step by step.

A container engine is not needed, and not used where there is one: what only it can do (building,
networks, volumes) is not tested here.
"""

import os
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from electiondesk.lifecycle.timeouts import DRAIN_SECONDS
from results.live.capacity import files_needed
from tests.acceptance.checkout import Checkout
from tests.acceptance.image import DOCKERFILE, Image, interpolated, lint, stages
from tests.acceptance.machine import Machine
from tests.acceptance.wheels import wheels
from tests.needs import ROOT, Missing, skip_for
from tests.tls import Site, make_certificate

pytestmark = pytest.mark.services

COMPOSE = ROOT / "deploy" / "compose.yaml"
NAME = "desk.example"
GIVEN = {
    "DESK_NAME": NAME,
    "SECRET_KEY": "a-key-of-fifty-characters-or-more-for-this-test-and-no-other-use",
    "POSTGRES_PASSWORD": "password",
}
DESK_SERVICES = ("migrate", "readers", "writers", "backup")
PAGE = ROOT / "docs" / "containers.md"
#: A command of the page, and its first word that is no option: a service.
COMMAND = re.compile(
    r"docker compose -f deploy/compose\.yaml (?P<verb>run|exec|stop|start|restart|logs)"
    r"(?: --(?:entrypoint|tail) \S+| -e \S+| --?[\w-]+)* (?P<services>[a-z]+(?: [a-z]+)*)"
)
START_SECONDS = 60.0
#: What the engine and the other containers do: names, a database by password, Redis.
SERVER = f"""
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*
echo "127.0.0.1 postgres redis readers writers {NAME}" >> /etc/hosts
ln -s /usr/bin/python3 /usr/local/bin/python
systemctl start postgresql@15-main redis-server
runuser -u postgres -- psql --quiet \
    --command "CREATE ROLE \\"election-desk\\" LOGIN PASSWORD '{GIVEN["POSTGRES_PASSWORD"]}'" \
    --command 'CREATE DATABASE "election-desk" OWNER "election-desk"'
"""
#: What the entrypoint of nginx's own image does. Debian 12's nginx looks up names only once.
ENTRYPOINT = f"""
sed -i 's/ resolve / /' /etc/nginx/conf.d/upstreams.conf
sed 's/${{DESK_NAME}}/{NAME}/g' /etc/nginx/templates/default.conf.template \
    > /etc/nginx/conf.d/default.conf
nginx > /var/log/nginx-container 2>&1
"""


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = YAML(typ="safe").load(COMPOSE)
    return read


def tool(name: str) -> Path:
    return Path(sys.executable).with_name(name)


def test_dockerfile_is_clean() -> None:
    completed = lint(tool("hadolint"), DOCKERFILE)
    assert (completed.returncode, completed.stdout) == (0, "")


def test_compose_file_is_valid() -> None:
    completed = lint(tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", COMPOSE)
    assert completed.returncode == 0, completed.stdout


def test_services_are_complete(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name, service in services.items():
        built = service.get("build", {})
        assert service.get("image"), name
        assert built.get("target") in (None, *stages()), name
        of_image = built and any(word == "HEALTHCHECK" for word, _rest in _stage(service))
        assert "healthcheck" in service or of_image, name
        assert set(service.get("depends_on", {})) <= services.keys(), name
        volumes = [volume.split(":")[0] for volume in service.get("volumes", [])]
        named = {volume for volume in volumes if not volume.startswith(".")}
        assert named <= compose["volumes"].keys(), name
        assert ("ports" in service) == (name == "nginx")
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name


def test_readers_keep_their_addresses(compose: dict[str, Any]) -> None:
    """Docker gives all who come by IPv6 its own address in a network without IPv6."""
    assert compose["networks"]["inner"].get("enable_ipv6", False) is False
    ports = compose["services"]["nginx"]["ports"]
    assert [port.rpartition(":")[0] for port in ports] == ["0.0.0.0:80", "0.0.0.0:443"]


def test_nginx_follows_containers_to_other_addresses() -> None:
    """Two containers that die at once may get each other's address, of another service's too."""
    text = (ROOT / "deploy" / "compose-upstreams.conf").read_text()
    assert re.search(r"(?m)^resolver 127\.0\.0\.11 valid=\d+s ", text)
    upstreams = re.findall(r"(?ms)^upstream (\w+) \{(.*?)^\}", text)
    assert len(upstreams) == 4
    for name, body in upstreams:
        assert f" zone {name} " in body
        servers = re.findall(r"(?m)^ +server (.+);", body)
        assert len(servers) == 1
        assert servers[0].split()[1] == "resolve"


def test_backup_changes_nothing(compose: dict[str, Any]) -> None:
    """Every quarter of an hour: it would run `migrate` and reset the groups' permissions."""
    assert compose["services"]["backup"]["depends_on"].keys() == {"postgres"}


def _stage(service: dict[str, Any]) -> list[tuple[str, str]]:
    return stages()[service["build"]["target"]].instructions


def test_processes_get_what_they_need(compose: dict[str, Any]) -> None:
    documented = (ROOT / "docs" / "settings.md").read_text()
    (network,) = compose["networks"]["inner"]["ipam"]["config"]
    for name in DESK_SERVICES:
        service = compose["services"][name]
        assert int(service["stop_grace_period"].rstrip("s")) > DRAIN_SECONDS
        assert service["ulimits"]["nofile"] >= files_needed()
        assert service["read_only"] is True
        for variable in service["environment"]:
            assert f"`{variable}`" in documented, variable
        assert service["environment"]["TRUSTED_PROXIES"] == network["subnet"]
    roles = [compose["services"][name]["environment"]["ROLE"] for name in ("readers", "writers")]
    assert roles == ["readers", "writers"]


def test_every_variable_is_in_the_example_settings() -> None:
    used = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text()))
    example = (ROOT / "deploy" / "compose.env").read_text()
    assert used == set(re.findall(r"(?m)^(\w+)=", example))


def test_commands_of_the_page_name_services(compose: dict[str, Any]) -> None:
    text = PAGE.read_text().replace("\\\n", "")
    named = [found["services"].split() for found in COMMAND.finditer(text)]
    assert len(named) > 10
    assert {services[0] for services in named} <= compose["services"].keys()


def test_restore_reads_backups_and_writes_pictures(compose: dict[str, Any]) -> None:
    """`restore` sees the folder that `backup` writes to, and may write where it may not."""
    backup, restore = (compose["services"][name]["volumes"] for name in ("backup", "restore"))
    assert {f"{volume}:ro" if "media:" in volume else volume for volume in restore} == set(backup)
    assert compose["services"]["restore"]["entrypoint"][1:] == ["manage.py", "restore"]
    target = compose["services"]["restore"]["environment"]["TMPDIR"]
    assert target in {volume.partition(":")[2] for volume in restore}


# --- The steps of the image ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Machine, Path]]:
    """A machine as the base image is, and the folder that is sent to the engine."""
    if os.environ.get("DEPLOY_ON_THIS_MACHINE") == "1":
        pytest.skip("the image's steps would overwrite what was deployed on this machine itself")
    context = Checkout(tmp_path_factory.mktemp("image") / "context").folder
    try:
        packages = wheels()
        pip = {"PIP_CONFIG_FILE": "/dev/null", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(packages)}
        copy = Machine(context, packages, environment=pip)
        copy.start()
    except Missing as reason:
        skip_for(reason)
    try:
        copy.run(SERVER)
        yield copy, context
    finally:
        copy.stop()


def test_image_serves_the_desk_behind_its_nginx(
    machine: tuple[Machine, Path], compose: dict[str, Any], tmp_path: Path
) -> None:
    server, context = machine
    images = stages()
    # docs/containers.md copies backups into the folder.
    (context / "2029-05-03T033000Z.tar.gz").touch()
    desk = Image(server, images["desk"], context)
    desk.build()
    find = "find /srv/election-desk -maxdepth 1 -name tests -or -name '*.tar.gz'"
    assert server.run(find).stdout == ""
    environment = {
        name: interpolated(value, GIVEN)
        for name, value in compose["services"]["readers"]["environment"].items()
    } | {"ROLE": "all", "TRUSTED_PROXIES": "127.0.0.0/8"}
    migrate = [interpolated(word, GIVEN) for word in compose["services"]["migrate"]["command"]]
    assert "Applying results.0001_squashed_" in desk.run(migrate, **environment)
    desk.run(desk.stage.command, background="/var/log/desk", **environment)
    wait_for(desk, desk.stage.healthcheck)

    certificate = make_certificate(tmp_path, NAME)
    server.run("mkdir -p /etc/ssl/election-desk")
    for file in (certificate, certificate.with_name("privkey.pem")):
        server.write(f"/etc/ssl/election-desk/{file.name}", file.read_text())
    server.run("rm /etc/nginx/sites-enabled/*")
    nginx = Image(server, images["nginx"], context)
    nginx.build()
    server.run(ENTRYPOINT)
    wait_for(nginx, nginx.stage.healthcheck, DESK_NAME=NAME)
    site = Site(NAME, certificate, network=server.network)
    front = site.get("/")
    assert front.status == 200
    styles = re.findall(r"""["'](/static/[^"']+\.css)["']""", front.text)
    assert styles
    assert {site.get(style).status for style in styles} == {200}
    assert site.get("/admin/login/").status == 200

    backup = compose["services"]["backup"]["command"]
    assert ".tar.gz" in desk.run(backup, **environment)


def wait_for(image: Image, healthcheck: list[str], **environment: str) -> None:
    """Return once the image's own check finds it healthy."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            image.run(healthcheck, **environment)
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        else:
            return
