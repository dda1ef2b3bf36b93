"""The settings of a desk that faces the public, with unhashed static files and `tests.breaking`."""

from electiondesk.settings import *  # noqa: F403
from electiondesk.settings import STORAGES

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
ROOT_URLCONF = "tests.breaking.urls"
