"""Measurements: each runs every side of its comparison in one go, and prints their ratio."""
