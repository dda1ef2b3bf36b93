"""The servers that are compared. Each publishes one message for each HTTP request to `PUBLISH`.

All send the same bytes: the peers replay frames of the application. The response to a request is
`{"sequence", "committed", "cpu"}`: the message's sequence, the machine's monotonic clock at the
commit, and the seconds of processor time for publishing it, without sending it.
"""

PUBLISH = "/bench/publish"
#: Returns what the application has used since its start.
USAGE = "/bench/usage"
#: The election that is measured.
ELECTION = "bench"
#: What the front page asks for, with each frame compressed by itself, so that every recipient can
#: read its head. Without it a socket is sent text that holds everything.
FRONT = "topics=front&coding=deflate"
