"""Until when a data set is kept, and the runs that hold a copy of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Let an entry have an end; those of before have none."""
    op.add_column("entries", sa.Column("keep_until", sa.Double))
