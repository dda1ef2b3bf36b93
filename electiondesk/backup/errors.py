"""Exceptions of backups, with messages for the operator."""


class BackupError(Exception):
    """A backup was not made, or not restored. Nothing was changed."""


class RestoreUnfinished(BackupError):
    """The database was replaced, and a step after that failed; the message says what to do."""
