"""Shapes are checked while tests run; one tiny trained network serves many tests."""

from __future__ import annotations

from jaxtyping import install_import_hook

with install_import_hook(
    ["recommender.metrics", "recommender.model", "recommender.explain"], "beartype.beartype"
):
    import recommender.explain
    import recommender.metrics
    import recommender.model  # noqa: F401
