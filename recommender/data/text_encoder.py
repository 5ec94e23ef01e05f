"""Texts as vectors of a pretrained sentence encoder, computed once and kept on disk.

sentence-transformers is an optional dependency: see `requirements-encoder.txt`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from jaxtyping import Float

from recommender.atomic import make_folder, new_file
from recommender.data.dataset import DatasetError

INSTALL: Final = "pip install -r requirements-encoder.txt"


def cache_folder() -> Path:
    """Where encoded texts are kept: `reclens/texts` in the user's cache folder."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "reclens" / "texts"


@dataclass(frozen=True)
class TextEncoder:
    """A sentence encoder: a folder that holds one, or a name on Hugging Face (`NAME@REVISION`)."""

    name: str
    cache: Path = field(default_factory=cache_folder)
    """Folder of the encoded texts, a `.npy` for each encoder and column."""

    @cached_property
    def identity(self) -> str:
        """What tells its vectors from another's: digest of the folder's files, or the hub name."""
        folder = Path(self.name)
        if not folder.is_dir():
            return self.name
        digest = hashlib.sha256()
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(f"\0{path.relative_to(folder)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:16]

    def vectors(self, texts: Sequence[str]) -> Float[np.ndarray, "text dim"]:
        """A row for each text, zero where it is blank.

        Raises DatasetError if the encoder is not installed, not there, or cannot be read.
        """
        different = sorted({text for text in texts if text})
        encoded = self._kept(different)
        table = np.zeros((len(texts), encoded.shape[1]), dtype=np.float32)
        row = {text: i for i, text in enumerate(different)}
        for i, text in enumerate(texts):
            if text:
                table[i] = encoded[row[text]]
        return table

    def _kept(self, texts: list[str]) -> Float[np.ndarray, "text dim"]:
        """The texts encoded, from the cache if they were before."""
        key = hashlib.sha256("\0".join([self.identity, *texts]).encode()).hexdigest()
        path = self.cache / f"{key}.npy"
        try:
            kept = np.load(path, allow_pickle=False)
            if kept.ndim == 2 and len(kept) == len(texts) and kept.dtype == np.float32:
                return kept
        except (OSError, ValueError, EOFError):
            pass  # not there, or damaged: encoded anew
        encoded = self._encoded(texts)
        _write(path, encoded)
        return encoded

    def _encoded(self, texts: list[str]) -> Float[np.ndarray, "text dim"]:
        model = self._loaded()
        encoded = model.encode(texts, batch_size=64, show_progress_bar=False) if texts else []
        return np.asarray(encoded, dtype=np.float32).reshape(len(texts), -1 if texts else 0)

    def _loaded(self) -> Any:
        looks_local = self.name.startswith((".", "/", "~")) or self.name.count("/") > 1
        if looks_local and not Path(self.name).is_dir():
            raise DatasetError(
                "there is no folder {folder} with a sentence encoder", folder=self.name
            )
        try:
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging
        except ImportError as error:
            raise DatasetError(
                "a text encoder needs the package sentence-transformers: {install}", install=INSTALL
            ) from error
        logging.disable_progress_bar()
        name, _, revision = self.name.partition("@")
        if Path(self.name).is_dir():
            name, revision = self.name, ""
        try:
            return SentenceTransformer(name, revision=revision or None)
        except Exception as error:  # whatever the many libraries below it raise
            why = (str(error) or type(error).__name__).splitlines()[0]
            raise DatasetError(
                "{name} cannot be used as a sentence encoder: {why}. Give a folder that "
                "SentenceTransformer.save wrote, or a name on Hugging Face",
                name=self.name,
                why=why,
            ) from error


def _write(path: Path, array: np.ndarray) -> None:
    """Write the array; the file appears whole or not at all."""
    make_folder(path.parent)
    with new_file(path) as new:
        np.save(new, array, allow_pickle=False)
