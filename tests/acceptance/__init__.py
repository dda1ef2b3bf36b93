"""The shipped desk: documented commands, and clients that are not the project's own."""
