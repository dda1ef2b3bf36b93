"""All settings. Without environment variables: SQLite, one process, loopback.

Environment variables are read only here. docs/settings.md lists them.
"""

import os
import sys
from pathlib import Path
from typing import Any

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured

from electiondesk import secret_key
from electiondesk.databases import database_settings
from electiondesk.lifecycle import timeouts
from electiondesk.logs import logging_settings
from electiondesk.variables import (
    names_read,
    read_folder,
    read_hosts,
    read_networks,
    read_origins,
    read_redis_url,
    read_switch,
)

# Lets classes name their model, as in admin.ModelAdmin[Contest]: Django has it for some only.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = BASE_DIR / ".data"


def _text(name: str, default: str = "") -> str:
    """Read a variable. An empty one is not set, as in a file that lists all."""
    names_read.add(name)
    # Not by django-environ, which reads “$abc”, such as a key, as the value of a variable “abc”.
    return os.environ.get(name, "").strip() or default


DEBUG = read_switch("DEBUG", _text("DEBUG", "1"))
# The demo night has its own database and media folder, beside the real ones.
DEMO = read_switch("DEMO", _text("DEMO"))
if DEMO and not DEBUG:
    raise ImproperlyConfigured("DEMO is for trials on your own machine: unset it, or set DEBUG on")


def _required(name: str) -> str:
    """Read a variable that a public site must set, because it has no safe default."""
    value = _text(name)
    if not value and not DEBUG:
        raise ImproperlyConfigured(f"{name} must be set in the environment when DEBUG is off")
    return value


def _number(name: str, default: int) -> int:
    try:
        value = int(_text(name, str(default)))
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number") from None
    if value < 0:
        raise ImproperlyConfigured(f"{name} must be 0 or more")
    return value


def _positive(name: str, default: int) -> int:
    value = _number(name, default)
    if value < 1:
        raise ImproperlyConfigured(f"{name} must be 1 or more")
    return value


SECRET_KEY = _required("SECRET_KEY") or secret_key.load_secret_key(secret_key.state_directory())
ALLOWED_HOSTS = read_hosts("ALLOWED_HOSTS", _required("ALLOWED_HOSTS")) or [
    ".localhost",
    "127.0.0.1",
    "[::1]",
]
CSRF_FAILURE_VIEW = "electiondesk.csrf_failures.csrf_failure"
CSRF_TRUSTED_ORIGINS = read_origins("CSRF_TRUSTED_ORIGINS", _required("CSRF_TRUSTED_ORIGINS"))

# Networks whose X-Forwarded-* headers are trusted; by default a proxy on this machine.
TRUSTED_PROXIES = read_networks("TRUSTED_PROXIES", _text("TRUSTED_PROXIES", "127.0.0.0/8, ::1/128"))
# Per process. An office, a counting hall, a mobile network's gateway are one address each.
SOCKETS_PER_ADDRESS = _positive("SOCKETS_PER_ADDRESS", default=2000)
SOCKET_OPENS_PER_SECOND = _positive("SOCKET_OPENS_PER_SECOND", default=200)

# How long a request may take to arrive (Daphne only). A phone ends a try after 80 seconds at most;
# the form of a browser without scripts may carry a whole photo.
REQUEST_HEAD_SECONDS = _positive("REQUEST_HEAD_SECONDS", default=timeouts.REQUEST_HEAD_SECONDS)
REQUEST_BODY_SECONDS = _positive("REQUEST_BODY_SECONDS", default=timeouts.REQUEST_BODY_SECONDS)
# A form without its files; electiondesk.body_limits limits the whole request.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- Role of this process ---------------------------------------------------------------------

#: "readers" and "writers" are separate processes, so that neither waits for the other.
ROLES = ("all", "readers", "writers")
ROLE = _text("ROLE", "all").lower()
if ROLE not in ROLES:
    raise ImproperlyConfigured("ROLE must be all, readers or writers")
