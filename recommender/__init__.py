"""Recommendations by an attention model whose explanations can be checked."""

import os

# Threads that wait for one another must sleep, not spin: on a shared machine spinning made a
# training step ten times slower. Only heard if it is set before torch is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

__version__ = "0.1.0"
