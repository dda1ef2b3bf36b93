"""Bearer tokens: authentication, scopes and the limit of requests a minute."""

import math
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.errors import AuthorizationError, HttpError
from ninja.security import HttpBearer

from results.models import ApiToken, Election

#: Longest text that is hashed; every token is shorter.
MAX_TOKEN_LENGTH = 200


class TooManyWrites(HttpError):
    """The token's limit is reached; the next request is accepted after `seconds`."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        words = _("Too many requests with this token: wait %(seconds)d seconds.")
        super().__init__(HTTPStatus.TOO_MANY_REQUESTS, words % {"seconds": seconds})


class Token(HttpBearer):
    """A token in the Authorization header; counted as used once it is known to be good."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        found = ApiToken.of_secret(token) if 0 < len(token) < MAX_TOKEN_LENGTH else None
        if found is None or not found.is_live:
            return None
        until = found.count_write(settings.API_WRITES_PER_MINUTE)
        if until is not None:
            raise TooManyWrites(max(1, math.ceil((until - timezone.now()).total_seconds())))
        return found


def require(token: ApiToken, scope: ApiToken.Scope, election: Election) -> None:
    """Raise AuthorizationError where the token may not publish this there."""
    if token.election is not None and token.election != election:
        words = _("This token may publish in %(own)s only, not in %(election)s.")
        names = {"own": token.election.slug, "election": election.slug}
        raise AuthorizationError(message=words % names)
    if not token.may(scope, election):
        words = _("This token may not publish: %(what)s.")
        raise AuthorizationError(message=words % {"what": scope.label})
