"""Small pictures of the categories, drawn here: two tones of a colour on a soft ground."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Four tones of one colour; the ground keeps its own light, so any page may stand behind it."""

    ground: str
    halo: str
    fill: str
    ink: str


BLUE = Palette("#e6eef8", "#d2e0f2", "#9dbde3", "#2b4a75")
INDIGO = Palette("#eaeaf8", "#d9d9f1", "#adb0e0", "#3b3d7a")
VIOLET = Palette("#f1e9f7", "#e3d5ef", "#c0a4d9", "#573a75")
COFFEE = Palette("#f6ede4", "#ebdac9", "#d0a983", "#643f21")
RED = Palette("#f9eae6", "#f2d6ce", "#e2a08f", "#79362a")
PINE = Palette("#e6f1ec", "#d0e4da", "#93c0ab", "#25523f")
ORANGE = Palette("#fbeee0", "#f5dcc0", "#eab27a", "#79481a")
GREEN = Palette("#ebf3e3", "#d9e8ca", "#a9cc8a", "#3c5a24")
SAND = Palette("#f6f0e1", "#eae0c6", "#d3bc83", "#5e4b1d")
ROSE = Palette("#faeaef", "#f3d5de", "#e2a3b6", "#75324a")
TEAL = Palette("#e3f2f3", "#cce5e7", "#8cc3c8", "#1f5359")
GOLD = Palette("#fbf3dc", "#f4e4b8", "#e6c567", "#6b4f0c")
SKY = Palette("#e4f1f8", "#cde4f1", "#8fc2df", "#1f506d")
PLUM = Palette("#f6e8f3", "#ebd2e5", "#d09fc4", "#66305a")

