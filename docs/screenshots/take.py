"""Take the pictures of this folder: `python docs/screenshots/take.py [--lang zh] [RUN]`.

Every page at three widths, light and dark; in Chinese only the four pages with reasons in words,
for which the system needs a Chinese font (Debian's fonts-noto-cjk).
"""

from __future__ import annotations

import argparse
import io
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

from PIL import Image
from playwright.sync_api import Browser, Error, Page, sync_playwright

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
WIDTHS, SCHEMES = (1440, 1024, 390), ("light", "dark")
SHOTS = [(page, width, scheme) for page in PAGES for scheme in SCHEMES for width in WIDTHS]
IN_OTHER_LANGUAGES = [
    (page, 1440, "light") for page in ("recommendations", "whatif", "compare", "present")
]
LATE = {
    "model": ".st-key-chart_item_map",
    "overview": ".st-key-chart_importance",
    "item": ".st-key-chart_parts",
}
"""What comes last on pages that measure something first."""
TALLEST = 4000
PATIENCE = 90.0
"""Seconds."""
COLOURS = 256
"""In a picture: with as few it takes a third of the room."""
LEFT = """() => [...document.querySelectorAll(['stSkeleton', 'stCaptionContainer', 'stText']
    .map(name => `[data-testid=stMain] [data-testid=${name}]`).join(','))]
    .filter(e => e.dataset.testid === 'stSkeleton' || / …$|^…$/.test(e.innerText.trim()))
    .map(e => e.innerText.trim() || 'a skeleton')"""
"""What is still being measured or tried."""
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


def take(browser: Browser, address: str, page: str, width: int, scheme: str, lang: str) -> bytes:
    """One page, as tall as it is, as PNG."""
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
        tab.wait_for_selector(LATE[page], timeout=600_000)
    _settle(tab)
    block = tab.locator("[data-testid=stMainBlockContainer]")
    for _look in range(2):  # charts that come into sight may take more room
        height = block.evaluate("block => block.scrollHeight")
        tab.set_viewport_size({"width": width, "height": min(height + 20, TALLEST)})
        _settle(tab)
    shot = tab.screenshot()
    context.close()
    return shot


def _settle(tab: Page) -> None:
    """Wait until all is drawn; what never comes is said, and the picture taken without it."""
    end = time.monotonic() + PATIENCE
    while True:
        tab.wait_for_timeout(900)
        tab.wait_for_selector(IDLE, timeout=240_000)
        left = tab.evaluate(LEFT)
        if not left:
            break
        if time.monotonic() > end:
            print(f"{tab.url}: still {left}", file=sys.stderr)
            break
    tab.wait_for_timeout(700)


def keep(shot: bytes, name: str) -> None:
    """Write the picture with few colours."""
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    few = picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(HERE / f"{name}.png", optimize=True)


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
                shot = take(browser, address, page, width, scheme, asked.lang)
                ending = "" if asked.lang == "en" else f"-{asked.lang}"
                keep(shot, f"{page}-{width}-{scheme}{ending}")
        browser.close()


if __name__ == "__main__":
    main()
