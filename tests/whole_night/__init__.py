"""A whole night as a public site runs it, with a deploy, restarts and killed processes in it."""
