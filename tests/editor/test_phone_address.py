"""The address that phones use is checked before it is printed on sheets."""

import pytest
from django.core.exceptions import ValidationError
from pytest_django.fixtures import Settings

from results.editor.phone_address import check_phone_address, only_here


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://desk.example.org", "https://desk.example.org"),
        (" HTTPS://Desk.Example.org/ ", "https://desk.example.org"),
        ("desk.example.org", "https://desk.example.org"),
        ("https://desk.example.org:8443", "https://desk.example.org:8443"),
        ("http://localhost:8000", "http://localhost:8000"),
    ],
)
def test_accepts_what_phones_can_reach(settings: Settings, text: str, origin: str) -> None:
    settings.ALLOWED_HOSTS = ["desk.example.org", "localhost"]
    assert check_phone_address(text) == origin


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("http://desk.example.org", "Use https"),
        ("https://desk.example.com", "have “desk.example.com” added to ALLOWED_HOSTS"),
        ("https://desk.example.org/count/", "up to the name only: “https://desk.example.org”"),
        ("ftp://desk.example.org", "Write it as https://desk.example.org."),
        ("https://", "Write it as https://desk.example.org."),
        ("https://me:secret@desk.example.org", "Write it as https://desk.example.org."),
        ("https://desk.example.org:99999", "no port that exists"),
    ],
)
def test_says_what_would_be_right(settings: Settings, text: str, remedy: str) -> None:
    settings.ALLOWED_HOSTS = ["desk.example.org", "localhost"]
    with pytest.raises(ValidationError) as raised:
        check_phone_address(text)
    assert remedy in raised.value.messages[0]


def test_warns_of_an_address_of_this_machine_only() -> None:
    assert "no phone can open it" in only_here("http://127.0.0.1:8000")
    assert only_here("https://desk.example.org") == ""
