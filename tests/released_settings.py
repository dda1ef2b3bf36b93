"""The shipped settings with DEBUG off and quick password hashing, served without TLS.

Static files have their hashed names, and a browser can be at the server itself. It asks for each
file again, so that those of a release that is gone are gone. (Chromium 156 cannot always be used
after `Network.clearBrowserCache`: its network service spins for 25 s, then loads no page.)
"""

from electiondesk.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
WHITENOISE_MAX_AGE = 0
# Most of what collecting costs; the server compresses what collectstatic has not.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("css", "js", "svg", "txt", "md", "png", "woff2")


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:  # noqa: N802 - a setting
    return False
