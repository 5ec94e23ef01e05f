"""Take the pictures of this folder: `python docs/screenshots/take.py [RUN]`."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGES = {
    "overview": "",
    "recommendations": "recommendations",
    "whatif": "whatif?user=U1009&edit=x8.14.15.16",
    "item": "item?item=P0041",
    "present": "present?user=U1009&step=4",
    "attention": "attention?stage=routing",
    "features": "features?feature=category",
    "compare": "compare",
    "model": "model",
    "trust": "trust",
    "data": "data",
}
SHOTS = [(page, 1440, "light") for page in PAGES] + [
    ("recommendations", 1440, "dark"),
    ("attention", 1440, "dark"),
    ("recommendations", 1024, "light"),
    ("recommendations", 390, "light"),
    ("overview", 390, "dark"),
    ("whatif", 1440, "dark"),
    ("whatif", 1024, "light"),
    ("whatif", 390, "light"),
    ("item", 1440, "dark"),
    ("item", 390, "light"),
    ("present", 1440, "dark"),
]
LATE = {
    "model": ".st-key-chart_groups >> nth=0",
    "overview": ".st-key-chart_importance",
    "item": ".st-key-chart_parts",
}
"""What comes last on pages that measure something first."""
DRAWN = "!document.querySelector('[data-testid=stSkeleton]')"
IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"


@contextmanager
def server(run: str) -> Iterator[str]:
    """The dashboard on a free port, until the pictures are taken."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", "--server.port", port]
    with tempfile.TemporaryDirectory() as home:
        settings = {"RECLENS_RUN": run, "RECLENS_HOME": home}
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings)
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def take(browser: Browser, address: str, page: str, width: int, scheme: str) -> None:
    """One page, as tall as it is."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    tab = context.new_page()
    for _attempt in range(100):
        try:
            tab.goto(f"{address}/{PAGES[page]}")
            break
        except Error:
            time.sleep(0.2)
    tab.wait_for_selector("h1", timeout=60_000)
    if page in LATE:
        tab.wait_for_selector(LATE[page], timeout=60_000)
    tab.wait_for_timeout(3000)
    tab.wait_for_selector(IDLE, timeout=60_000)
    tab.wait_for_function(DRAWN, timeout=120_000)
    block = tab.locator("[data-testid=stMainBlockContainer]")
    height = block.evaluate("block => block.scrollHeight")
    tab.set_viewport_size({"width": width, "height": min(height + 20, 4000)})
    tab.wait_for_timeout(2500)
    tab.wait_for_function(DRAWN, timeout=120_000)
    tab.screenshot(path=HERE / f"{page}-{width}-{scheme}.png")
    context.close()


def main(run: str = "sample_data/run") -> None:
    """Take every picture."""
    system = shutil.which("chromium") or shutil.which("chromium-browser")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with server(run) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system, args=flags)
        for page, width, scheme in SHOTS:
            take(browser, address, page, width, scheme)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
