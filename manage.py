#!/usr/bin/env python
"""The desk's commands: migrations, the demo, a rehearsal, loaders, verify and the rest."""

import os
import sys

from electiondesk import command_errors, garbage


def main() -> None:
    garbage.collect_less_often()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "electiondesk.settings")
    command_errors.warn_without_settings()
    try:
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
        if sys.stdout:
            sys.stdout.flush()
    except (BrokenPipeError, SystemExit):
        if command_errors.discard_unread_output():
            sys.exit(1)
        raise
    except KeyboardInterrupt:
        if "--traceback" not in sys.argv:
            # Python ends itself by the signal afterwards, which ends a shell's loop as well.
            sys.excepthook = lambda *_exc: print(f"\n{sys.argv[0]}: Stopped.", file=sys.stderr)
        raise
    except Exception as exc:
        sentence = "" if "--traceback" in sys.argv else command_errors.sentence_for(exc)
        if not sentence:
            raise
        sys.exit(f"{sys.argv[0]}: {sentence}")


if __name__ == "__main__":
    main()
