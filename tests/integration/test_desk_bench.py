"""`newcomer bench desk` measures on real databases, and leaves them as they were."""

from __future__ import annotations

import json
import uuid

import pytest
from click.testing import CliRunner
from sqlalchemy import inspect

from bot.cli import main
from tests.integration.databases import Cluster, open_database

FORMATS = ("csv", "hsds", "hsds-json")
AT_THE_DESK = {
    "list.first", "list.again", "home.first", "home.again", "translations.first", "translations.again", "translations.after_publishing",
    "publish", "chat.read", "chat.index", "chat.names", "chat.seen", "chat.indexed", "chat.named",
}  # fmt: skip
WHAT = {f"{format}.{what}" for format in FORMATS for what in ("read", "plan", "apply", "autosave")} | AT_THE_DESK


def test_given_no_database_then_sqlite_is_measured() -> None:
    done = CliRunner().invoke(main, ["bench", "desk", "--services", "50", "--json"])
    assert done.exit_code == 0, done.output
    metrics = json.loads(done.stdout.splitlines()[-1])["metrics"]
    assert set(metrics) == {f"sqlite.{what}" for what in WHAT}
    assert all(one["unit"] == "seconds" and 0 < one["median"] <= one["p95"] for one in metrics.values())


@pytest.mark.postgres
def test_given_a_postgresql_database_then_it_is_measured_too_and_nothing_is_left_in_it(cluster: Cluster) -> None:
    url = cluster.create(f"bench_{uuid.uuid4().hex}")
    done = CliRunner().invoke(main, ["bench", "desk", "--services", "5", "--database-url", url])
    assert done.exit_code == 0, done.output
    told = {line.split()[0] for line in done.stdout.splitlines() if " median " in line}
    assert told == {f"{kind}.{what}" for kind in ("sqlite", "postgresql") for what in WHAT}
    database = open_database(url)
    assert inspect(database.engine).get_schema_names() == ["information_schema", "public"]
    assert inspect(database.engine).get_table_names() == []
    database.engine.dispose()


def test_given_a_database_that_is_not_postgresql_then_it_is_said() -> None:
    done = CliRunner().invoke(main, ["bench", "desk", "--services", "5", "--database-url", "sqlite:///x.db"])
    assert done.exit_code == 2 and "PostgreSQL" in done.stderr
