"""How a request gets from the event loop to a view and back: over one thread, in one hop.

Every view here is synchronous. Django's own chain goes to a thread for the first synchronous
middleware, back to the loop for the handler and to the thread again for the view; a thread that
waits for a loop which has been told to stop waits for ever, and the process with it.
"""

from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponseBase


class OneThreadHandler(ASGIHandler):
    """Middleware and view run synchronously in the request's own thread, start to end."""

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        answer: Any = sync_to_async(self.get_response, thread_sensitive=True)
        response: HttpResponseBase = await answer(request)
        return response
