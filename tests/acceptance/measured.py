"""Run a command and print its CPU time and peak memory: `python measured.py COMMAND…`.

From a small process of its own: the kernel counts the memory of whoever starts a program into the
program's peak.
"""

import json
import os
import subprocess
import sys


def main(command: list[str]) -> None:
    process = subprocess.Popen(command)
    _pid, status, used = os.wait4(process.pid, 0)
    report = {
        "seconds": used.ru_utime + used.ru_stime,
        "bytes": used.ru_maxrss * 1024,
        "code": os.waitstatus_to_exitcode(status),
    }
    print(json.dumps(report), file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
