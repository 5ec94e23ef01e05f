"""Names kept out of what is sent: ⟦E1⟧ stands for a title, and is put back in what returns."""

from __future__ import annotations

import re
from collections.abc import Sequence

from recommender.explain.claims import Claim
from recommender.words.facts import names

_LOOSE = re.compile(
    r"(?:[“\"'「『]\s*)?[⟦\[【]{1,2}\s*[Ee]\s*(\d+)\s*[⟧\]】]{1,2}(?:\s*[”\"'」』])?"
)


class Placeholders:
    """Names of some claims and what stands for each."""

    def __init__(self, claims: Sequence[Claim]) -> None:
        self.names = tuple(dict.fromkeys(name for one in claims for name in sorted(names(one))))

    def hide(self, text: str) -> str:
        """The text with a placeholder for each quoted name, the longest first."""
        for i in sorted(range(len(self.names)), key=lambda i: -len(self.names[i])):
            text = text.replace(f"“{self.names[i]}”", f"⟦E{i + 1}⟧")
        return text

    def show(self, text: str) -> str:
        """The text with the names back, in quotes; a placeholder that was never given stays."""

        def name(found: re.Match[str]) -> str:
            place = int(found.group(1)) - 1
            known = 0 <= place < len(self.names)
            return f"“{self.names[place]}”" if known else found.group()

        return _LOOSE.sub(name, text)
