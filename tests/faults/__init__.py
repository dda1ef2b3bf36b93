"""Faults: real servers under a real night, broken in every way that is known to happen."""
