"""The admin: details of elections, corrections, the review queue, reporters and sign-in."""