# Shapes stand in a square of 160. `F` fills with the mid tone, `G` with the ground, `I` with ink;
# what names none of them is a line.
SHAPES: dict[str, tuple[Palette, str]] = {
    "photo": (
        BLUE,
        '<path F d="M40 60h20l7-12h26l7 12h20a8 8 0 0 1 8 8v42a8 8 0 0 1-8 8H40a8 8 0 0 1-8-8V68'
        'a8 8 0 0 1 8-8z"/><circle G cx="80" cy="87" r="21"/><circle F cx="80" cy="87" r="11"/>'
        '<path d="M44 74h6M74 84a7 7 0 0 1 5-4"/>',
    ),
    "computing": (
        INDIGO,
        '<rect F x="43" y="46" width="74" height="52" rx="7"/><rect G x="51" y="54" width="58" '
        'height="36" rx="3"/><path F d="M33 104h94l-5 11a4 4 0 0 1-4 3H42a4 4 0 0 1-4-3z"/>'
        '<path d="M60 65l8 7-8 7M76 80h14M72 111h16"/>',
    ),
    "phones-audio": (
        VIOLET,
        '<rect F x="63" y="68" width="34" height="56" rx="7"/><rect G x="69" y="76" width="22" '
        'height="34" rx="2"/><path d="M77 117h6M40 92V84a40 40 0 0 1 80 0v8"/>'
        '<rect F x="33" y="86" width="15" height="27" rx="7"/>'
        '<rect F x="112" y="86" width="15" height="27" rx="7"/>',
    ),
    "coffee-tea": (
        COFFEE,
        '<path d="M103 79h9a12 12 0 0 1 0 25h-11"/><path F d="M44 72h60v24a25 25 0 0 1-25 25H69'
        'a25 25 0 0 1-25-25z"/><path G d="M44 72h60v9H44z"/><path d="M38 127h72M62 60c-6-7 6-10 0'
        '-17M78 60c-6-7 6-10 0-17M94 60c-6-7 6-10 0-17"/>',
    ),
    "kitchen": (
        RED,
        '<path d="M42 84h-8a5 5 0 0 0 0 14h8M118 84h8a5 5 0 0 1 0 14h-8"/>'
        '<path F d="M42 76h76v34a11 11 0 0 1-11 11H53a11 11 0 0 1-11-11z"/>'
        '<path G d="M48 76c0-14 14-22 32-22s32 8 32 22z"/><path F d="M73 48a7 6 0 0 1 14 0v6H73z"/>'
        '<path d="M38 76h84M56 106v-14"/>',
    ),
    "camping": (
        PINE,
        '<circle G cx="116" cy="52" r="11"/><path F d="M80 46l46 72H34z"/>'
        '<path G d="M80 74l20 44H60z"/><path d="M80 46l-5-8M80 46l5-8M80 74v44M28 118h104'
        'M42 56h8M46 52v8"/>',
    ),
    "running-fitness": (
        ORANGE,
        '<path F d="M37 106V76c9 5 19 3 25-5l6-8 28 25c6 5 13 6 19 8 7 2 11 6 11 12v2z"/>'
        '<path G d="M36 108h90v3a8 8 0 0 1-8 8H44a8 8 0 0 1-8-8z"/>'
        '<path d="M74 85l8-7M84 94l8-7M48 92c9 1 16-2 21-8M26 84h-6M28 94H16M28 104h-8"/>',
    ),
    "garden": (
        GREEN,
        '<path F d="M56 96h48l-6 24a4 4 0 0 1-4 3H66a4 4 0 0 1-4-3z"/>'
        '<rect G x="50" y="85" width="60" height="13" rx="5"/>'
        '<path d="M80 85V54"/><path F d="M80 68c-17 1-27-7-28-23 17-1 27 7 28 23z"/>'
        '<path F d="M80 58c0-14 9-22 25-22 0 15-9 22-25 22z"/><path d="M80 68L65 55M80 58l13-12"/>',
    ),
    "pets": (
        SAND,
        '<path F d="M80 80c15 0 29 16 29 28 0 10-8 13-15 11-5-1-9-2-14-2s-9 1-14 2c-7 2-15-1-15-11'
        ' 0-12 14-28 29-28z"/><ellipse F cx="44" cy="80" rx="8" ry="11" transform="rotate(-24 44 8'
        '0)"/><ellipse F cx="66" cy="59" rx="9" ry="13" transform="rotate(-6 66 59)"/>'
        '<ellipse F cx="94" cy="59" rx="9" ry="13" transform="rotate(6 94 59)"/>'
        '<ellipse F cx="116" cy="80" rx="8" ry="11" transform="rotate(24 116 80)"/>'
        '<path d="M66 106c2-6 5-10 9-12"/>',
    ),
    "personal-care": (
        ROSE,
        '<path d="M65 68V52h-14M65 52h10"/><rect G x="57" y="60" width="16" height="12" rx="3"/>'
        '<rect F x="44" y="72" width="42" height="50" rx="9"/>'
        '<rect G x="52" y="86" width="26" height="20" rx="3"/>'
        '<rect F x="96" y="100" width="30" height="22" rx="6"/>'
        '<rect G x="93" y="90" width="36" height="11" rx="4"/>'
        '<path F d="M110 48c7 9 10 13 10 18a10 10 0 0 1-20 0c0-5 3-9 10-18z"/>',
    ),
    "home": (
        TEAL,
        '<path F d="M50 88V68a10 10 0 0 1 10-10h40a10 10 0 0 1 10 10v20"/>'
        '<path d="M80 58v32"/><path G d="M54 88h52v18H54z"/>'
        '<path F d="M34 88a10 10 0 0 1 20 0v14h52V88a10 10 0 0 1 20 0v20a8 8 0 0 1-8 8H42a8 8 0 0 1'
        '-8-8z"/><path d="M46 116v8M114 116v8"/>',
    ),
    "games-toys": (
        GOLD,
        '<rect F x="34" y="72" width="44" height="44" rx="9" transform="rotate(-12 56 94)"/>'
        '<g I stroke="none"><circle cx="44" cy="86" r="4"/><circle cx="64" cy="81" r="4"/>'
        '<circle cx="56" cy="94" r="4"/><circle cx="48" cy="107" r="4"/>'
        '<circle cx="68" cy="102" r="4"/></g><circle G cx="108" cy="57" r="12"/>'
        '<path G d="M101 68h14c2 15 7 26 13 40a5 5 0 0 1-5 7H93a5 5 0 0 1-5-7c6-14 11-25 13-40z"/>',
    ),
    "cycling": (
        SKY,
        '<circle G cx="50" cy="98" r="22"/><circle G cx="110" cy="98" r="22"/>'
        '<path d="M50 98l18-32h30l12 32M68 66l12 32H50M80 98l18-32M63 56l5 10M56 56h15'
        'M98 66l-4-14h12"/><circle F cx="80" cy="98" r="6"/><circle F cx="50" cy="98" r="4"/>'
        '<circle F cx="110" cy="98" r="4"/>',
    ),
    "art-writing": (
        PLUM,
        '<path F d="M76 46c-26 0-44 17-44 39 0 20 16 35 38 35 9 0 11-6 8-12-4-8 1-14 10-14h13'
        'c12 0 17-7 17-16 0-20-18-32-42-32z"/><circle G cx="56" cy="70" r="6"/>'
        '<circle G cx="79" cy="62" r="6"/><circle G cx="50" cy="92" r="6"/>'
        '<path G d="M132 48L100 88c-3 4-9 3-11-1-1-3 0-6 3-8l36-35a3 3 0 0 1 4 4z"/>',
    ),
}


def pictures() -> dict[str, str]:
    """The SVG of each category, by the name of its file within the folder."""
    return {f"images/{slug}.svg": _svg(*shape) for slug, shape in SHAPES.items()}


def _svg(palette: Palette, shapes: str) -> str:
    for mark, colour in (("F", palette.fill), ("G", palette.ground), ("I", palette.ink)):
        for tag in ("path", "rect", "circle", "ellipse", "g"):
            shapes = shapes.replace(f"<{tag} {mark}", f'<{tag} fill="{colour}"')
    shapes = shapes.replace("><", ">\n<")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 160" width="160" height="160">\n'
        f'<rect width="160" height="160" rx="20" fill="{palette.ground}"/>\n'
        f'<circle cx="80" cy="84" r="60" fill="{palette.halo}"/>\n'
        f'<g fill="none" stroke="{palette.ink}" stroke-width="4" stroke-linecap="round" '
        'stroke-linejoin="round">\n'
        f"{shapes}\n</g>\n</svg>\n"
    )
