"""Sentences and numbers as people read them, all marked for translation."""
