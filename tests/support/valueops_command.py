"""Runs the `valueops` command as a user does: another process, its output captured."""

import os
import subprocess
import sys
from pathlib import Path

VALUEOPS = Path(sys.executable).with_name("valueops")


def valueops(*arguments: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    """The finished command; its exit code is not checked."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("VALUEOPS_")}
    return subprocess.run(
        [VALUEOPS, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        env=clean | {"COLUMNS": "200"} | env,
    )
