"""Limits of what clients send on sockets, on both servers: pages send nothing."""

#: Bytes of a message. The application closes sockets that send far shorter ones.
MAX_MESSAGE_BYTES = 4096
#: Pings that are answered while earlier bytes wait to be sent.
MAX_WAITING_PINGS = 60
