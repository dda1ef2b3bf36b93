"""Run Debian's nginx with the files of deploy/, on ports and folders of a test's own."""

import os
from collections.abc import Sequence
from pathlib import Path

from tests import needs
from tests.backing import Backing
from tests.ports import free_port
from tests.tls import Site, make_certificate

NAME = "desk.example"
SITE = needs.ROOT / "deploy" / "nginx.conf"
UPSTREAMS = needs.ROOT / "deploy" / "nginx-upstreams.conf"
#: The ports of the upstreams file: two processes for readers, two for writers.
UPSTREAM_PORTS = (8001, 8002, 8011, 8012)


class Nginx(Backing):
    """A site on two ports of its own, in front of four processes of the desk."""

    def __init__(
        self, upstream_ports: Sequence[int], static_root: Path, *, connections: int = 512
    ) -> None:
        """`connections` is nginx's `worker_connections`, of which a socket takes two."""
        self.connections = connections
        self.program = needs.program("nginx", package="nginx-light", folders="/usr/sbin")
        super().__init__()
        plain = free_port()
        self.site = Site(
            NAME, make_certificate(self.folder, NAME), https_port=self.port, http_port=plain
        )
        substitutions = {
            "/etc/ssl/election-desk/": f"{self.folder}/",
            "/run/election-desk-cache": f"{self.folder}/cache",
            "/var/lib/election-desk/static/": f"{static_root}/",
            "/var/log/nginx/desk.log": f"{self.folder}/access.log",
            "/var/www/html": f"{self.folder}/html",
            "listen 80 ": f"listen 127.0.0.1:{plain} ",
            "listen [::]:80 ": f"listen [::1]:{plain} ",
            "listen 443 ": f"listen 127.0.0.1:{self.port} ",
            "listen [::]:443 ": f"listen [::1]:{self.port} ",
        }
        ports = {
            f"127.0.0.1:{shipped} ": f"127.0.0.1:{ours} "
            for shipped, ours in zip(UPSTREAM_PORTS, upstream_ports, strict=True)
        }
        self._copy(SITE, substitutions)
        self._copy(UPSTREAMS, ports)
        self._write_main_file()

    def _copy(self, file: Path, substitutions: dict[str, str]) -> None:
        text = file.read_text()
        for shipped, ours in substitutions.items():
            assert shipped in text, shipped
            text = text.replace(shipped, ours)
        if not Path("/proc/net/if_inet6").exists():
            text = "\n".join(line for line in text.splitlines() if "listen [::" not in line)
        (self.folder / file.name).write_text(text)

    def _write_main_file(self) -> None:
        user = "user root;" if os.getuid() == 0 else ""
        temporary = "\n".join(
            f"{name}_temp_path {self.folder}/{name};"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "main.conf").write_text(
            f"{user}\ndaemon off;\npid {self.folder}/pid;\n"
            f"error_log {self.folder}/error.log warn;\n"
            f"worker_rlimit_nofile {2 * self.connections};\n"
            f"events {{ worker_connections {self.connections}; }}\n"
            f"http {{\ninclude /etc/nginx/mime.types;\naccess_log off;\n{temporary}\n"
            f"include {self.folder}/{UPSTREAMS.name};\ninclude {self.folder}/{SITE.name};\n}}\n"
        )

    def command(self) -> list[str | Path]:
        return [self.program, "-p", self.folder, "-c", self.folder / "main.conf"]
