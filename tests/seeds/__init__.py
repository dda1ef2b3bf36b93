"""Functions that fill a desk's database for tests, run in a process of their own.

A test calls `server.seed(front.declare, "vale-20")`: the function runs with that server's
environment, its arguments and its result as JSON. By hand, with a desk's environment:
`python -m tests.seeds front.declare '"vale-20"'`.
"""
