"""A release deployed during a night: the desk's own, with a migration of its tables."""
