"""Backups: one file with everything that a desk stores, and an all-or-nothing restore.

The file holds password hashes and the keys of second factors: only its owner may read it.
"""

from electiondesk.backup.creation import Backup, back_up
from electiondesk.backup.discarded import Discarded, DiscardedBulletin
from electiondesk.backup.errors import BackupError, RestoreUnfinished
from electiondesk.backup.restoration import Restored, restore
from electiondesk.backup.revived import Revived

__all__ = [
    "Backup",
    "BackupError",
    "Discarded",
    "DiscardedBulletin",
    "RestoreUnfinished",
    "Restored",
    "Revived",
    "back_up",
    "restore",
]
