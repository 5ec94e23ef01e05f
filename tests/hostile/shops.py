"""Small shops whose counts are known, before anything writes or reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

WORDS = ("Kettle", "Lamp", "Rug", "Mug", "Tent", "Drill", "Scarf", "Piano")
ACCENTS = ("Café crème", "Thé glacé", "Crêpe sucrée", "Señor naranja", "Müsli früh", "Smörgås")
CHINESE = ("苹果手机", "香蕉牛奶", "电热水壶", "羊毛地毯", "登山帐篷", "不锈钢水杯")
NASTY = (
    '=HYPERLINK("http://x","y")',
    "<script>alert(1)</script>",
    "**bold** [link](x) `code`",
    'a "quoted" title',
    "one, two; three | four",
    "line one\nline two",
    "@SUM(A1)",
    "-2+3",
    "emoji 🎁",
)


@dataclass(frozen=True)
class Row:
    """One purchase."""

    user: str
    item: str
    moment: datetime
    title: str
    quantity: int


@dataclass(frozen=True)
class Shop:
    """Purchases of which no two share user, item and moment, so that none is merged."""

    rows: tuple[Row, ...]

    @property
    def users(self) -> int:
        """How many different users there are."""
        return len({row.user for row in self.rows})

    @property
    def items(self) -> int:
        """How many different items there are."""
        return len({row.item for row in self.rows})


def shop(dice: Random, titles: tuple[str, ...] = WORDS, n_rows: int = 60) -> Shop:
    """A shop of so many purchases; no title is rare enough to look like postage."""
    start = datetime(2024, 1, 13, 9, 0)
    rows = []
    for i in range(n_rows):
        item = dice.randrange(12)
        rows.append(
            Row(
                user=f"u{dice.randrange(15):02d}",
                item=f"p{item:03d}",
                moment=start + timedelta(hours=7 * i, minutes=dice.randrange(60)),
                title=titles[item % len(titles)],
                quantity=dice.randint(1, 5),
            )
        )
    return Shop(tuple(rows))
