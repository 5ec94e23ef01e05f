"""What came of one kind of fault."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Row:
    """One line of the table."""

    fault: str
    tries: int = 0
    good: int = 0
    """Tries after which everything was as it must be."""
    told: str = ""
    """What the program said, or what was counted."""
    wrong: list[str] = field(default_factory=list)
    """What was not as it must be."""

    def note(self, problem: str) -> None:
        """Count one try; an empty problem is a good one."""
        self.tries += 1
        self.good += not problem
        if problem:
            self.wrong.append(problem)
