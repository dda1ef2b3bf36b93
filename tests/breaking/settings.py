"""Settings with DEBUG off, unhashed static files and the URLs of `tests.breaking`."""

from electiondesk.settings import *  # noqa: F403
from electiondesk.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
ROOT_URLCONF = "tests.breaking.urls"
