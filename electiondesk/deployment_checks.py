"""Checks of a server's set-up: `manage.py check --deploy --database default`.

Each reports a step of docs/deploy.md that was forgotten, and says which command to run. No process
refuses to start for one: `/readyz` tells what it needs. Only `later_tables` stops `migrate` too.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.http.request import validate_host

from electiondesk import database_state
from results.live.pictures import FOLDER

#: Of 32 bytes in base64url, without padding.
KEY_CHARACTERS = 43
#: For Redis to answer the check.
REDIS_SECONDS = 2
#: Named as the channel layer names its own, for a user of Redis who may use those alone.
REDIS_CHANNEL = "asgi__group__check"
#: By which two clocks that are set by NTP never differ.
CLOCK_SECONDS = 5
CLOCK_HINT = "`timedatectl` on both says which is not synchronised."


@register(Tags.database, deploy=True)
def database_and_roles(
    *, databases: Sequence[str] | None = None, **_options: Any
) -> list[CheckMessage]:
    """Report a database that does not answer, or lacks tables of this release or the roles."""
    # Imported with the apps' models, which are not loaded yet when this module is.
    from results.editor.roles import groups_to_reset

    if not databases:
        return []
    if problem := database_state.connection_problem():
        return [Error(problem, id="electiondesk.E003")]
    if database_state.has_migrations_to_apply():
        text = "Tables of this release are missing: run `manage.py migrate`."
        return [Error(text, id="electiondesk.E004")]
    if names := groups_to_reset():
        text = f"Without all their permissions: {', '.join(names)}. Run `manage.py roles`."
        return [Error(text, id="electiondesk.E005")]
    return _clocks()


def _clocks() -> list[CheckMessage]:
    """Report a clock that differs from that of the machine with the database."""
    ahead = round(database_state.seconds_ahead())
    if abs(ahead) <= CLOCK_SECONDS:
        return []
    differs = f"{abs(ahead)} s {'ahead of' if ahead > 0 else 'behind'}"
    text = (
        f"This machine’s clock is {differs} that of the machine with PostgreSQL. With one that is"
        " a minute off no code of a second factor is right, and times on pages are wrong."
    )
    return [checks.Warning(text, hint=CLOCK_HINT, id="electiondesk.W007")]


@register(Tags.database)
def later_tables(*, databases: Sequence[str] | None = None, **_options: Any) -> list[CheckMessage]:
    """Report tables that only a later release can work with, to `migrate` as well."""
    try:
        later = database_state.later_release() if databases else ""
    except DatabaseError:  # which the check above reports
        return []
    text = f"The tables are of a later release ({later}), and this one cannot work with them."
    hint = "Install that release, or restore a backup that this one has made."
    return [Error(text, hint=hint, id="electiondesk.E009")] if later else []


@register(deploy=True)
def media_folder(**_options: Any) -> list[CheckMessage]:
    """Report a folder that photographs cannot be written to, such as one that root has restored."""
    root = Path(settings.MEDIA_ROOT)
    folders = [each for each in (root, root / FOLDER) if os.access(each, os.F_OK)]
    closed = [each for each in folders if not os.access(each, os.R_OK | os.W_OK | os.X_OK)]
    if folders and not closed:
        return []
    if closed:
        wrong = f"{closed[0]}, cannot be used by this user"
        hint = f"chown -R USER: {root} and chmod -R u+rwX {root}"
    else:
        wrong = f"{root}, is not there, or in one that this user may not enter"
        hint = f"install -d -o USER -g USER -m 750 {root}"
    text = f"The folder of MEDIA_ROOT, {wrong}: photographs from counts may be refused."
    hint += ", with the user of the services for USER."
    return [Error(text, hint=hint, id="electiondesk.E006")]


@register(deploy=True)
def web_push(**_options: Any) -> list[CheckMessage]:
    """Report a key or an address of Web Push with which nothing can be sent."""
    from results.push import keys

    if not settings.VAPID_PRIVATE_KEY:
        return []
    hint = "`manage.py push_keys` prints both settings; docs/push.md explains them."
    try:
        keys.public_key()
        is_whole = len(settings.VAPID_PRIVATE_KEY.rstrip("=")) == KEY_CHARACTERS
    except ImproperlyConfigured:
        is_whole = False
    if not is_whole:
        text = "VAPID_PRIVATE_KEY is not a key of 32 bytes in base64url."
        return [Error(text, hint=hint, id="electiondesk.E007")]
    if settings.VAPID_CONTACT.startswith(("mailto:", "https:")):
        return []
    text = "VAPID_CONTACT must be an address that begins with mailto: or https:."
    return [Error(text, hint=hint, id="electiondesk.E008")]


@register(deploy=True)
def names_of_the_site(**_options: Any) -> list[CheckMessage]:
    """Report an origin of CSRF_TRUSTED_ORIGINS that no browser sends, or that has no pages."""
    origins = [origin.replace("*", "any") for origin in settings.CSRF_TRUSTED_ORIGINS]
    names = [urlsplit(origin).hostname for origin in origins]
    refused = [name for name in names if name and not validate_host(name, settings.ALLOWED_HOSTS)]
    written = [] if settings.DEBUG else settings.CSRF_TRUSTED_ORIGINS
    plain = [origin for origin in written if origin.startswith("http:")]
    return [
        *(
            checks.Warning(
                f"{name} is in CSRF_TRUSTED_ORIGINS and not in ALLOWED_HOSTS: its pages would be"
                " answered with “Bad Request (400)”.",
                id="electiondesk.W001",
            )
            for name in refused
        ),
        *(
            checks.Warning(
                f"{origin} is in CSRF_TRUSTED_ORIGINS, and the site is served by https:// only: its"
                " forms would be refused, and its pages say “Updating”.",
                id="electiondesk.W002",
            )
            for origin in plain
        ),
    ]


@register(deploy=True)
def redis_server(**_options: Any) -> list[CheckMessage]:
    """Report a Redis that does not carry notifications, with what it says.

    Not by PING: a Redis whose disk is full refuses that, and carries them.
    """
    if not settings.REDIS_URL:
        return []
    import redis  # which a desk of one process does without

    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=REDIS_SECONDS, socket_timeout=REDIS_SECONDS
        ) as client:
            client.publish(REDIS_CHANNEL, "")
            with client.pubsub() as subscription:
                subscription.subscribe(REDIS_CHANNEL)
                subscription.get_message(timeout=REDIS_SECONDS)
    except (redis.RedisError, ValueError, TypeError) as exc:  # TypeError: an unknown option
        said = str(exc).rstrip(".")
        text = f"Redis does not let the desk in at REDIS_URL. It says: {said}."
        hint = "Everything works without it, and updates are up to a second later."
        return [checks.Warning(text, hint=hint, id="electiondesk.W003")]
    return []
