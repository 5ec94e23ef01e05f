"""A browser for the tests: the system's, else by apt as root, else Playwright's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def system_browser() -> str | None:
    """Path of a Chromium that is already there."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def install() -> str:
    """Make sure that there is a browser; say which."""
    if found := system_browser():
        return found
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {
            "stdout": subprocess.DEVNULL,
            "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        }
        update = subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        packages = ["chromium", "fonts-liberation"]
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
        if update.returncode == 0:
            subprocess.run(command, check=False, **quiet)
        if found := system_browser():
            return found
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
    return "Playwright's own Chromium"


if __name__ == "__main__":
    try:
        print(f"Browser for the tests: {install()}")
    except subprocess.CalledProcessError as error:
        sys.exit(f"No browser could be installed ({error}). Install Chromium and try again.")
