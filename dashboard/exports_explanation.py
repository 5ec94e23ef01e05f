"""One explanation as a file that opens anywhere: HTML that loads nothing, and JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from dashboard.figures.drawing import Drawing
from dashboard.figures.export import Figure, live_script, picture_spec, to_svg
from dashboard.figures.palette import DARK, Palette
from dashboard.words import TAGS, _, language

_STYLE = """
html { color-scheme: %(scheme)s; }
body { font: 15px/1.5 "Source Sans 3", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei",
  system-ui, sans-serif; color: %(text)s; background: %(surface)s; max-width: 900px;
  margin: 2.5rem auto; padding: 0 1.2rem; }
h1 { font-size: 1.6rem; letter-spacing: -0.01em; margin: 0 0 .3rem; } h2 { font-size: 1.1rem; }
.facts, .how, footer { color: %(muted)s; } svg { max-width: 100%%;
  height: auto; } section { margin: 2rem 0; } footer { font-size: .85rem; }
"""
_CARD = (Path(__file__).parent / "card.css").read_text(encoding="utf-8")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "


@dataclass(frozen=True, eq=False)
class Chapter:
    """One chart of the file with what belongs to it."""

    name: str
    how: str
    """How to read it and how it misleads."""
    figure: Figure
    sentence: str


@dataclass(frozen=True, eq=False)
class Story:
    """What the file tells."""

    title: str
    facts: Sequence[str]
    card: str
    """The answer card as HTML of our own (`figures/answer.py`), its texts escaped."""
    chapters: Sequence[Chapter]
    evidence: str
    """All claims, likewise."""
    source: str
    """Data set and run with their fingerprints."""


def to_html(story: Story, palette: Palette, live: bool) -> bytes:
    """The story as one file: with charts that answer the mouse (1 MB), or as still pictures.

    Every word in it is escaped; a policy in it forbids the browser to load anything.
    """
    drawn = _live if live else _still
    chapters = "".join(
        f"<section><h2>{escape(one.name)}</h2>{drawn(i, one, palette)}"
        f"<p>{escape(one.sentence)}</p><p class='how'>{escape(one.how)}</p></section>"
        for i, one in enumerate(story.chapters)
    )
    script = "script-src 'unsafe-inline' 'unsafe-eval'" if live else "script-src 'none'"
    vega = f"<script>{live_script()}</script>" if live else ""
    colours = {"text": palette.text, "surface": palette.surface, "muted": palette.muted}
    style = _STYLE % (colours | {"scheme": "dark" if palette == DARK else "light"}) + _CARD
    text = f"""<!doctype html>
<html lang="{TAGS[language()]}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}{script}">
<title>{escape(story.title)}</title><style>{style}</style>{vega}</head><body>
<h1>{escape(story.title)}</h1><p class="facts">{escape(" · ".join(story.facts))}</p>
{story.card}{chapters}
<section><h2>{escape(_("All the evidence"))}</h2>{story.evidence}</section>
<footer>{escape(story.source)}</footer></body></html>"""
    return text.encode()


def _still(place: int, chapter: Chapter, palette: Palette) -> str:
    return to_svg(chapter.figure, palette)


def _live(place: int, chapter: Chapter, palette: Palette) -> str:
    if isinstance(chapter.figure, Drawing):  # Its patches say what they are without a script.
        return _still(place, chapter, palette)
    spec = _in_script(picture_spec(chapter.figure, palette))
    return (
        f'<div id="chart{place}"></div><script>vegaEmbed("#chart{place}", {spec}, '
        '{mode: "vega-lite", actions: false, renderer: "svg"});</script>'
    )


def _in_script(value: Any) -> str:
    """JSON that no text in it can lead out of a script element."""
    text = json.dumps(value)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def to_json(document: dict[str, Any]) -> bytes:
    """The document as people read it: indented, its own alphabet."""
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False).encode()
