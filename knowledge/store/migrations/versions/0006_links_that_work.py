"""when somebody said that an address works although our program does not get it

Revision: 0006
Before: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("link_check") as batch_op:
        batch_op.add_column(sa.Column("seen_working_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("link_check") as batch_op:
        batch_op.drop_column("seen_working_at")
