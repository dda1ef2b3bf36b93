"""The reporters' pages: lists of counts, forms of a count, sign-in and the phone's outbox."""
