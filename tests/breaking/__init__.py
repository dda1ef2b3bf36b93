"""The desk with additional addresses that always fail."""
