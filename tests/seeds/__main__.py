"""Run seed functions on the desk that the environment names.

`python -m tests.seeds FUNCTION [ARGUMENT…] [NAME=ARGUMENT…]` runs one and prints its result;
arguments are JSON. Without a function it runs the calls that it reads: one JSON object to a line,
`{"function": …, "args": […], "kwargs": {…}}`, answered by a line with "result" or "error".
"""

import json
import os
import re
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from typing import Any

from electiondesk import garbage

KEYWORD = re.compile(r"([a-z_]+)=(.+)", re.DOTALL)


def function_named(name: str) -> Callable[..., Any]:
    """Return the function of a dotted name; without a package it is one of `tests.seeds`."""
    module, _, attribute = name.rpartition(".")
    if not module.startswith(("tests.", "bench.")):
        module = f"tests.seeds.{module}"
    function: Callable[..., Any] = getattr(import_module(module), attribute)
    return function


def run(line: str) -> dict[str, Any]:
    """Run one call; return its result, or the traceback of the exception."""
    from django.db import connections

    call = json.loads(line)
    try:
        function = function_named(call["function"])
        return {"result": function(*call.get("args", ()), **call.get("kwargs", {}))}
    except Exception:
        return {"error": traceback.format_exc()}
    finally:
        # The database may be stopped or replaced before the next call.
        connections.close_all()


def run_one(name: str, arguments: list[str]) -> int:
    keywords = {}
    values = []
    for argument in arguments:
        if match := KEYWORD.fullmatch(argument):
            keywords[match[1]] = json.loads(match[2])
        else:
            values.append(json.loads(argument))
    answer = run(json.dumps({"function": name, "args": values, "kwargs": keywords}))
    if "error" in answer:
        print(answer["error"], file=sys.stderr)
        return 1
    if answer["result"] is not None:
        print(json.dumps(answer["result"]))
    return 0


def run_calls() -> int:
    # What a function prints must not be read as an answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        print(json.dumps(run(line)), file=answers, flush=True)
    return 0


def main(arguments: list[str]) -> int:
    garbage.collect_less_often()  # as in manage.py

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "electiondesk.settings")
    django.setup()
    return run_one(arguments[0], arguments[1:]) if arguments else run_calls()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
