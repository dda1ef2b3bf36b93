"""Print settings as JSON: `python -m tests.services.print_settings NAME…`."""

import json
import sys

from django.conf import settings

if __name__ == "__main__":
    values = {name: getattr(settings, name) for name in sys.argv[1:]}
    print(json.dumps({**values, "reports errors": "sentry_sdk" in sys.modules}, default=str))
