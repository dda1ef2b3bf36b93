"""Settings with a password hasher that writes a byte for every hashed password.

A server started with these settings pays for real hashes; the file says how many.
"""

import os
from pathlib import Path

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from electiondesk.settings import *  # noqa: F403

PASSWORD_HASHERS = ["tests.acceptance.counted_hashes.CountedHasher"]


class CountedHasher(PBKDF2PasswordHasher):
    """PBKDF2, slow enough for guesses to overlap, quick enough for a suite."""

    iterations = 150_000

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        with Path(os.environ["HASHES_FILE"]).open("ab") as file:
            file.write(b".")
        encoded: str = super().encode(password, salt, iterations)
        return encoded
