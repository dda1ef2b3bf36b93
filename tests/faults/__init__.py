"""Fault injection: real servers under a whole night, with processes and connections failing."""
