"""The desk's tests: a folder per room, a file per behaviour."""
