"""From what is stored to what a reader's page shows, and how changes travel there.

Nothing in this room decides or writes anything.
"""
