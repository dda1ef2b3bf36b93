"""Web Push: messages to browsers that follow something, also while no page is open.

Nothing here runs while something is published. A thread of the worker (`follower`) reads each
election's log, makes messages and sends them in batches (`deliveries`).
"""
