"""Take the pictures of this folder: `python docs/screenshots/take.py [--lang zh] [RUN]`.

In Chinese only the main pages are taken; the system needs a Chinese font (Debian's fonts-noto-cjk).
"""

from __future__ import annotations

import argparse
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
IN_OTHER_LANGUAGES = [(page, 1440, "light") for page in PAGES] + [("recommendations", 390, "light")]
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
            process.wait(60)


def spoken(page: str, lang: str) -> str:
    """The page's address in a language."""
    joint = "&" if "?" in PAGES[page] else "?"
    return f"{PAGES[page]}{joint}lang={lang}"


def take(browser: Browser, address: str, page: str, width: int, scheme: str, lang: str) -> None:
    """One page, as tall as it is."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    tab = context.new_page()
    for _attempt in range(100):
        try:
            tab.goto(f"{address}/{spoken(page, lang)}")
            break
        except Error:
            time.sleep(0.2)
    tab.wait_for_selector("h1", timeout=240_000)
    if page in LATE:
        tab.wait_for_selector(LATE[page], timeout=240_000)
    tab.wait_for_timeout(3000)
    tab.wait_for_selector(IDLE, timeout=240_000)
    tab.wait_for_function(DRAWN, timeout=120_000)
    block = tab.locator("[data-testid=stMainBlockContainer]")
    height = block.evaluate("block => block.scrollHeight")
    tab.set_viewport_size({"width": width, "height": min(height + 20, 4000)})
    tab.wait_for_timeout(2500)
    tab.wait_for_function(DRAWN, timeout=120_000)
    ending = "" if lang == "en" else f"-{lang}"
    tab.screenshot(path=HERE / f"{page}-{width}-{scheme}{ending}.png")
    context.close()


def main() -> None:
    """Take every picture."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("run", nargs="?", default="sample_data/run")
    options.add_argument("--lang", choices=("en", "zh"), default="en")
    options.add_argument("--page", choices=PAGES, action="append", help="only this one; may repeat")
    asked = options.parse_args()
    system = shutil.which("chromium") or shutil.which("chromium-browser")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    shots = SHOTS if asked.lang == "en" else IN_OTHER_LANGUAGES
    with server(asked.run) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system, args=flags)
        for page, width, scheme in shots:
            if page in (asked.page or PAGES):
                take(browser, address, page, width, scheme, asked.lang)
        browser.close()


if __name__ == "__main__":
    main()
