"""Run functions of `tests.seeds` on the desk that the environment names.

`python -m tests.seeds FUNCTION [ARGUMENT…] [NAME=ARGUMENT…]` runs one and prints its result;
arguments are JSON. Without a function it runs calls as they come in: one JSON object a line,
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

KEYWORD = re.compile(r"([a-z_]+)=(.+)", re.DOTALL)


def function_named(name: str) -> Callable[..., Any]:
    """The function of a dotted name; a short name is looked for in `tests.seeds`."""
    module, _, attribute = name.rpartition(".")
    if not module.startswith("tests."):
        module = f"tests.seeds.{module}"
    function: Callable[..., Any] = getattr(import_module(module), attribute)
    return function


def answer(line: str) -> dict[str, Any]:
    """Run one call; its result, or the traceback of what it raised."""
    from django.db import connections

    call = json.loads(line)
    try:
        function = function_named(call["function"])
        return {"result": function(*call.get("args", ()), **call.get("kwargs", {}))}
    except Exception:
        return {"error": traceback.format_exc()}
    finally:
        # A test may stop or replace the database between two calls.
        connections.close_all()


def run_one(name: str, arguments: list[str]) -> int:
    keywords = [found for one in arguments if (found := KEYWORD.fullmatch(one))]
    values = [json.loads(one) for one in arguments if not KEYWORD.fullmatch(one)]
    named = {found[1]: json.loads(found[2]) for found in keywords}
    answered = answer(json.dumps({"function": name, "args": values, "kwargs": named}))
    if "error" in answered:
        print(answered["error"], file=sys.stderr)
        return 1
    if answered["result"] is not None:
        print(json.dumps(answered["result"]))
    return 0


def run_calls() -> int:
    # Whatever a function prints must not be taken for an answer.
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        print(json.dumps(answer(line)), file=answers, flush=True)
    return 0


def main(arguments: list[str]) -> int:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "electiondesk.settings")
    django.setup()
    return run_one(arguments[0], arguments[1:]) if arguments else run_calls()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
