"""How fast and how large: one measurement a process, ours and the peer's."""
