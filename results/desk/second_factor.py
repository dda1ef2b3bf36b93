"""Whether somebody who sits at the desk has given a password alone, where that is not enough."""

from django.conf import settings
from django.http import HttpRequest


def lacks_second_factor(request: HttpRequest) -> bool:
    user = request.user
    asked = settings.SECOND_FACTOR and user.is_authenticated and user.is_staff
    # The method is the middleware's own: it is on every user of a request.
    return bool(asked and not user.is_verified())  # type: ignore[union-attr]
