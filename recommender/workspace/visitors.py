"""Who asks: without a login everybody is the operator, with one each has their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Visitor:
    """Somebody who uses the workspace."""

    key: str
    """What their data sets, runs, trainings and feedback are kept under; empty for the operator."""
    name: str
    """How pages call them; never written to a log."""
    admin: bool
    """Whether they see what belongs to others."""
    identity: str = field(default="", compare=False)
    """What the audit log calls them: `issuer#subject` of those who logged in."""

    def may_see(self, owner: str) -> bool:
        """Whether something of this owner is theirs to see and to change."""
        return self.admin or (bool(self.key) and owner == self.key)


OPERATOR: Final = Visitor("", "", admin=True, identity="operator on this machine")
"""Who works on the machine itself: the command line, and pages without a login."""
