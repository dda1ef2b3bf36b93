"""Whose requests nginx counts together: one IPv4 address, or one IPv6 network of 64 bits."""

from collections.abc import Iterator
from ipaddress import IPv6Address, IPv6Network

import pytest

from tests.nginx import SITE, UPSTREAMS, Nginx
from tests.ports import free_port
from tests.services.nginx_desks import start_nginx

pytestmark = pytest.mark.services

#: Attempts at once in this test, beside the first.
BURST = 4
REFUSED = 429


@pytest.fixture
def nginx() -> Iterator[Nginx]:
    """A site that believes each request's header about its address, and soon refuses more.

    No process of the desk stands behind it: what is not refused is answered with 502.
    """
    server = start_nginx([free_port()] * 4)
    site = server.folder / SITE.name
    site.write_text(site.read_text().replace("600r/m", "1r/m").replace("=300", f"={BURST}"))
    with (server.folder / UPSTREAMS.name).open("a") as file:
        file.write("set_real_ip_from 127.0.0.0/8;\nreal_ip_header X-Forwarded-For;\n")
    with server:
        yield server


def attempt(nginx: Nginx, address: object) -> int:
    headers = {"X-Forwarded-For": str(address)}
    return nginx.site.request("POST", "/admin/login/", body=b"", headers=headers).status


# A byte of a network may be the end of a line, or zero.
@pytest.mark.parametrize(
    "text", ["2001:db8:1:2::/64", "2001:db8::/64", "2001:db8:a0a:a0a::/64", "2001:db8:0:a::/64"]
)
def test_addresses_of_one_network_share_a_limit(nginx: Nginx, text: str) -> None:
    network = IPv6Network(text)
    statuses = [attempt(nginx, network[number << 32 | 10]) for number in range(BURST + 1)]
    assert statuses == [502] * (BURST + 1)
    assert attempt(nginx, network[-1]) == REFUSED
    neighbour = IPv6Address(int(network[0]) + (1 << 64))
    assert attempt(nginx, neighbour) == 502


@pytest.mark.parametrize("prefix", ["192.0.2.", "::ffff:192.0.2."])
def test_each_address_of_ipv4_has_a_limit_of_its_own(nginx: Nginx, prefix: str) -> None:
    statuses = [attempt(nginx, f"{prefix}1") for _number in range(BURST + 2)]
    assert statuses == [502] * (BURST + 1) + [REFUSED]
    assert attempt(nginx, f"{prefix}2") == 502
