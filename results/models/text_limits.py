"""The most characters of texts that people send, the same in forms, on phones and over the API.

Columns that hold such a text have the same limit, where the database has one.
"""

LONGEST_NAME = 200
"""A speaker, a role or a source."""
LONGEST_QUOTE = 2000
LONGEST_HEADLINE = 160
LONGEST_TITLE = 120
LONGEST_POST = 1000
LONGEST_CAPTION = 400
LONGEST_CREDIT = 120
LONGEST_REASON = 1000
"""Why a result changes, or why the warnings of the checks are accepted."""
LONGEST_SET_ASIDE = 300
"""Why the desk sets something aside, which whoever sent it reads."""
LONGEST_NOTE = 2000
"""A note for the desk, which readers never see."""
