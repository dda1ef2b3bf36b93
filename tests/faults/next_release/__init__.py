"""A release that comes in the middle of a night: the desk's own, and a migration of its tables."""
