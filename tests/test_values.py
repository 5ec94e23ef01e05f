"""Values handed from room to room: nobody changes them, and each with arrays is equal to itself."""

from __future__ import annotations

import pkgutil
from dataclasses import fields, is_dataclass
from importlib import import_module

import pytest

import recommender

GROWING = {"_Collector", "_Parsed", "Life", "State"}
"""Filled step by step by whoever makes them, and handed to nobody."""


def values() -> list[type]:
    """Every dataclass of the package."""
    modules = [
        import_module(found.name)
        for found in pkgutil.walk_packages(recommender.__path__, "recommender.")
        if not found.name.endswith("__main__") and ".migrations." not in found.name
    ]
    return sorted(
        {
            kind
            for module in modules
            for kind in vars(module).values()
            if isinstance(kind, type)
            and is_dataclass(kind)
            and kind.__module__ == module.__name__
            and kind.__name__ not in GROWING
        },
        key=lambda kind: f"{kind.__module__}.{kind.__name__}",
    )


@pytest.mark.parametrize("kind", values(), ids=lambda kind: kind.__name__)
def test_a_value_is_frozen_and_with_arrays_it_is_equal_to_itself_alone(kind: type):
    arrays = ("np.ndarray", "Tensor", "csr_matrix", "DataFrame", "Network")
    holds = [one.name for one in fields(kind) if any(name in str(one.type) for name in arrays)]
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    if holds:
        # What compares arrays gives an array, and what hashes them cannot: no cache could keep it.
        assert kind.__eq__ is object.__eq__, holds
        assert kind.__hash__ is object.__hash__
