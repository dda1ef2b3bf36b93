"""Responses of Django's test client: their type, with context and templates, and their text."""

from typing import TYPE_CHECKING

from django.test import Client

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response
else:
    from django.http import HttpResponse as Response

__all__ = ["Response", "page_text"]


def page_text(client: Client, address: str) -> str:
    """The HTML of a page that is found, with single spaces between its words."""
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())
