"""Update and compile the Welsh catalogue; see `catalogue`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.translation.catalogue import main  # noqa: E402 - Django has to be set up first

main()
