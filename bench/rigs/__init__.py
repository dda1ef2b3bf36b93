"""The servers that are compared. Each publishes one message when it is asked to by http.

All send the same bytes: the peers replay frames that the desk would have sent. What they answer a
request to publish: the message's number, the machine's monotonic clock when it was committed, and
the processor time in seconds that went into publishing it, apart from sending it.
"""

PUBLISH = "/bench/publish"
#: What the desk has used since it was there.
USED = "/bench/used"
