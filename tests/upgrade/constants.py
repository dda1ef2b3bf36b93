"""Constants of the database that the previous release made."""

PASSWORD = "a-password-of-the-previous-release"
#: Of the reporter "ann", who was signed in.
SESSION = "sessionofthepreviousrelease00000"
#: Of the pass of the reporter "bob".
LINK = "link-of-a-pass-of-the-previous-release"
