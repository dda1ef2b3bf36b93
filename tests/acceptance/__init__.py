"""The shipped desk: its documented commands, and clients that the project did not write."""