#: Sockets of this process. Pages beyond that poll.
READERS_PER_PROCESS = _number("READERS_PER_PROCESS", default=10_000)
#: Sockets of people who are signed in, which only processes for writers serve.
SIGNED_IN_SOCKETS_PER_PROCESS = _number("SIGNED_IN_SOCKETS_PER_PROCESS", default=1000)

INSTALLED_APPS = [
    # First, to take over runserver. No other command needs it, and its import costs a third of each
    # command's start.
    *(["daphne"] if "runserver" in sys.argv else []),
    "electiondesk.apps.SiteConfig",
    "electiondesk.admin_app.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "csp",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django_tasks",
    "django_tasks_db",
    "results",
]

# No LocaleMiddleware: every reader gets the same bytes at an address, so the language may not
# depend on a header or a cookie.
MIDDLEWARE = [
    "electiondesk.middleware.security_headers_middleware",
    "electiondesk.middleware.compression_middleware",
    # In front of what only documents need: a first visit asks for a dozen files.
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "electiondesk.health.health_check_middleware",
    "electiondesk.request_ids.request_id_middleware",
    "electiondesk.metrics.metrics_middleware",
    "electiondesk.middleware.unreadable_address_middleware",
    "electiondesk.middleware.form_encoding_middleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "electiondesk.middleware.language_middleware",
    "electiondesk.middleware.priority_middleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "electiondesk.middleware.client_ip_middleware",
    "electiondesk.middleware.withdrawn_middleware",
]

ROOT_URLCONF = "electiondesk.urls"
DEFAULT_EXCEPTION_REPORTER_FILTER = "electiondesk.unavailable.ExceptionFilter"
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

# --- Database --------------------------------------------------------------------------------

# Not a setting: it has a password, and DEBUG shows settings to the browser.
_url = _text("DATABASE_URL")
if not _url:
    DATA_DIR.mkdir(mode=0o700, exist_ok=True)
    _url = f"sqlite:///{DATA_DIR / ('demo.sqlite3' if DEMO else 'electiondesk.sqlite3')}"
DATABASES = {"default": database_settings(_url)}

# --- Live updates ----------------------------------------------------------------------------

REDIS_URL = read_redis_url("REDIS_URL", _text("REDIS_URL"))
# Carries only notifications, to one subscription per process. Bulletins are in the database.
CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}
if REDIS_URL:
    CHANNEL_LAYERS["default"] = {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [
                # No read timeout: a subscription may receive nothing for hours.
                {"address": REDIS_URL, "socket_timeout": None, "socket_connect_timeout": 2}
            ]
        },
    }

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Rendered pages for readers, each rendered once in a process.
    "pages": {
        "BACKEND": "results.live.bytes_cache.BytesCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_BYTES": 64 * 1024 * 1024},
    },
    # Pages of one person's choice of seats or search.
    "choices": {
        "BACKEND": "results.live.bytes_cache.BytesCache",
        "LOCATION": "choices",
        "OPTIONS": {"MAX_BYTES": 8 * 1024 * 1024},
    },
}

# --- Background tasks ------------------------------------------------------------------------

# A task is a row of the database, committed with what enqueued it. `manage.py work` runs it.
TASKS: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}
}

# --- Sign-in ---------------------------------------------------------------------------------

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
# On a public site editors need a second factor, unless this turns it off.
_second_factor = _text("SECOND_FACTOR")
SECOND_FACTOR = read_switch("SECOND_FACTOR", _second_factor) if _second_factor else not DEBUG
OTP_TOTP_ISSUER = "Election Desk"
# Replaced by SECOND_FACTOR_TRIES_PER_ACCOUNT: django-otp's own delay grows to days, and rejects a
# right code as wrong.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
#: A second factor whose set-up is not confirmed within this time is void.
SECOND_FACTOR_ENROLMENT_SECONDS = 15 * 60
LOGIN_URL = "/count/sign-in/"
LOGIN_REDIRECT_URL = "/count/"
SESSION_ENGINE = "electiondesk.sessions"
SESSION_COOKIE_AGE = 18 * 60 * 60  # from the opening of the polls to the last count

