"""Benchmarks: each runs both sides of its comparison in one go and prints their ratio."""
