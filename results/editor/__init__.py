"""The editor's wing, in Django's admin: it changes details, and publishes by the door alone."""
