"""Asks the advisory database for known holes in all that is locked, for every system.

Exit code 0 if there is none, 1 if there are some, 2 if it could not be asked.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from locks.lock import everything


def said(told: dict[str, Any]) -> tuple[int, list[str]]:
    """Exit code and lines for what pip-audit says as JSON.

    Where its database is out of reach it passes over every package and calls that no hole.
    """
    asked = [one for one in told["dependencies"] if "skip_reason" not in one]
    passed = [one for one in told["dependencies"] if "skip_reason" in one]
    if not asked:
        return 2, [
            f"Not asked for known holes: {passed[0]['skip_reason']}" if passed else "Nothing."
        ]
    holes = [
        f"{one['name']} {one['version']}: {hole['id']}, mended in "
        f"{', '.join(hole['fix_versions']) or 'no release yet'}"
        for one in asked
        for hole in one["vulns"]
    ]
    lines = [*holes, f"Known holes: {len(holes)} in {len(asked)} packages."]
    if passed:
        lines.append(f"Not asked about {', '.join(one['name'] for one in passed)}.")
    return int(bool(holes)), lines


def main() -> int:
    """Say what is known."""
    with tempfile.TemporaryDirectory() as folder:
        pins = Path(folder) / "pins.txt"
        pins.write_text("".join(sorted({f"{o.name}=={o.version}\n" for o in everything()})))
        command = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip"]
        command += ["--format", "json", "--progress-spinner", "off", "--requirement", str(pins)]
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        code, lines = said(json.loads(asked.stdout))
    except ValueError:
        why = asked.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        code, lines = 2, [f"Not asked for known holes: {why[0]}"]
    print(*lines, sep="\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
