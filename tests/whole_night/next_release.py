"""The shipped settings under the name of another release."""

from electiondesk import release

release.VERSION = "0.1.0.dev1"

from electiondesk.settings import *  # noqa: E402, F403
