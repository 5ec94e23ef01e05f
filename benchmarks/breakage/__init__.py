"""Ways to break the workspace, for `faults.py`."""
