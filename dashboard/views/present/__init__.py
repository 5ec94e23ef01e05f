"""The story for an audience."""
