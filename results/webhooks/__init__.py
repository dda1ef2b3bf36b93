"""Webhooks: tell other systems of what was published, after it was published.

Nothing here runs while something is published: the worker follows each election's log by its
numbers (`events`), sends what is due (`deliveries`) and tries again later what failed.
"""
