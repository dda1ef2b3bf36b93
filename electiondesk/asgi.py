"""The ASGI application: pages and forms by Django, sockets by `results.live` and `results.desk`."""

import gc
import logging
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "electiondesk.settings")
django.setup(set_prefix=False)  # loads the applications: what follows may import models

from django.conf import settings  # noqa: E402

from electiondesk import daphne_limits, garbage, storage  # noqa: E402
from electiondesk.body_limits import BodyLimits  # noqa: E402
from electiondesk.lifecycle.draining import DrainingMiddleware  # noqa: E402
from electiondesk.lifecycle.handler import OneThreadHandler  # noqa: E402
from electiondesk.origins import SameOriginSockets  # noqa: E402
from electiondesk.proxies import TrustedProxies  # noqa: E402
from electiondesk.routing import COUNTS, LIVE, NIGHT, ByType, Sockets  # noqa: E402
from electiondesk.socket_limits import SocketLimits  # noqa: E402
from results.desk.close_of_poll import LATE, CloseOfPollThread  # noqa: E402
from results.desk.worker_status import needs_worker  # noqa: E402
from results.editor.night.socket import night_socket  # noqa: E402
from results.live.socket import reader_socket  # noqa: E402
from results.reader.warm_up import warm_up  # noqa: E402
from results.reporter.socket import reporter_socket  # noqa: E402

#: Served where their pages are.
for_readers = [(LIVE, reader_socket)] if settings.ROLE != "writers" else []
for_staff = [(COUNTS, reporter_socket), (NIGHT, night_socket)] if settings.ROLE != "readers" else []
application = DrainingMiddleware(
    ByType(
        {
            "http": TrustedProxies(BodyLimits(OneThreadHandler())),
            "websocket": TrustedProxies(
                SocketLimits(SameOriginSockets(Sockets([*for_readers, *for_staff])))
            ),
        }
    )
)

# Checked now, before a later release can replace the files of this one.
if problem := storage.problem():
    logging.getLogger(__name__).error("every page is an error: static files: %s", problem)

daphne_limits.install()

if settings.ROLE != "writers":
    warm_up.start()

# The worker publishes closes of poll. Without one, pages would say until the first result when
# polls close, though that is past.
if settings.ROLE != "readers" and needs_worker():
    CloseOfPollThread(late=LATE).start()

# A reader's socket is about a hundred objects that live long and refer to each other. The garbage
# collector would scan all of them again and again during a bulletin, and free nothing.
gc.freeze()
garbage.collect_less_often()
