"""roles that wait until the owner of the account has accepted them, and the links for that

Revision: 0007
Before: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
_TOWN = "municipality_id"


def upgrade() -> None:
    op.create_table(
        "offered_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column(_TOWN, sa.String(length=80), nullable=False),
        sa.Column("organization_id", sa.String(length=160), nullable=True),
        sa.ForeignKeyConstraint(
            [_TOWN], ["municipality.id"], name=op.f("fk_offered_role_municipality_id_municipality"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_offered_role_user_id_user_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_role")),
        sa.UniqueConstraint("user_id", "role", _TOWN, "organization_id", name=op.f("uq_offered_role_user_id")),
    )
    op.create_table(
        "acceptance_link",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(_TOWN, sa.String(length=80), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            [_TOWN], ["municipality.id"], name=op.f("fk_acceptance_link_municipality_id_municipality"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_acceptance_link_user_id_user_account"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acceptance_link")),
    )
    for table in ("offered_role", "acceptance_link"):
        for column in ("user_id", _TOWN):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def downgrade() -> None:
    # What was never accepted is gone, and not in force.
    for table in ("acceptance_link", "offered_role"):
        for column in (_TOWN, "user_id"):
            op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
        op.drop_table(table)
