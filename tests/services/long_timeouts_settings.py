"""The tests' settings, on a desk that waits ten minutes for what the shipped one waits 20 seconds.

A test that holds a request in progress may be slow; the shipped desk would give the request up.
"""

from electiondesk.lifecycle import timeouts
from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

LONG_SECONDS = 600

# Before `electiondesk.lifecycle.draining` is imported.
timeouts.DRAIN_SECONDS = LONG_SECONDS
DATABASES["default"]["OPTIONS"]["timeout"] = LONG_SECONDS
