"""Settings of the desk. Only this module reads the environment.

Without any variable: SQLite, one process, loopback. docs/settings.md lists them all.
"""

import ipaddress
import logging
import os
import tempfile
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from electiondesk import secret_key
from electiondesk.lifecycle import timeouts

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = BASE_DIR / ".data"
env = environ.Env()

DEBUG = env.bool("DEBUG", default=True)
# The demo has a database and a media folder of its own, beside a real desk's.
DEMO = env.bool("DEMO", default=False)
if DEMO and not DEBUG:
    raise ImproperlyConfigured("DEMO is for trying the desk out: it cannot be set with DEBUG off")


def _required(name: str) -> str:
    """Return a variable that has no safe default when DEBUG is off; raise if it is missing."""
    value: str = env.str(name, default="").strip()
    if not value and not DEBUG:
        raise ImproperlyConfigured(f"{name} must be set in the environment when DEBUG is off")
    return value


def _listed(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


SECRET_KEY = _required("SECRET_KEY") or secret_key.load_secret_key(secret_key.state_directory())
ALLOWED_HOSTS = _listed(_required("ALLOWED_HOSTS")) or [".localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = _listed(_required("CSRF_TRUSTED_ORIGINS"))


def _networks(text: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    try:
        return [ipaddress.ip_network(part) for part in _listed(text) if part != "none"]
    except ValueError as exc:
        raise ImproperlyConfigured(f"TRUSTED_PROXIES: {exc}") from None


# Networks whose X-Forwarded-* headers are trusted; by default a proxy on this machine.
TRUSTED_PROXIES = _networks(env.str("TRUSTED_PROXIES", default="") or "127.0.0.0/8, ::1/128")
# Per process. An office, a counting hall, a mobile network's gateway are one address each.
SOCKETS_PER_ADDRESS = env.int("SOCKETS_PER_ADDRESS", default=2000)
SOCKET_OPENS_PER_SECOND = env.int("SOCKET_OPENS_PER_SECOND", default=200)

# How long a request may take to arrive (Daphne only).
REQUEST_HEAD_SECONDS = env.int("REQUEST_HEAD_SECONDS", default=timeouts.REQUEST_HEAD_SECONDS)
REQUEST_BODY_SECONDS = env.int("REQUEST_BODY_SECONDS", default=timeouts.REQUEST_BODY_SECONDS)
# Of a form without its files; electiondesk.body_limits limits the whole request.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- Role of this process ---------------------------------------------------------------------

#: "all" in one process; or "readers" and "writers" apart, so that neither waits for the other.
ROLES = ("all", "readers", "writers")
ROLE = env.str("ROLE", default="all").strip().lower()
if ROLE not in ROLES:
    raise ImproperlyConfigured("ROLE must be all, readers or writers")
#: Sockets that this process holds; readers beyond that poll for updates.
READERS_PER_PROCESS = env.int("READERS_PER_PROCESS", default=10_000)

INSTALLED_APPS = [
    "daphne",  # first: it takes over runserver
    "electiondesk.apps.SiteConfig",
    "electiondesk.admin_app.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "results",
]

# No LocaleMiddleware: a reader's page is the same bytes for everyone, so its language may not
# depend on a header or a cookie.
MIDDLEWARE = [
    "electiondesk.middleware.security_headers_middleware",
    "electiondesk.health.health_check_middleware",
    "electiondesk.request_ids.request_id_middleware",
    "electiondesk.metrics.metrics_middleware",
    "electiondesk.middleware.nul_byte_middleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "electiondesk.middleware.client_ip_middleware",
]

ROOT_URLCONF = "electiondesk.urls"
ASGI_APPLICATION = "electiondesk.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Database -------------------------------------------------------------------------------

SQLITE: dict[str, Any] = {
    "OPTIONS": {
        # Take the write lock when a transaction begins: one that begins by reading and then writes
        # is refused at once, whatever the timeout.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL, not NORMAL: a declaration that was acknowledged survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL",
    },
    # A file, since some tests use threads; one per process, for runs side by side.
    "TEST": {"NAME": os.path.join(tempfile.gettempdir(), f"electiondesk-{os.getpid()}.sqlite3")},
}
POSTGRESQL: dict[str, Any] = {
    # Under ASGI every request has a thread of its own, so a connection kept per thread would leak.
    # The pool keeps them, and checks each before it lends it.
    "CONN_MAX_AGE": 0,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        # How long a request waits for an unreachable server. The pool tries at 1, 3 and 7 seconds
        # and then gives up, so that the next request starts trying anew.
        "pool": {"min_size": 1, "max_size": 12, "timeout": 10, "reconnect_timeout": 10},
        # A server that vanished is noticed after half a minute; by default it takes 15.
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 25_000,
    },
}


def _database(url: str) -> dict[str, Any]:
    if not url:
        DATA_DIR.mkdir(mode=0o700, exist_ok=True)
        url = f"sqlite:///{DATA_DIR / ('demo.sqlite3' if DEMO else 'electiondesk.sqlite3')}"
    given: dict[str, Any] = env.db_url_config(url)
    defaults = {
        "django.db.backends.sqlite3": SQLITE,
        "django.db.backends.postgresql": POSTGRESQL,
    }.get(given.get("ENGINE", ""))
    if defaults is None:
        raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:// or postgres://")
    return {**defaults, **given, "OPTIONS": defaults["OPTIONS"] | given.get("OPTIONS", {})}


DATABASES = {"default": _database(env.str("DATABASE_URL", default=""))}

# --- Live updates ---------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")
# Carries only notifications, to one subscription per process; bulletins are in the database.
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
if REDIS_URL:
    CHANNEL_LAYERS["default"] = {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [
                # A subscription is silent for hours on a quiet night: no timeout on reading.
                {"address": REDIS_URL, "socket_timeout": None, "socket_connect_timeout": 2}
            ]
        },
    }

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Rendered reader pages, by election, epoch and sequence: rendered once per process.
    "pages": {
        "BACKEND": "results.live.bytes_cache.BytesCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_BYTES": 64 * 1024 * 1024},
    },
    # Each contest as data, by revision.
    "seats": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "seats",
        "TIMEOUT": None,
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}

