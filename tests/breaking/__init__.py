"""The desk with one address more, which always fails."""
