"""The desk with its people, for the convention that looks at all of its routes."""

from __future__ import annotations

from tests.integration.conftest import cluster, demo_folder, make_database, migrated_file
from tests.integration.desk.conftest import desk, desk_database, filled_file, filled_template, make_desk, other_folder

__all__ = [
    "cluster",
    "demo_folder",
    "desk",
    "desk_database",
    "filled_file",
    "filled_template",
    "make_database",
    "make_desk",
    "migrated_file",
    "other_folder",
]
