"""What people say of recommendations and explanations, with exactly what they saw."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd
from sqlalchemy import select

from recommender.atomic import make_folder, new_file
from recommender.data.spreadsheets import unescaped
from recommender.said import StatedError
from recommender.workspace.places import LIKES, kind_of, place_of
from recommender.workspace.quotas import check_space
from recommender.workspace.schema import feedback as table
from recommender.workspace.store import next_number, reading, writing
from recommender.workspace.visitors import Visitor

About = Literal["recommendation", "explanation"]
REASONS: Final = ("helpful", "wrong", "unclear")
_SAME: Final = ["owner", "about", "run_fingerprint", "user_id", "item_id"]
_MOST_NOTE: Final = 2_000
_MOST_BYTES: Final = 64_000
"""What an opinion may take with the address and all that stood there: many times what it does."""
_OWN: Final = ("sequence", "bytes")
"""Columns that keep order and count, and say how much others say: they are shown to nobody."""


@dataclass(frozen=True)
class Opinion:
    """One thumb, up or down, and why."""

    about: About
    thumb: int
    """1 is up, -1 down, 0 taken back."""
    run: str
    """Name of the run."""
    run_fingerprint: str
    dataset: str
    """Name of the data set."""
    dataset_fingerprint: str
    user_id: str
    item_id: str
    state: str
    """The page's address: every setting of the view."""
    seen: dict[str, Any] = field(default_factory=dict)
    """What stood there: `as_of`, `rank`, `logit`, `top`, the strongest events by lens, and whether
    the page showed this product as what the customer did next (`answer`)."""
    reason: str = ""
    """One of REASONS, or empty."""
    note: str = ""

    def __post_init__(self) -> None:
        if self.thumb not in (-1, 0, 1) or self.about not in ("recommendation", "explanation"):
            raise StatedError(
                "there is no such opinion: {thumb} about {about}",
                thumb=self.thumb,
                about=self.about,
            )
        if self.reason and self.reason not in REASONS:
            raise StatedError(
                "there is no reason {reason!r}: choose {known}",
                reason=self.reason,
                known=", ".join(REASONS),
            )


def keep(opinion: Opinion, visitor: Visitor) -> str:
    """Keep an opinion; when this returns it is on disk.

    Raises StoreError, QuotaError if the visitor has no room, and ValueError if what the page shows
    is too much to be kept. What was said can be taken back though there is no room.
    """
    row = asdict(opinion) | {"note": opinion.note.strip()[:_MOST_NOTE]}
    row |= {"id": uuid.uuid4().hex, "owner": visitor.key, "created": time.time()}
    size = len(json.dumps(row))
    if size > _MOST_BYTES:
        raise StatedError(
            "an opinion on this page takes {n} bytes with all that it shows, and at most {most} "
            "are kept: take away some of what was edited or chosen",
            n=size,
            most=_MOST_BYTES,
        )
    if opinion.thumb:
        check_space(visitor, size)
    with writing() as connection:
        sequence = next_number(table.c.sequence, connection)
        connection.execute(table.insert().values(sequence=sequence, bytes=size, **row))
    return str(row["id"])


def opinions(visitor: Visitor) -> pd.DataFrame:
    """The newest opinion of each person about each thing, newest last; an administrator's are all.

    Newer is what was said later, whatever the clock said. Columns as in the store, `seen` as JSON;
    those taken back are left out. Raises StoreError.
    """
    columns = [column for column in table.columns if column.name not in _OWN]
    query = select(*columns).order_by(table.c.sequence)
    if not visitor.admin:
        query = query.where(table.c.owner == visitor.key)
    with reading() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    found = pd.DataFrame(rows, columns=[column.name for column in columns])
    found = found.drop_duplicates(_SAME, keep="last")
    found["seen"] = [json.dumps(seen, ensure_ascii=False) for seen in found["seen"]]
    return found[found["thumb"] != 0].reset_index(drop=True)


def opinion_of(
    visitor: Visitor, about: About, run_fingerprint: str, user_id: str, item_id: str
) -> tuple[int, str, str]:
    """Thumb, reason and note that the visitor gave last; 0 and empty if none. Raises StoreError."""
    query = (
        select(table.c.thumb, table.c.reason, table.c.note)
        .where(
            table.c.owner == visitor.key,
            table.c.about == about,
            table.c.run_fingerprint == run_fingerprint,
            table.c.user_id == user_id,
            table.c.item_id == item_id,
        )
        .order_by(table.c.sequence.desc())
        .limit(1)
    )
    with reading() as connection:
        row = connection.execute(query).first()
    return (row.thumb, row.reason, row.note) if row else (0, "", "")


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Counts by what it is about: `about`, `up`, `down`, and one column a reason."""
    rows = []
    for about in ("recommendation", "explanation"):
        those = found[found["about"] == about]
        counts = {reason: int((those["reason"] == reason).sum()) for reason in REASONS}
        up, down = int((those["thumb"] == 1).sum()), int((those["thumb"] == -1).sum())
        rows.append({"about": about, "up": up, "down": down, **counts})
    return pd.DataFrame(rows)


def likes(found: pd.DataFrame) -> pd.DataFrame:
    """Liked recommendations to learn from (`user_id`, `item_id`), the newest word on each pair.

    Those are left out where the page showed that the customer did just that next.
    """
    about = found[found["about"] == "recommendation"]
    newest = about.drop_duplicates(["user_id", "item_id"], keep="last")
    shown = newest["seen"].map(lambda seen: bool(json.loads(seen).get("answer")))
    return newest.loc[(newest["thumb"] == 1) & ~shown.astype(bool), ["user_id", "item_id"]]


def likes_for(folder: Path, visitor: Visitor) -> pd.DataFrame:
    """Likes of the visitor that were given on this very data: another's may have the same name."""
    place = folder / "dataset" if kind_of(folder) == "run" else folder
    told = json.loads((place / "schema.json").read_text(encoding="utf-8"))
    found = opinions(visitor)
    return likes(found[found["dataset_fingerprint"] == told["fingerprint"]])


def write_likes(found: pd.DataFrame, visitor: Visitor) -> Path:
    """Put likes into a file that a training reads, now and when it goes on later."""
    folder = place_of(visitor.key) / LIKES
    make_folder(folder)
    path = folder / f"{uuid.uuid4().hex}.parquet"
    with new_file(path) as new:
        found.to_parquet(new, index=False)
    return path


def read_feedback(path: Path) -> pd.DataFrame:
    """Likes from a file that `feedback export` or `write_likes` wrote (CSV or Parquet).

    Raises ValueError if it has no `user_id` and `item_id`.
    """
    if path.suffix == ".parquet":
        found = pd.read_parquet(path)
    else:
        found = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        found = found.map(unescaped)
    if not {"user_id", "item_id"} <= set(found.columns):
        raise StatedError(
            "{path} has no columns user_id and item_id: use `feedback export`", path=path
        )
    if "thumb" not in found:
        return found[["user_id", "item_id"]]
    return likes(found.assign(thumb=found["thumb"].astype(int)))
