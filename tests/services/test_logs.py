"""Logs hold no tokens of sign-in links."""

import io
import logging
import sys
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from django.utils.module_loading import import_string
from sentry_sdk.types import Event

from electiondesk.logs import WithoutTokens
from electiondesk.sentry import scrub


def lines_of(message: str, *arguments: object) -> str:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(WithoutTokens())
    logger = logging.Logger("electiondesk.tests")
    logger.addHandler(handler)
    logger.warning(message, *arguments)
    return stream.getvalue()


def test_redacts_tokens_anywhere_in_a_record() -> None:
    text = lines_of("Not Found: %s", "/count/sign-in/Zq3-secret/")
    assert text == "Not Found: /count/sign-in/[token]/\n"
    assert "secret" not in lines_of('"GET /count/sign-in/secret" 404')


def test_leaves_other_records_unchanged() -> None:
    assert (
        lines_of("%s of %d at 100%%", "Islington North", 650) == "Islington North of 650 at 100%\n"
    )
    assert lines_of("/count/sign-in/") == "/count/sign-in/\n"


def test_every_log_handler_has_the_filter() -> None:
    logging_settings: dict[str, Any] = settings.LOGGING
    handlers = logging_settings["handlers"].values()
    assert handlers
    assert all("without_tokens" in handler["filters"] for handler in handlers)


@pytest.mark.django_db
def test_request_without_the_right_is_one_line(
    client: Client, capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    client.force_login(User.objects.create_user("colleague", is_staff=True))
    logger, handler = logging.getLogger("django.request"), logging.StreamHandler(sys.stderr)
    for name in settings.LOGGING["handlers"]["console"]["filters"]:
        handler.addFilter(import_string(settings.LOGGING["filters"][name]["()"])())
    logger.addHandler(handler)
    try:
        assert client.get("/admin/results/election/").status_code == 403
    finally:
        logger.removeHandler(handler)
    assert capsys.readouterr().err == ("Forbidden (Permission denied): /admin/results/election/\n")


def test_error_report_holds_no_token() -> None:
    event: Event = {
        "transaction": "/count/sign-in/secret/",
        "request": {
            "url": "https://desk.example/count/sign-in/secret/?next=/count/",
            "query_string": "from=/count/sign-in/secret/",
        },
    }
    assert "secret" not in str(scrub(event, {}))
    assert scrub({"message": "no request"}, {}) == {"message": "no request"}
