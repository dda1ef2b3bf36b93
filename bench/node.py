"""Node's ws library, installed from its lock file into `.bench/` in the checkout."""

import hashlib
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.needs import ROOT, Missing, program

SOURCE = ROOT / "bench" / "rigs" / "ws"
NODE_PEER = "server.js"


@cache
def install_node_peer() -> Path:
    """Return the folder of the peer, with its packages. Raises Missing without Node or npm."""
    program("node", package="nodejs")
    npm = program("npm", package="npm")
    content = b"".join(path.read_bytes() for path in sorted(SOURCE.iterdir()) if path.is_file())
    folder = ROOT / ".bench" / f"ws-{hashlib.sha256(content).hexdigest()[:16]}"
    if not (folder / "node_modules").is_dir():
        shutil.copytree(SOURCE, folder, dirs_exist_ok=True)
        completed = subprocess.run(
            [npm, "ci", "--silent"], cwd=folder, capture_output=True, text=True, check=False
        )
        if completed.returncode:
            shutil.rmtree(folder)
            raise Missing(f"npm could not install ws: {completed.stderr.strip()[-200:]}")
    return folder
