"""The shipped settings with quick password hashing, for tests.

A shipped hash takes a third of a second on purpose, and most tests that sign in are about
something else. `tests/acceptance` uses the shipped settings as they are.
"""

import os

from electiondesk.settings import *  # noqa: F403
from electiondesk.settings import CHANNEL_LAYERS

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# A task is done when it is enqueued; `tests/services/test_work.py` starts the shipped worker.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

# Tests that run side by side share a Redis; what one of them publishes is for its own servers.
if CHANNEL_LAYERS["default"].get("CONFIG"):
    CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = os.environ.get("PYTEST_XDIST_WORKER", "test")


def WHITENOISE_ADD_HEADERS_FUNCTION(  # noqa: N802 - a setting
    headers: dict[str, str], path: str, url: str
) -> None:
    """Let a browser keep the admin's files, as on a public site: pages of it have two dozen."""
    if url.startswith(("/static/admin/", "/static/editor/")):
        headers["Cache-Control"] = "public, max-age=3600"
