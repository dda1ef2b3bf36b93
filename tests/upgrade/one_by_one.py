"""Migrate the database of `DATABASE_URL` through every migration, none of them squashed.

As a desk has come to its tables that has been there since the first release.
"""

import django
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader


def main() -> None:
    django.setup()
    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    squashed = executor.loader.replacements
    executor.migrate([leaf for leaf in executor.loader.graph.leaf_nodes() if leaf not in squashed])


if __name__ == "__main__":
    main()
