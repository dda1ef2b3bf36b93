"""Webhooks: notify other systems of what was published, after it was published.

Nothing here runs while something is published. A thread of the worker (`follower`) reads each
election's log by its numbers, creates and sends deliveries (`deliveries`), and retries what failed.
"""
