"""What can go wrong with a backup, in words for the operator."""


class BackupError(Exception):
    """Why a backup was not made, or not restored. Nothing was changed."""


class RestoreUnfinished(BackupError):
    """The database was replaced, and what had to follow failed: the text says what to do."""
