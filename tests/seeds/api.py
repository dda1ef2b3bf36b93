"""Seed functions: tokens of the API."""

from datetime import timedelta

from django.utils import timezone

from results.desk.accounts import system_user
from results.models import ApiToken


def issue_token() -> str:
    """The secret of a new token that may publish everything."""
    issued = ApiToken.issue(
        newsroom="Gazette",
        scopes=list(ApiToken.Scope.values),
        account=system_user("api-gazette"),
        expires_at=timezone.now() + timedelta(hours=1),
    )
    return issued.secret
