"""Data."""


def show() -> None:
    """."""
