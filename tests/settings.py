"""The shipped settings with quick password hashing, for tests.

A shipped hash takes a third of a second on purpose, and most tests that sign in are about
something else. `tests/acceptance` uses the shipped settings as they are.
"""

from electiondesk.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
