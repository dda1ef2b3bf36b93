"""The reporter's wing: a phone at the count, one hand, no second chance."""
