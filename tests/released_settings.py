"""The shipped settings with DEBUG off and quick password hashing, served without TLS.

Static files have their hashed names, and a browser can be at the server itself.
"""

from electiondesk.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
