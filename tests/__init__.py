"""Tests: a folder for each package, a file for each behaviour."""
