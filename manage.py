#!/usr/bin/env python
"""The desk's commands: migrations, the demo, a rehearsal, loaders, verify and the rest."""

import gc
import os
import sys

from electiondesk import command_errors


def main() -> None:
    # What is imported stays. Looking through it for garbage as often as Python does by default
    # takes a sixth of the time that a command needs to start.
    gc.set_threshold(50_000, 20, 20)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "electiondesk.settings")
    command_errors.warn_without_settings()
    try:
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except Exception as exc:
        sentence = "" if "--traceback" in sys.argv else command_errors.sentence_for(exc)
        if not sentence:
            raise
        sys.exit(f"{sys.argv[0]}: {sentence}")


if __name__ == "__main__":
    main()
