"""Keyed hashes of secrets: passes, invitations and API tokens are stored as these only."""

from django.utils.crypto import salted_hmac


def keyed_hash(purpose: str, secret: str) -> str:
    """A hash to store instead of the secret. Keyed, so that a stolen table cannot be searched."""
    return salted_hmac(f"results.{purpose}", secret, algorithm="sha256").hexdigest()
