"""The desk's settings, and one application more, whose migration fails."""

from electiondesk.settings import *  # noqa: F403
from electiondesk.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.acceptance.failing_release"]