# Wrong passwords, codes and links within one window, which begins with the first attempt.
# docs/security.md says what each limit counts. A counting hall is one address, so the limit by
# address is the highest.
SIGN_IN_WINDOW_SECONDS = 10 * 60
SIGN_IN_TRIES_PER_DEVICE = _positive("SIGN_IN_TRIES_PER_DEVICE", 10)
SIGN_IN_TRIES_PER_ACCOUNT_AND_ADDRESS = _positive("SIGN_IN_TRIES_PER_ACCOUNT_AND_ADDRESS", 10)
SIGN_IN_TRIES_PER_ACCOUNT = _positive("SIGN_IN_TRIES_PER_ACCOUNT", 100)
SIGN_IN_TRIES_PER_ADDRESS = _positive("SIGN_IN_TRIES_PER_ADDRESS", 600)
SIGN_IN_CODES_EVERYWHERE = _positive("SIGN_IN_CODES_EVERYWHERE", 6000)
SECOND_FACTOR_TRIES_PER_ACCOUNT = _positive("SECOND_FACTOR_TRIES_PER_ACCOUNT", 10)

# --- Other systems ---------------------------------------------------------------------------

#: Writes of one token in a minute: a whole House of results takes two minutes.
API_WRITES_PER_MINUTE = _positive("API_WRITES_PER_MINUTE", 300)
# Private networks that webhooks may be sent to. Others are refused, whatever their name resolves
# to: whoever enters an address could otherwise reach what only this machine can.
WEBHOOK_NETWORKS = read_networks("WEBHOOK_NETWORKS", _text("WEBHOOK_NETWORKS"))

# Web Push is on where there is a key: `manage.py push_keys` makes one (docs/push.md).
VAPID_PRIVATE_KEY = _text("VAPID_PRIVATE_KEY")
# Contact for push services, at the newsroom that is responsible for what is sent.
VAPID_CONTACT = _text("VAPID_CONTACT")
# Those of the supported browsers. Anybody can post an address to be sent messages at.
_SERVICES = "fcm.googleapis.com,.push.services.mozilla.com,.push.apple.com,.notify.windows.com"
PUSH_SERVICES = read_hosts("PUSH_SERVICES", _text("PUSH_SERVICES", _SERVICES))
# Messages that one browser is sent in a night, and browsers in all.
PUSH_A_NIGHT = _number("PUSH_A_NIGHT", default=40)
PUSH_SUBSCRIPTIONS = _number("PUSH_SUBSCRIPTIONS", default=50_000)

# --- Language and time -----------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
FORMAT_MODULE_PATH = "electiondesk.formats"
# Of readers' and reporters' pages: those with a catalogue, and English, which needs none. The
# admin is in English.
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/London"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Files -----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = read_folder("STATIC_ROOT", _text("STATIC_ROOT"), BASE_DIR / ".static")
MEDIA_ROOT = read_folder(
    "MEDIA_ROOT", _text("MEDIA_ROOT"), DATA_DIR / ("demo-media" if DEMO else "media")
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

# --- Security headers ------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "font-src": ["'self'"],
        # In older versions of Safari, 'self' does not include the site's own socket.
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
# Reporters photograph the declaration, so our own pages may use the camera.
PERMISSIONS_POLICY: dict[str, str] = {
    "accelerometer": "none",
    "browsing-topics": "none",
    "camera": "self",
    "display-capture": "none",
    "geolocation": "none",
    "gyroscope": "none",
    "magnetometer": "none",
    "microphone": "none",
    "midi": "none",
    "payment": "none",
    "usb": "none",
}
# Not no-referrer: Django's CSRF check of a form over https reads the referrer.
SECURE_REFERRER_POLICY = "same-origin"

if not DEBUG:
    # A public site is behind a proxy that terminates TLS and sets this header itself.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
# HSTS for subdomains and the preload list: other names may not belong to this site's operator.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# --- Logging ---------------------------------------------------------------------------------

LOGGING = logging_settings(_text("LOG_LEVEL", "INFO").upper(), DEBUG)

SENTRY_DSN = _text("SENTRY_DSN")
if SENTRY_DSN:
    from electiondesk.sentry import start_reporting

    start_reporting(SENTRY_DSN)
