"""Asks the advisory database for known holes in all that is locked, for every system.

Exit code 0 if there is none, 1 if there are, 2 if it could not be asked.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from locks.lock import everything


def found_in(told: dict[str, Any]) -> list[str]:
    """One line for each hole in what pip-audit said as JSON."""
    return [
        f"{one['name']} {one['version']}: {hole['id']}, mended in "
        f"{', '.join(hole['fix_versions']) or 'no release yet'}"
        for one in told["dependencies"]
        for hole in one.get("vulns", ())
    ]


def main() -> int:
    """Say what is known."""
    with tempfile.TemporaryDirectory() as folder:
        pins = Path(folder) / "pins.txt"
        pins.write_text("".join(sorted({f"{o.name}=={o.version}\n" for o in everything()})))
        command = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip"]
        command += ["--format", "json", "--progress-spinner", "off", "--requirement", str(pins)]
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        told = json.loads(asked.stdout)
    except ValueError:
        why = asked.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        print(f"Not asked for known holes: {why[0]}")
        return 2
    skipped = [one["name"] for one in told["dependencies"] if "skip_reason" in one]
    holes = found_in(told)
    print(*holes, f"{len(told['dependencies'])} packages, {len(holes)} known holes.", sep="\n")
    if skipped:
        print(f"Not known there: {', '.join(skipped)}.")
    return int(bool(holes))


if __name__ == "__main__":
    sys.exit(main())
