"""The network, its training, its runs on disk, and what it recommends."""
