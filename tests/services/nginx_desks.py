"""nginx as it is shipped, in front of desks that tests start."""

from collections.abc import Callable
from pathlib import Path

from tests import needs
from tests.nginx import NAME, Nginx
from tests.servers import Server
from tests.tls import Response

MakeDesk = Callable[..., Server]
ENVIRONMENT = {"ALLOWED_HOSTS": NAME, "CSRF_TRUSTED_ORIGINS": f"https://{NAME}"}


def start_nginx(ports: list[int], static_root: Path = needs.ROOT / "static") -> Nginx:
    try:
        return Nginx(ports, static_root)
    except needs.Missing as reason:
        needs.skip_for(reason)


def after_its_time(nginx: Nginx, path: str) -> Response:
    """What nginx answers once its copy has expired."""
    while (answer := nginx.site.get(path)).headers["X-Cache"] == "HIT":
        pass
    return answer
