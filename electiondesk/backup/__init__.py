"""Backups: one file with everything that a desk keeps, and a restore that is whole or nothing.

The file holds password hashes and the keys of second factors: only its owner may read it.
"""

from electiondesk.backup.discarded import Discarded, Publication
from electiondesk.backup.errors import BackupError, RestoreUnfinished
from electiondesk.backup.making import Made, back_up
from electiondesk.backup.restoring import Restored, restore

__all__ = [
    "BackupError",
    "Discarded",
    "Made",
    "Publication",
    "RestoreUnfinished",
    "Restored",
    "back_up",
    "restore",
]
