"""Data sets that are known by name, as installed packages bring them."""
