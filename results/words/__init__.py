"""Sentences and figures as people read them. Everything here is marked for translation."""