# --- People ---------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "electiondesk.demo_accounts.RefusesDemoPassword",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# With DEBUG off editors need a second factor, unless it is turned off.
SECOND_FACTOR = env.bool("SECOND_FACTOR", default=not DEBUG)
OTP_TOTP_ISSUER = "Election Desk"
# django-otp's own delay grows to days and answers "wrong" to a right code: SECOND_FACTOR_TRIES_…
# below counts instead.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
#: An enrolment that is not confirmed within this is void.
SECOND_FACTOR_ENROLMENT_SECONDS = 15 * 60
LOGIN_URL = "/count/sign-in/"
LOGIN_REDIRECT_URL = "/count/"
SESSION_ENGINE = "electiondesk.sessions"
SESSION_COOKIE_AGE = 18 * 60 * 60  # one night, from the opening of the polls to the last count
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"


def _tries(name: str, default: int) -> int:
    value: int = env.int(name, default=default)
    if value < 1:
        raise ImproperlyConfigured(f"{name} must be 1 or more")
    return value


# Wrong passwords, codes and links in one window, which begins with the first. What each limit
# counts is in docs/security.md. A hall is one address: its limit is the last to be reached.
SIGN_IN_WINDOW_SECONDS = 10 * 60
SIGN_IN_TRIES_PER_DEVICE = _tries("SIGN_IN_TRIES_PER_DEVICE", 10)
SIGN_IN_TRIES_PER_ACCOUNT_AND_ADDRESS = _tries("SIGN_IN_TRIES_PER_ACCOUNT_AND_ADDRESS", 10)
SIGN_IN_TRIES_PER_ACCOUNT = _tries("SIGN_IN_TRIES_PER_ACCOUNT", 100)
SIGN_IN_TRIES_PER_ADDRESS = _tries("SIGN_IN_TRIES_PER_ADDRESS", 600)
SIGN_IN_CODES_EVERYWHERE = _tries("SIGN_IN_CODES_EVERYWHERE", 6000)
SECOND_FACTOR_TRIES_PER_ACCOUNT = _tries("SECOND_FACTOR_TRIES_PER_ACCOUNT", 10)

# --- Languages and times --------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [BASE_DIR / "results" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Files ----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default="") or BASE_DIR / ".static")
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(
    env.str("MEDIA_ROOT", default="") or DATA_DIR / ("demo-media" if DEMO else "media")
)
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "electiondesk.storage.HashedStaticFiles"
    },
}

# --- Security headers -----------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        # Older Safari does not count our own socket as 'self'.
        "connect-src": [
            "'self'",
            *(o.replace("https://", "wss://", 1) for o in CSRF_TRUSTED_ORIGINS),
        ],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
# Not no-referrer: Django's own check of a form over https reads the referrer.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

if not DEBUG:
    # With DEBUG off the desk stands behind a proxy that ends TLS and sets this header.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
# Subdomains and the browsers' preload list: promises about names that may not be ours to bind.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# --- Logs and error reports -----------------------------------------------------------------

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO").upper()
if LOG_LEVEL not in logging.getLevelNamesMapping():
    raise ImproperlyConfigured("LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "without_tokens": {"()": "electiondesk.logs.WithoutTokens"},
        "with_request": {"()": "electiondesk.request_ids.WithRequestId"},
    },
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "electiondesk.request_ids.JsonFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            # Text for a developer, JSON for whatever collects the logs in production.
            "formatter": "line" if DEBUG else "json",
            "filters": ["without_tokens", "with_request"],
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "daphne": {"level": "WARNING"},  # says at every start that HTTP/2 is not installed
        # Every statement with what is in it (keys of sessions, marks of passes) at DEBUG.
        "django.db.backends": {"level": "INFO"},
    },
}

SENTRY_DSN = env.str("SENTRY_DSN", default="")
if SENTRY_DSN:
    from electiondesk.sentry import start_reporting

    start_reporting(SENTRY_DSN)
