"""What was removed when a customer was erased, what cannot be, and which runs to train anew.

A receipt names nobody: the customer stands in it by a pseudonym.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from recommender.atomic import make_folder, write_text
from recommender.said import Said
from recommender.workspace.audit import note
from recommender.workspace.places import RECEIPTS, home, place_of
from recommender.workspace.traces import Scope, Traces
from recommender.workspace.visitors import Visitor

FORMAT: Final = 1
Cannot = Literal[
    "weights", "measured", "sales", "notes", "drafts", "log", "late", "backups", "files",
    "memory", "model_provider", "disk",
]  # fmt: skip
CANNOT: Final[dict[Cannot, Said]] = {
    "weights": Said(
        "The weights of these runs were learned from all customers together, this one too: "
        "only training anew takes that out."
    ),
    "measured": Said(
        "The figures of these runs were measured with this customer among all; trust and "
        "lists are measured anew."
    ),
    "sales": Said(
        "Runs that score with a model from elsewhere may hold what this customer bought when, "
        "without a name: delete them, or score anew."
    ),
    "notes": Said("Notes of people name this customer: change them by hand."),
    "drafts": Said(
        "Something is being written that holds this customer: erase again when it is done."
    ),
    "log": Said(
        "Somebody read the library just now, so its log could not be emptied: erase again."
    ),
    "late": Said(
        "A training began meanwhile and has read the data: erase again when it has ended."
    ),
    "backups": Said(
        "Backups that were made before hold this customer: `erase` does the same to a "
        "backup's folder, and after a restore it has to be done again."
    ),
    "files": Said(
        "Files that were handed out, files that data are imported from, browsers' histories "
        "and the logs of a proxy are outside: the next import of the same files brings the "
        "customer back."
    ),
    "memory": Said(
        "A session that uploaded or scored this customer forgets it when its page is next "
        "drawn, or when it ends."
    ),
    "model_provider": Said("What was sent to a language model is with its provider."),
    "disk": Said("What a disk keeps of deleted files is the disk's: encrypt it."),
}
"""What stays, and what to do about it."""
_ALWAYS: Final[tuple[Cannot, ...]] = ("backups", "files", "memory", "model_provider", "disk")


@dataclass(frozen=True)
class Changed:
    """A data set or run that is without the customer now."""

    name: str
    kind: Literal["run", "dataset"]
    before: str
    """Fingerprint."""
    after: str
    events: int
    trained: bool = False
    """Whether its model was trained on the customer."""
    sales_unknown: bool = False
    """Whether what it holds of sales may be the customer's."""


@dataclass(frozen=True)
class Receipt:
    """What came of an erasing."""

    format: int
    id: str
    when: str
    """UTC."""
    by: str
    customer: str
    """A pseudonym: whoever has the id and the workspace's key can tell."""
    changed: tuple[Changed, ...]
    opinions: int
    addresses: int
    likes: int
    log_lines: int
    checkpoints: int
    not_changed: tuple[str, ...]
    """Data sets and runs that could not be changed, and why."""
    stays: tuple[Cannot, ...]
    what_stays: tuple[str, ...] = field(default=())

    @classmethod
    def of(
        cls,
        scope: Scope,
        mark: str,
        changed: list[Changed],
        removed: Traces,
        left: list[str],
        drafts: int,
        emptied: bool,
        late: list[str],
    ) -> Receipt:
        """The receipt of what was done now."""
        trained = any(one.trained for one in changed)
        some: dict[Cannot, bool] = {
            "weights": trained,
            "measured": trained,
            "sales": any(one.sales_unknown for one in changed),
            "notes": removed.notes > 0,
            "drafts": drafts > 0,
            "log": not emptied,
            "late": bool(late),
        }
        stays = (*(name for name, does in some.items() if does), *_ALWAYS)
        return cls(
            format=FORMAT,
            id=uuid.uuid4().hex,
            when=datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S"),
            by=scope.visitor.identity or scope.visitor.key,
            customer=mark,
            changed=tuple(changed),
            opinions=removed.opinions,
            addresses=removed.addresses,
            likes=removed.likes,
            log_lines=removed.log_lines,
            checkpoints=removed.checkpoints,
            not_changed=tuple(left),
            stays=stays,
            what_stays=tuple(CANNOT[name] for name in stays),
        )

    @property
    def retrain(self) -> tuple[str, ...]:
        """Runs whose weights have learned from the customer."""
        return tuple(one.name for one in self.changed if one.trained)

    @property
    def complete(self) -> bool:
        """Whether all was removed that can be."""
        return not self.not_changed and not {"drafts", "log", "late"} & set(self.stays)

    def as_json(self) -> str:
        """The file that is kept and handed out."""
        told = asdict(self) | {"complete": self.complete, "retrain": self.retrain}
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def keep_receipt(receipt: Receipt, visitor: Visitor) -> Path:
    """Put the receipt into the visitor's place, and the deed into the audit log."""
    folder = place_of(visitor.key) / RECEIPTS
    make_folder(folder)
    path = folder / f"{receipt.when[:10]}-{receipt.id}.json"
    write_text(path, receipt.as_json())
    note(visitor, "erase", path, receipt.customer)
    return path


def receipts(place: Path | None = None) -> dict[str, str]:
    """Pseudonyms of all who were erased in a workspace, by the ids of the receipts."""
    place = place or home()
    found = {}
    for path in [*place.glob(f"{RECEIPTS}/*.json"), *place.glob(f"people/*/{RECEIPTS}/*.json")]:
        told = json.loads(path.read_text(encoding="utf-8"))
        found[str(told["id"])] = str(told["customer"])
    return found
