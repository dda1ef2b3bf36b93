"""A server process from start to stop: how it answers requests, drains and ends.

    manage.py serve ──► electiondesk.launcher: one server process, or several on one socket
                              │
                              ▼
    electiondesk.asgi:  draining.DrainingMiddleware ──► handler.OneThreadHandler
                              │                           middleware and view in one thread,
                              │                           no more at once than its queue allows
                              │ SIGTERM
                              ▼
    draining:  /readyz answers 503, responses carry `Connection: close`, readers are told to
               reconnect; requests in progress are finished
                              │ nothing is left, or DRAIN_SECONDS have passed
                              ▼
    the server's own handler of SIGTERM ends the process

A management command that cleans up after itself calls `termination.exit_on_sigterm`. A thread that
needs the event loop calls `results.live.event_loop.run_on_event_loop`, which has a timeout: a loop
that has stopped would never answer.

The timeouts (`timeouts.py`; docs/server-processes.md has the same table, and a test compares them):

| Timeout | Seconds | What it limits |
|---|---|---|
| `REQUEST_HEAD_SECONDS` | 20 | arrival of a request's head (Daphne; a setting) |
| `REQUEST_BODY_SECONDS` | 150 | arrival of a request's body (Daphne; a setting) |
| `LINGER_SECONDS` | 5 | reading on after a body was refused, so that the client sees the answer |
| `STALLED_SECONDS` | 60 | a client that takes in nothing of its response (Daphne) |
| `CLOSE_SECONDS` | 10 | a socket's close, for what was sent before it to be read (Daphne) |
| `PING_SECONDS` | 20 | between pings of an idle socket, and for the answer to one |
| `KEEP_ALIVE_SECONDS` | 75 | a connection without a request (uvicorn) |
| `EVENT_LOOP_SECONDS` | 2 | a thread's call of the event loop for `/readyz` and `/metrics` |
| `CHANNEL_LAYER_SECONDS` | 1 | the channel layer's answer for `/readyz` |
| `STALE_HUB_SECONDS` | 10 | since the hub last read the log; beyond it `/readyz` answers 503 |
| `WARM_UP_SECONDS` | 1 | an answer of `/readyz`, for the pages that are rendered at the start |
| `RETRY_AFTER_SECONDS` | 5 | `Retry-After` of a 503 when a request queue is full |
| `RESTART_PAUSE_SECONDS` | 1 | before a child process that ended by itself is started again |
| `LONGEST_PAUSE_SECONDS` | 30 | the same, for a worker that ends again and again |
| `TASK_POLL_SECONDS` | 1 | between the worker's looks at the queue of tasks |
| `TASK_RETRY_SECONDS` | 5 | the same, after the database has failed |
| `TASK_CLEAN_UP_SECONDS` | 10 | a worker that is told to stop, for rolling back its task |
| `DRAIN_SECONDS` | 20 | draining, from SIGTERM to the end of the process |
| `QUIET_SECONDS` | 2 | of these, for requests that arrived after SIGTERM |
| `TimeoutStopSec` | 30 | before systemd kills a process that was told to stop; 60 for the worker |
| `stop_grace_period` | 30 | the same for a container; 60 for the worker's and PostgreSQL's |
"""
