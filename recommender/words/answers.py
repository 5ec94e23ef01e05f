"""What was asked of a language model and what it answered, kept by content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from recommender.atomic import make_folder, new_file

MOST = 1000


@dataclass(frozen=True)
class Answer:
    """A model's text as it came, unchecked, and its cost in tokens."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0


class AnswerCache:
    """Answers by the SHA-256 of the question, in memory and, with a folder, on disk.

    What is kept is the model's own text: it is checked anew each time it is shown. In memory the
    newest `MOST` are kept.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._known: dict[str, Answer] = {}

    def get(self, question: Any) -> Answer | None:
        """The answer to this very question; None if it is not known or its file is damaged."""
        key = _key(question)
        if key not in self._known and self._folder is not None:
            try:
                kept = json.loads((self._folder / f"{key}.json").read_text(encoding="utf-8"))
                self._known[key] = Answer(str(kept["text"]), kept["tokens_in"], kept["tokens_out"])
            except (OSError, ValueError, KeyError, TypeError):
                return None
        return self._known.get(key)

    def put(self, question: Any, answer: Answer) -> None:
        """Keep it; a file appears whole or not at all."""
        key = _key(question)
        self._known[key] = answer
        while len(self._known) > MOST:
            self._known.pop(next(iter(self._known)))
        if self._folder is None:
            return
        make_folder(self._folder)
        with new_file(self._folder / f"{key}.json") as new:
            new.write_text(json.dumps(asdict(answer), ensure_ascii=False), encoding="utf-8")
            new.chmod(0o600)


def _key(question: Any) -> str:
    text = json.dumps(question, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
