"""First process of a private copy of this machine, in namespaces of its own.

Run by `unshare`, with a folder that is an empty tmpfs's, and folders to show read-only: mounts
the machine's files with everything that is written to them in memory, brings loopback up, prints
"ready" and waits. Everything ends with it. Needs nothing but the standard library.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path


def mount(*arguments: str | Path) -> None:
    subprocess.run(["mount", *arguments], check=True)


def make_root(folder: Path, shown: list[Path]) -> Path:
    """Mount the copy; return its root."""
    mount("-t", "tmpfs", "tmpfs", folder)
    upper, work, root = (folder / name for name in ("upper", "work", "root"))
    for directory in (upper, work, root):
        directory.mkdir()
    mount(
        "-t", "overlay", "overlay", "-o", f"lowerdir=/,upperdir={upper},workdir={work}", root
    )  # fmt: skip
    mount("--rbind", "/dev", root / "dev")
    mount("-t", "proc", "proc", root / "proc")
    for name in ("tmp", "run"):
        mount(
            "-t", "tmpfs", "-o", "mode=1777" if name == "tmp" else "mode=755", "tmpfs", root / name
        )
    for path in shown:
        target = root / path.relative_to("/")
        target.mkdir(parents=True, exist_ok=True)
        mount("--rbind", "-o", "ro", path, target)
    return root


def main() -> None:
    root = make_root(Path(sys.argv[1]), [Path(path) for path in sys.argv[2:]])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    os.chroot(root)
    os.chdir("/")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # what daemons leave behind is reaped
    print("ready", flush=True)
    while True:
        signal.pause()


if __name__ == "__main__":
    main()
