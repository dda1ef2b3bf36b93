"""What no library in use does: a header about browser features, and whose request is at hand."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from results.desk.audit import network_at_hand

# The camera stays allowed for our own pages: a reporter photographs the declaration.
POLICY = ", ".join(
    [
        "camera=(self)",
        *(
            f"{feature}=()"
            for feature in (
                "accelerometer",
                "browsing-topics",
                "display-capture",
                "geolocation",
                "gyroscope",
                "magnetometer",
                "microphone",
                "midi",
                "payment",
                "usb",
            )
        ),
    ]
)


def permissions_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response

    return middleware


def network_of_the_request(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Let whatever is written down during a request say where it came from."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = network_at_hand.set(request.META.get("REMOTE_ADDR") or None)
        try:
            return get_response(request)
        finally:
            network_at_hand.reset(token)

    return middleware
