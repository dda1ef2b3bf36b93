"""Timeouts of a server process, in seconds. The package's docstring has them as a table."""

#: Defaults of the settings of the same names. A phone ends a try after 80 seconds at most; a form
#: without scripts, which may carry a whole photo, has no such limit.
REQUEST_HEAD_SECONDS = 20
REQUEST_BODY_SECONDS = 150
#: A client that is cut off while it sends never sees the answer.
LINGER_SECONDS = 5.0
STALLED_SECONDS = 60.0
#: For a socket's client to read what was sent before a close, and to answer it. As on uvicorn.
CLOSE_SECONDS = 10.0

PING_SECONDS = 20
#: More than nginx's `keepalive_timeout` of an upstream, which is 60 seconds.
KEEP_ALIVE_SECONDS = 75

CHANNEL_LAYER_SECONDS = 1.0
EVENT_LOOP_SECONDS = 2 * CHANNEL_LAYER_SECONDS
#: A hub reads the log every second or two. After this long its readers see an old night.
STALE_HUB_SECONDS = 10.0
#: /readyz waits so long for the pages that a process renders when it starts.
WARM_UP_SECONDS = 1

RETRY_AFTER_SECONDS = 5
RESTART_PAUSE_SECONDS = 1.0
#: The longest pause, for a worker that ends again and again.
LONGEST_PAUSE_SECONDS = 30.0
#: How often the worker looks for tasks, and how soon again after the database failed.
TASK_POLL_SECONDS = 1.0
TASK_RETRY_SECONDS = 5.0
#: How long a worker that is told to end may take to roll back what its task has changed.
TASK_CLEAN_UP_SECONDS = 10.0

#: A service manager must wait longer than this before it kills the process.
DRAIN_SECONDS = 20.0
#: On a busy desk there may never be a moment without requests. What is cut off after this, a proxy
#: or a phone asks again.
QUIET_SECONDS = 2.0
DRAIN_POLL_SECONDS = 0.05
