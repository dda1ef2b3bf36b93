"""Block notifications to a phone: it receives only responses to its own requests."""

from playwright.sync_api import BrowserContext, Route, WebSocketRoute


def block_notifications(context: BrowserContext) -> None:
    """For pages opened from now on: no socket, and no answer to what became of things.

    With either, a phone may learn that something was published although its answer was lost.
    """

    def close(socket: WebSocketRoute) -> None:
        socket.close()

    def lose(route: Route) -> None:
        route.abort("connectionreset")

    context.route_web_socket("**/count/socket/**", close)
    context.route("**/count/phone/", lose)
