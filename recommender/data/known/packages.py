"""Where an installed package keeps its data files, found without importing it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from recommender.data.dataset import DatasetError


def package_folder(collection: str, package: str, install: str) -> Path:
    """The folder of the package that brings a collection along.

    Raises DatasetError, with the command that installs it, if it is not installed.
    """
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise DatasetError(
            "{collection} comes with a package that is not installed; install it with: {install}",
            collection=collection,
            install=install,
        )
    return Path(next(iter(spec.submodule_search_locations)))


def unreadable_package(package: str, error: Exception, install: str) -> DatasetError:
    """The error for data that is there and cannot be read."""
    return DatasetError(
        "the data in {package} cannot be read: {why}. Install it again: {install}",
        package=package,
        why=error,
        install=install,
    )
